"""The program's commands as somebody at a terminal, or a script, meets them: what they print and how they end."""

import json

import pytest
from harness.portals import FOLDER, PORTAL
from harness.processes import wait_until

CLIENTS = (
    "key;kind;name;country;language;customer_number;tax_number;address\n"
    'C-1;company;Łódzkie "Zakłady" Transportu;PL;pl;K-1;999-000-00-08;"ul. Długa 5; 90-001 Łódź"\n'
).replace('"Zakłady"', "Zakłady")


@pytest.fixture(scope="module")
def portal(installation):
    """The installation with one portal, added as the README says, and no process on it."""
    installation.run("portals", "add", FOLDER / f"{PORTAL}.json")
    return installation


@pytest.fixture
def file(tmp_path):
    def write(name: str, text: str | bytes):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def take(desk, *arguments, expect: int = 0) -> dict:
    return json.loads(desk.run("import", "--portal", PORTAL, "--format", "json", *arguments, expect=expect).stdout)


def test_a_portal_is_added_by_its_profile_once(portal):
    assert PORTAL in portal.run("portals", "list").stdout
    twice = portal.run("portals", "add", FOLDER / f"{PORTAL}.json", expect=1)
    assert "key:" in twice.stderr and "portaldesk:" in twice.stderr
    portal.run("portals", "add", FOLDER / f"{PORTAL}.json", "--key", "second", "--name", "Second")
    assert "second  Second" in portal.run("portals", "list").stdout
    assert "cannot be read" in portal.run("portals", "add", "/nowhere.json", expect=1).stderr


class TestImport:
    def test_a_dry_run_says_what_would_be_and_changes_nothing(self, portal, file):
        report = take(portal, "--dry-run", file("clients.csv", CLIENTS))
        assert report["applied"] is False and report["wrong"] == []
        assert [(f["file"], f["new"], f["wrong"]) for f in report["files"]] == [("clients.csv", 1, 0)]
        assert portal.sql("SELECT count(*) FROM client").strip() == "0"

    def test_a_file_is_taken_in_once_and_its_second_time_changes_nothing(self, portal, file):
        path = file("clients.csv", "\ufeff" + CLIENTS)
        first, second = take(portal, path), take(portal, path)
        assert first["applied"] and second["applied"]
        assert [(f["new"], f["changed"], f["same"]) for f in first["files"] + second["files"]] == [(1, 0, 0), (0, 0, 1)]
        assert portal.sql("SELECT name FROM client").strip() == "Łódzkie Zakłady Transportu"

    def test_wrong_rows_are_told_with_line_and_column_and_nothing_changes(self, portal, file):
        before = portal.sql("SELECT count(*) || ' ' || count(*) FILTER (WHERE name = 'New') FROM client")
        wrong = CLIENTS.replace("Łódzkie Zakłady Transportu", "New").replace("999-000-00-08", "999-000-00-09")
        report = take(portal, file("clients.csv", wrong), expect=1)
        assert report["applied"] is False
        assert [(w["file"], w["line"], w["column"]) for w in report["wrong"]] == [("clients.csv", 2, "tax_number")]
        text = portal.run("import", "--portal", PORTAL, file("clients.csv", wrong), expect=1).stdout
        assert "clients.csv:2 tax_number: " in text and "Nothing was changed" in text
        assert portal.sql("SELECT count(*) || ' ' || count(*) FILTER (WHERE name = 'New') FROM client") == before

    @pytest.mark.parametrize("text, reason", [
        (CLIENTS.encode("iso-8859-2"), "not_utf8"), (CLIENTS.replace(";language", ""), "missing_column"),
        (CLIENTS.replace("address", "adress"), "unknown_column"), ("", "no_header"),
    ], ids=["encoding", "missing column", "unknown column", "empty"])
    def test_a_file_that_is_none_is_told_why(self, portal, file, text, reason):
        report = take(portal, file("clients.csv", text), expect=1)
        assert reason in {wrong["reason"] for wrong in report["wrong"]}

    @pytest.mark.parametrize("arguments, status", [
        (["--portal", "nowhere", "clients.csv"], 64), (["--portal", PORTAL, "people.csv"], 64),
        (["--portal", PORTAL], 64), (["clients.csv"], 64), (["--portal", PORTAL, "contacts.csv"], 74),
    ], ids=["no such portal", "no such file kind", "no file", "no portal", "cannot be read"])
    def test_a_call_that_makes_no_sense_ends_with_its_own_status(self, portal, file, arguments, status):
        folder = file("clients.csv", CLIENTS).parent
        (folder / "people.csv").write_text("key\n")
        paths = [str(folder / a) if a.endswith(".csv") else a for a in arguments]
        assert portal.run("import", *paths, expect=status).stderr


class TestJobs:
    """No worker has ever started on this installation."""

    def test_a_dry_run_comes_before_any_worker(self, portal):
        told = portal.run("jobs", "run", "reminders.payments", "--portal", PORTAL, "--dry-run", "--format", "json")
        [report] = json.loads(told.stdout)
        assert (report["portal"], report["name"], report["recipients"]) == (PORTAL, "reminders.payments", [])
        assert portal.sql("SELECT count(*) FROM run").strip() == "0"

    def test_a_run_does_its_work_without_a_worker(self, portal):
        told = portal.run("jobs", "run", "reminders.payments", "--portal", PORTAL, "--format", "json")
        assert [run["state"] for run in json.loads(told.stdout)] == ["finished"]
        assert "reminders.insurance" in portal.run("jobs", "list").stdout
        assert "reminders.payments" in portal.run("jobs", "history", "--portal", PORTAL).stdout

    def test_refusals_are_words(self, portal):
        def told(*arguments, expect=1):
            return portal.run("jobs", *arguments, expect=expect).stderr

        assert "portaldesk: there is no schedule of this name" in told("run", "reminders.nothing")
        assert "is no day of the calendar" in told("run", "reminders.payments", "--on", "2026-02-31", expect=64)
        portal.run("jobs", "pause", "reminders.payments", "--portal", PORTAL, "--reason", "holidays")
        again = told("pause", "reminders.payments", "--portal", PORTAL, "--reason", "holidays")
        assert "portaldesk: the schedule is paused already" in again
        portal.run("jobs", "resume", "reminders.payments", "--portal", PORTAL)
        assert "portaldesk: the schedule is not paused" in told("resume", "reminders.payments", "--portal", PORTAL)


def test_a_portal_added_while_a_worker_runs_has_its_schedules_and_letters(portal):
    worker = portal.work()
    known = "SELECT count(*) FROM schedule WHERE portal_id = 1 AND present AND next_at IS NOT NULL"
    worker.await_ready(lambda: int(portal.sql(known)) > 0, "the first portal's schedules")
    portal.sql("""INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile)
        SELECT 90, 'late', 'Late', country, time_zone, currency, '{pl,hu}', profile FROM portal WHERE id = 1""")
    wait_until(
        lambda: portal.sql("""SELECT (SELECT count(*) FROM schedule WHERE portal_id = 90 AND next_at IS NOT NULL)
            = (SELECT count(*) FROM schedule WHERE portal_id = 1 AND present)
            AND (SELECT count(DISTINCT language) FROM template WHERE portal_id = 90) = 2""").strip() == "t",
        "schedules and letters of the late portal")
    worker.stop()
