"""Prints the milliseconds that PostgreSQL spent on one statement: parsing, planning and running it, and the commit of
its transaction where it writes.

    plan_time.py SERVER-LOG OFFSET BEGINNING-OF-STATEMENT [NUMBER]
"""

import sys

from server_log import durations


def main(log, offset, beginning, number="1"):
    found = 0
    process = None
    committed = not beginning.startswith("INSERT")
    total = 0.0
    for who, phase, milliseconds, sql in durations(log, int(offset)):
        if process is None or process == who:
            if sql.lstrip().startswith(beginning):
                if phase in ("parse", "statement"):
                    found += 1
                if found == int(number):
                    process = who
                    total += milliseconds
            elif process == who and sql.strip().rstrip(";") == "COMMIT":
                total += milliseconds
                committed = True
                break
    if process is None or not committed:
        raise SystemExit(f"the server's log has no '{beginning}'")
    print(f"{total:.3f}")


main(*sys.argv[1:])
