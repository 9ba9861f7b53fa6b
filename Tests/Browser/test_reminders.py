"""From due date to reminder through a real mail server and a real SMS gateway, with a worker that is killed on the way."""

import json
from collections import Counter
from datetime import date, timedelta

import pytest
from harness.book import Book, Due, write
from harness.pages import Visitor
from harness.portals import PORTAL, profile_rows
from harness.processes import ROOT, wait_until
from harness.walk import Walk

pytestmark = pytest.mark.desk_environment(PORTALDESK_LEASE_MS="1500")

JOBS = ("reminders.payments", "reminders.insurance")
# So many messages a process may have in hand when it dies.
IN_HAND = 8

STATES = """
    SELECT coalesce(g.state, m.state), coalesce(a.remind_by, ''), coalesce(a.phone, ''), coalesce(a.email, ''),
        coalesce(p.number, k.number)
    FROM reminder AS m
    LEFT JOIN message AS g ON g.portal_id = m.portal_id AND g.id = m.message_id
    LEFT JOIN account AS a ON a.portal_id = m.portal_id AND a.id = m.account_id
    LEFT JOIN policy AS p ON m.subject_kind = 'policy' AND p.portal_id = m.portal_id AND p.id = m.subject_id
    LEFT JOIN instalment AS i ON m.subject_kind = 'instalment' AND i.portal_id = m.portal_id AND i.id = m.subject_id
    LEFT JOIN contract AS k ON k.portal_id = m.portal_id AND k.id = i.contract_id;
"""


@pytest.fixture(scope="module")
def day() -> date:
    return date.today() + timedelta(days=1)


@pytest.fixture(scope="module")
def clients() -> int:
    return 240


@pytest.fixture(scope="module")
def visitor(browser, installation):
    return Visitor(browser, installation)


@pytest.fixture(scope="module")
def book(installation, visitor, kannel, mail, day, clients, tmp_path_factory):
    """Providers, rules, the imported book, and accounts; no worker yet."""
    installation.sql(profile_rows(PORTAL))
    installation.run("migrate")
    installation.serve(with_worker=False)
    first = installation.work()
    wait_until(lambda: installation.sql("SELECT count(*) FROM schedule WHERE name LIKE 'reminders.%'") == "5", "schedules")
    first.stop()
    walk = Walk(visitor, kannel)
    for role in ("administrator", "scheduler"):
        visitor.staff[role] = walk.add_staff(role, role.capitalize(), role)
    admin = visitor.sign_in("administrator")
    walk.use_kannel(admin)
    walk.use_smtp(admin, mail)
    scheduler = visitor.sign_in("scheduler")
    walk.go(scheduler, "/reminders")
    rules = f"form[action='/reminders/{PORTAL}/rules'] button"
    if scheduler.locator(rules).count():
        walk.press(scheduler, rules)
    book = Book(day, clients)
    installation.run("import", "--portal", PORTAL, *book.write(tmp_path_factory.mktemp("book")))
    installation.sql(book.accounts_sql())
    return book


def states(desk) -> dict[str, set[Due]]:
    """What PortalDesk holds of each reminder, by where it or its message is."""
    found: dict[str, set[Due]] = {}
    for line in desk.sql(STATES).splitlines():
        state, by, phone, email, mark = line.split("|")
        found.setdefault(state, set()).add(Due(phone if by == "sms" else email, mark))
    return found


def received(kannel, mail, book) -> Counter:
    """What the receivers hold, each message by what it is about."""
    marks = [row["number"] for name in ("contracts", "policies") for row in book.rows[name]]
    texts = [(message.receiver, message.text) for message in kannel.messages()]
    texts += [(receiver, letter.text) for letter in mail.messages() for receiver in letter.receivers]
    held = Counter()
    for receiver, text in texts:
        about = [mark for mark in marks if mark in text]
        assert len(about) == 1, text
        held[Due(receiver, about[0])] += 1
    return held


def settled(desk) -> bool:
    """Nothing is under way; a minute's sweep for which no worker was there is skipped for good."""
    return not {"planned", "handed_over"} & set(states(desk)) and desk.sql(
        "SELECT count(*) FROM run WHERE state NOT IN ('finished', 'failed', 'skipped')") == "0"


def waits(desk, due: set[Due]) -> int:
    """How many of these are planned and not under way."""
    return len(states(desk).get("planned", set()) & due)


def test_a_dry_run_names_everybody_and_writes_nothing(installation, book):
    due = {"reminders.payments": book.payments, "reminders.insurance": book.expiries}
    for job, expected in due.items():
        arguments = ("--portal", PORTAL, "--on", book.day, "--dry-run", "--format", "json")
        (report,) = json.loads(installation.run("jobs", "run", job, *arguments).stdout)
        lines = [json.dumps(recipient, ensure_ascii=False) for recipient in report["recipients"]]
        assert len(lines) == len(expected)
        assert [one.mark for one in expected if not any(one.mark in line for line in lines)] == []
    assert states(installation) == {}


def test_a_killed_worker_loses_no_reminder_and_sends_none_twice(installation, book, kannel, mail, tmp_path):
    desk = installation
    paid: list[Due] = []
    renewed: list[Due] = []
    kills = (3, 5, 8, 6)
    for number, more in enumerate(kills):
        mail.hold_at(more)
        workers = [desk.work()]
        if number == 0:
            # What nobody else takes, these commands do themselves: they die as well.
            workers += [
                desk.start("jobs", "run", job, "--portal", PORTAL, "--on", book.day, "--root", ROOT) for job in JOBS]
        wait_until(lambda: mail.is_holding, "mail that waits for its answer")
        if number == 1:
            # What a killed command had in hand is planned when its lease is over.
            wait_until(lambda: waits(desk, book.payments) >= 6 and waits(desk, book.expiries) >= 4, "both jobs planned")
        for worker in workers:
            worker.kill()
        mail.release()
        waiting = states(desk)["planned"]
        assert waiting, "killed in the middle"
        if number == 1:
            paid = sorted(waiting & book.payments, key=str)[:6]
            renewed = sorted(waiting & book.expiries, key=str)[:4]
            desk.run("import", "--portal", PORTAL, book.payment_file(tmp_path, paid))
            marks = {due.mark for due in renewed}
            rows = [row | {"expires_on": row["expires_on"] + timedelta(365)}
                    for row in book.rows["policies"] if row["number"] in marks]
            desk.run("import", "--portal", PORTAL, write(tmp_path / "policies.csv", rows))
    desk.work()
    wait_until(lambda: settled(desk), "everything settled", seconds=120)
    for job in JOBS:
        desk.run("jobs", "run", job, "--portal", PORTAL, "--on", book.day)
    wait_until(lambda: settled(desk), "everything settled again", seconds=60)

    assert len(paid) == 6 and len(renewed) == 4
    held, known = received(kannel, mail, book), states(desk)
    uncertain = known.get("uncertain", set())
    due = (book.payments | book.expiries) - set(paid) - set(renewed)
    assert [d for d, times in held.items() if times > 1] == [], "none twice"
    assert [d for d in due if held[d] == 0 and d not in uncertain] == [], "none lost"
    assert [d for d in held if d not in due] == [], "nothing to anybody else, and none for what was paid meanwhile"
    assert uncertain <= due and len(uncertain) <= IN_HAND * (len(kills) + len(JOBS))
    assert known["cancelled"] == {*paid, *renewed}
    assert known["confirmed"] == due - uncertain
    assert all(held[d] == 1 for d in known["confirmed"])
