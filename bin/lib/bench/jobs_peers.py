"""Drains jobs that do nothing with a peer from PyPI, and prints jobs a second.

    jobs_peers.py pgqueuer|procrastinate DATABASE-URL JOBS BATCH-OR-CONCURRENCY

The peer's own tables are made anew in the database given; filling them is not measured.
"""

import asyncio
import sys
import time


async def pgqueuer(url: str, jobs: int, batch: int) -> float:
    import asyncpg
    from pgqueuer.db import AsyncpgDriver
    from pgqueuer.qm import QueueManager
    from pgqueuer.queries import Queries
    from pgqueuer.types import QueueExecutionMode

    connection = await asyncpg.connect(url)
    driver = AsyncpgDriver(connection)
    queries = Queries(driver)
    await queries.install()
    for first in range(0, jobs, 1000):
        number = min(1000, jobs - first)
        await queries.enqueue(["nothing"] * number, [None] * number, [0] * number)
    manager = QueueManager(queries)

    @manager.entrypoint("nothing")
    async def nothing(job):
        pass

    start = time.monotonic()
    await manager.run(batch_size=batch, mode=QueueExecutionMode.drain)
    took = time.monotonic() - start
    await connection.close()
    return jobs / took


async def procrastinate(url: str, jobs: int, concurrency: int) -> float:
    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(conninfo=url))

    @app.task(name="nothing")
    async def nothing(n):
        pass

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for first in range(0, jobs, 1000):
            await nothing.batch_defer_async(*({"n": n} for n in range(first, min(first + 1000, jobs))))
        start = time.monotonic()
        await app.run_worker_async(wait=False, concurrency=concurrency, listen_notify=False, install_signal_handlers=False)
        return jobs / (time.monotonic() - start)


def main():
    peer, url, jobs, batch = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    run = {"pgqueuer": pgqueuer, "procrastinate": procrastinate}[peer]
    print(round(asyncio.run(run(url, jobs, batch)), 1))


main()
