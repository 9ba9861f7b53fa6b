"""A backup that is restored after a day's reminders went out: nothing is sent twice, and nothing at all before somebody has
seen what the send journal knows and the database does not."""

import pytest
from harness.pages import check_accessibility
from harness.portals import PORTAL
from harness.processes import ROOT, wait_until
from harness.walk import Walk
from test_reminders import JOBS, book, day, received, settled, states, visitor  # noqa: F401

pytestmark = pytest.mark.desk_environment(PORTALDESK_LEASE_MS="1500")
PAGE = f"/operations/sending/{PORTAL}"


@pytest.fixture(scope="module")
def clients() -> int:
    return 90


@pytest.fixture(scope="module")
def journal(installation, cluster, tmp_path_factory):
    """The folder of the installation's journal; the role for backups may sign in."""
    folder = tmp_path_factory.mktemp("journal")
    installation.environment["PORTALDESK_JOURNAL"] = str(folder)
    cluster.sql("postgres", "ALTER ROLE portaldesk_backup LOGIN")
    yield folder
    cluster.sql("postgres", "ALTER ROLE portaldesk_backup NOLOGIN")


def lines(folder) -> list[str]:
    files = sorted(folder.glob("*.journal"))
    return [line for file in files for line in file.read_text().splitlines() if line.startswith(">")]


def run_day(desk, book):  # noqa: F811
    """To its end, and once more, which finds nothing to do."""
    wait_until(lambda: settled(desk), "everything settled", 120)
    for job in JOBS:
        desk.run("jobs", "run", job, "--portal", PORTAL, "--on", book.day)
    wait_until(lambda: settled(desk), "everything settled again", 60)


def test_a_backup_from_the_middle_of_the_day(installation, journal, book, mail, tmp_path_factory):  # noqa: F811
    """Some of the reminders are sent, some are under way, most are still to go."""
    mail.hold_at(6)
    working = [installation.work()] + [
        installation.start("jobs", "run", job, "--portal", PORTAL, "--on", book.day, "--root", ROOT) for job in JOBS]
    wait_until(lambda: mail.is_holding, "mail that waits for its answer")
    for process in working:
        process.kill()
    mail.release()
    folder = tmp_path_factory.mktemp("backups") / "noon"
    told = installation.run("backup", folder).stdout
    assert "The keys are not" in told
    assert "not empty" in installation.run("backup", folder, expect=1).stderr
    assert "no finished backup" in installation.run("restore", folder.parent, expect=1).stderr
    assert "must be empty" in installation.run("restore", folder, expect=1).stderr
    assert installation.keys.read_text().split()[1] not in (folder / "backup.json").read_text()
    installation.noon = folder
    installation.known = len(lines(journal))
    assert installation.known > 0 and states(installation)["planned"]


def test_the_rest_of_the_day_is_sent(installation, journal, book, kannel, mail):  # noqa: F811
    worker = installation.work()
    run_day(installation, book)
    worker.stop()
    due, held = book.payments | book.expiries, received(kannel, mail, book)
    uncertain = states(installation).get("uncertain", set())
    assert [one for one in due if held[one] == 0 and one not in uncertain] == []
    assert len(lines(journal)) > installation.known
    text = "".join(lines(journal))
    assert "@" not in text and "+48" not in text


def test_the_restored_database_sends_nothing(installation, cluster, journal, book, kannel, mail):  # noqa: F811
    before = received(kannel, mail, book)
    installation.stop()
    name = cluster.create("restored")
    installation.environment.update(cluster.logins(name).environment())
    told = installation.run("restore", installation.noon).stdout
    assert "Nothing is sent until it is marked" in told
    installation.database = name
    installation.sql = lambda script: cluster.sql(name, script)
    installation.run("migrate")
    assert "send journal: ok" in installation.run("check", expect=None).stdout
    installation.serve(with_worker=False)
    worker = installation.work()
    wait_until(lambda: installation.sql("SELECT count(*) FROM job WHERE kind LIKE 'reminders.%'") == "0", "letters")
    wait_until(lambda: installation.sql("SELECT count(*) FROM sending_fence WHERE marked_at IS NULL") == "1", "the fence")
    wait_until(lambda: installation.sql(
        "SELECT count(*) FROM job WHERE kind = 'messaging.send' AND state IN ('ready', 'leased')") == "0", "all wait")
    assert states(installation)["planned"]
    assert received(kannel, mail, book) == before
    worker.stop()


def test_the_page_lists_what_was_sent_since_and_marking_it_goes_on(
        installation, journal, book, kannel, mail, visitor):  # noqa: F811
    before = received(kannel, mail, book)
    walk = Walk(visitor, kannel)
    worker = installation.work()
    scheduler = visitor.sign_in("scheduler")
    walk.go(scheduler, "/operations/jobs")
    assert scheduler.locator(f"[role=alert] a[href='{PAGE}']").count() == 1
    walk.go(scheduler, PAGE)
    unknown = len(lines(journal)) - installation.known
    assert scheduler.locator("main input[name=seen]").get_attribute("value") == str(unknown)
    assert scheduler.locator("main tbody tr").count() == min(unknown, 50)
    check_accessibility(scheduler)
    scheduler.fill("main input[name=reason]", "Backup of noon after a disk failure")
    walk.press(scheduler, f"form[action='{PAGE}/resume'] button")
    assert scheduler.locator(f"form[action='{PAGE}/resume']").count() == 0
    run_day(installation, book)
    worker.stop()

    held, known = received(kannel, mail, book), states(installation)
    due = book.payments | book.expiries
    assert [one for one, times in held.items() if times > before[one]] == [], "nothing again"
    assert all(times == 1 for times in held.values()), "nothing twice"
    accounted = known.get("confirmed", set()) | known.get("uncertain", set()) | known.get("cancelled", set())
    assert [one for one in due if one not in accounted] == [], "everybody has a fate"
    assert installation.sql("SELECT count(*) FROM audit_event WHERE action = 'sending.resumed'") == "1"
    reasons = installation.sql(
        "SELECT DISTINCT reason FROM message WHERE state = 'cancelled' OR reason = 'journal' ORDER BY 1").splitlines()
    assert set(reasons) <= {"journal", "sent_before"} and reasons
