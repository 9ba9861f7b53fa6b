"""bin/run, started from elsewhere on data of its own, as somebody does who has just cloned PortalDesk."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from harness.pages import Visitor
from harness.processes import ROOT, Child, clean_environment, free_port, listens, wait_until

PROGRAM = ROOT / "bin" / "run"
ROLES = {"helpdesk", "account_manager", "verifier", "privacy_officer", "scheduler", "auditor", "administrator"}


class Run:
    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.starts = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options) -> Child:
        self.starts += 1
        child = Child(
            [PROGRAM, "--port", self.port, "--data", self.folder, *options],
            self.folder.with_name(f"{self.folder.name}-{self.starts}.log"),
            wrapper=["setpriv", "--pdeathsig", "TERM", "--"],
        )
        child.await_ready(lambda: "Ctrl-C stops it." in child.log.read_text(), "PortalDesk is ready", seconds=900)
        return child

    def command(self, *arguments) -> str:
        words = " ".join(arguments)
        script = f'. "{self.folder}/environment" && "{ROOT}/.build/debug/portaldesk" {words}'
        return subprocess.run(
            ["sh", "-c", script], check=True, capture_output=True, text=True, cwd="/", env=clean_environment()).stdout

    def demo_staff(self) -> dict[str, dict]:
        return {line["role"]: line for line in json.loads(self.command("demo", "sign-ins", "--format", "json"))}

    def server_is_gone(self) -> bool:
        return not list(self.folder.rglob("postmaster.pid"))


def refused(*options) -> str:
    done = subprocess.run(
        [PROGRAM, *map(str, options)], capture_output=True, text=True, cwd="/", env=clean_environment(), timeout=300)
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def run():
    # PostgreSQL's user must be able to enter it, which pytest's own folders do not allow.
    folder = Path(tempfile.mkdtemp(prefix="portaldesk-run-", dir="/tmp"))
    folder.chmod(0o755)
    yield Run(folder)
    for path in folder.parent.glob(f"{folder.name}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture(scope="module")
def started(run):
    child = run.start()
    yield child
    child.stop(seconds=60)


def test_it_prints_the_address_and_answers_there(run, started):
    said = started.log.read_text()
    assert f"{run.url}/" in said
    for path in ("/healthz", "/readyz"):
        with urllib.request.urlopen(run.url + path) as answer:
            assert answer.status == 200


def test_every_sign_in_that_it_prints_works(run, started, browser):
    said = started.log.read_text()
    staff = run.demo_staff()
    assert staff.keys() == ROLES
    visitor = Visitor(browser, SimpleNamespace(url=run.url, demo_staff=lambda: staff))
    for role, entry in staff.items():
        assert entry["login"] in said and entry["password"] in said
        page = visitor.sign_in(role)
        assert page.locator("nav a").count() > 0, role
        page.context.close()


def test_a_second_one_says_what_is_in_its_way(run, started):
    assert f"Port {run.port} is taken" in refused("--port", run.port)
    said = refused("--port", free_port(), "--data", run.folder)
    assert "is using the data" in said and str(run.folder) in said


@pytest.mark.parametrize("options, words", [
    (("--port", "abc"), "'abc' is not a port"),
    (("--port", "70000"), "'70000' is not a port"),
    (("--port",), "--port needs a value"),
    (("--pot", "1"), "'--pot' is not an option"),
])
def test_a_wrong_option_is_named(options, words):
    assert words in refused(*options)


@pytest.mark.skipif(os.getuid() != 0, reason="only root's PostgreSQL runs as somebody else")
def test_data_that_its_server_cannot_enter_are_refused():
    with tempfile.TemporaryDirectory(prefix="portaldesk-run-", dir="/tmp") as folder:
        said = refused("--port", free_port(), "--data", f"{folder}/data")
        assert "cannot enter" in said and "give --data" in said


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_and_starts_again_on_the_same_data(run, started, asked):
    child = started if started.running else run.start()
    child.process.send_signal(asked)
    assert child.process.wait(60) == 0
    assert "Stopped." in child.log.read_text()
    assert not listens(run.port) and run.server_is_gone()
    again = run.start()
    assert "Loading the demo" not in again.log.read_text()
    with urllib.request.urlopen(run.url + "/readyz") as answer:
        assert answer.status == 200
    again.stop(seconds=60)
    wait_until(lambda: not listens(run.port), "the port is free")
