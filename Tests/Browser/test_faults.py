"""Workers and PostgreSQL killed again and again while a day's reminders go out through real receivers.

Long, hence only in `bin/test faults`. The points are drawn from a seed, which PORTALDESK_FAULTS_SEED repeats.
"""

import os
import random
import signal
import time

import pytest
from harness.portals import PORTAL
from harness.processes import ROOT, wait_until
from test_reminders import Book, book, day, received, settled, states, visitor  # noqa: F401

pytestmark = [pytest.mark.faults, pytest.mark.desk_environment(
    PORTALDESK_LEASE_MS="1000", PORTALDESK_CONCURRENCY="8,messaging=4")]

JOBS = ("reminders.payments", "reminders.insurance")
SEED = int(os.environ.get("PORTALDESK_FAULTS_SEED", "20261121"))
WORKER_KILLS = int(os.environ.get("PORTALDESK_FAULTS_KILLS", "200"))
SERVER_KILLS = max(1, WORKER_KILLS // 10)


@pytest.fixture(scope="module")
def clients() -> int:
    return max(120, WORKER_KILLS * 20)


@pytest.fixture(scope="module")
def draw() -> random.Random:
    print(f"seed {SEED}")
    return random.Random(SEED)


@pytest.fixture(scope="module")
def planned(installation, book):  # noqa: F811
    """Everything planned and every letter written, nothing sent: a worker at work on each run is killed as soon as its
    plan stands, and one more writes what is left."""
    installation.sql(f"ALTER DATABASE {installation.database} SET synchronous_commit = on")
    pause(installation, "messaging")
    for job in JOBS:
        command = installation.start("jobs", "run", job, "--portal", PORTAL, "--on", book.day, "--root", ROOT)
        wait_until(lambda: started(installation, job), f"{job} is planned", 120)
        command.kill()
    writer = installation.work()
    wait_until(lambda: written(installation), "the letters are written", 600)
    writer.kill()
    resume(installation, "messaging")
    assert waits(installation) >= len(book.payments | book.expiries), "all of it is left to send"
    return book.payments | book.expiries


def pause(desk, queue: str):
    desk.sql(f"""INSERT INTO queue_pause (portal_id, queue, reason)
        SELECT id, '{queue}', 'until the letters are written' FROM portal""")


def resume(desk, queue: str):
    desk.sql(f"DELETE FROM queue_pause WHERE queue = '{queue}'")


def written(desk) -> bool:
    """Nothing planned waits for its letter, nor does a job that would write one."""
    return desk.sql("""SELECT NOT EXISTS (SELECT FROM job WHERE kind LIKE 'reminders.%')
        AND NOT EXISTS (SELECT FROM reminder WHERE state = 'planned')""") == "t"


def started(desk, job: str) -> bool:
    return desk.sql(f"""SELECT EXISTS (SELECT FROM reminder AS m JOIN run AS r
        ON r.portal_id = m.portal_id AND r.id = m.run_id WHERE r.schedule = '{job}')""") == "t"


def waits(desk) -> int:
    return int(desk.sql("SELECT count(*) FROM job WHERE state IN ('ready', 'waiting', 'leased')"))


def begins(desk, before: int):
    """Waits until the worker has attempted something, so that a kill meets it at work."""
    wait_until(lambda: attempts(desk) > before or not waits(desk), "an attempt", 30)


def attempts(desk) -> int:
    return int(desk.sql("SELECT count(*) FROM message_attempt"))


def check(desk, kannel, mail, book, due):  # noqa: F811
    held, known = received(kannel, mail, book), states(desk)
    uncertain = known.get("uncertain", set())
    assert [one for one, times in held.items() if times > 1] == [], "none twice"
    assert [one for one in due if held[one] == 0 and one not in uncertain] == [], "none lost"
    assert [one for one in held if one not in due] == [], "nothing to anybody else"
    assert all(held[one] == 1 for one in known["confirmed"]), "confirmed is delivered"
    print(f"{len(held)} delivered, {len(uncertain)} uncertain")


def test_workers_killed_at_seeded_points(installation, planned, book, kannel, mail, draw):  # noqa: F811
    kills = 0
    while kills < WORKER_KILLS and waits(installation):
        before = attempts(installation)
        worker = installation.work()
        begins(installation, before)
        time.sleep(draw.uniform(0, 0.06))
        worker.kill()
        kills += 1
    print(f"{kills} workers killed, {waits(installation)} jobs left")
    assert kills == WORKER_KILLS, "enough work for the kills"


def test_a_worker_that_is_cut_off_may_not_report(installation, planned, draw):
    """Stopped for longer than its lease, then let go: what another worker has taken over meanwhile is not its any more."""
    assert waits(installation), "something is left to send"
    frozen = installation.work()
    begins(installation, attempts(installation))
    frozen.process.send_signal(signal.SIGSTOP)
    heir = installation.work()
    time.sleep(2.5)
    frozen.process.send_signal(signal.SIGCONT)
    time.sleep(draw.uniform(0.5, 1.5))
    heir.kill()
    frozen.kill()


def test_postgresql_killed_under_a_worker(installation, cluster, planned, book, kannel, mail, draw):  # noqa: F811
    assert waits(installation), "something is left to send"
    worker = installation.work()
    for _ in range(SERVER_KILLS):
        time.sleep(draw.uniform(0.2, 0.8))
        cluster.crash()
        assert worker.running, worker.tail()
    wait_until(lambda: settled(installation), "everything settled", 600)
    worker.stop()
    check(installation, kannel, mail, book, planned)


def test_running_the_day_again_sends_nothing_twice(installation, planned, book, kannel, mail):  # noqa: F811
    worker = installation.work()
    for job in JOBS:
        installation.run("jobs", "run", job, "--portal", PORTAL, "--on", book.day)
    wait_until(lambda: settled(installation), "everything settled again", 120)
    worker.stop()
    check(installation, kannel, mail, book, planned)
