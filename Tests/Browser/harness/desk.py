"""The real portaldesk of the build: its commands, its console, its worker."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from itertools import count
from pathlib import Path

from .postgres import Logins
from .processes import ROOT, Child, clean_environment, free_port

PROGRAM = Path(os.environ.get("PORTALDESK_PROGRAM", ROOT / ".build" / "debug" / "portaldesk"))


class Desk:
    """One installation: a database, a keys file, and any number of processes on them.

    All that the processes write lies in `folder`, one file each, so that a test can look for what must not be there.
    """

    def __init__(self, folder: Path, logins: Logins, demo: bool = False, environment: dict[str, str] | None = None):
        self.folder = folder
        self.logins = logins
        self.keys = folder / "keys"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = clean_environment(
            PORTALDESK_KEYS=str(self.keys), PORTALDESK_DEMO="1" if demo else "0",
            **logins.environment(), **(environment or {}),
        )
        self.numbers = count(1)
        self.children: list[Child] = []

    def run(self, *arguments, stdin: str = "", expect: int | None = 0) -> subprocess.CompletedProcess:
        """One command to its end. Its output is kept in `folder` too."""
        done = subprocess.run(
            [str(PROGRAM), *map(str, arguments)], input=stdin, text=True, capture_output=True, cwd=ROOT,
            env=self.environment, timeout=600,
        )
        log = self.folder / f"{next(self.numbers):02}-{arguments[0]}.log"
        log.write_text(done.stdout + done.stderr)
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"portaldesk {' '.join(map(str, arguments))}: {done.returncode}\n{log.read_text()[-3000:]}")
        return done

    def start(self, *arguments) -> Child:
        log = self.folder / f"{next(self.numbers):02}-{arguments[0]}.log"
        child = Child([PROGRAM, *arguments], log, env=self.environment)
        self.children.append(child)
        return child

    def serve(self, with_worker: bool = True) -> Child:
        """The console on `url`; returns when it is ready."""
        worker = ["--with-worker"] if with_worker else []
        child = self.start("serve", *worker, "--host", "127.0.0.1", "--port", self.port, "--root", ROOT)
        child.await_ready(lambda: self.status("/readyz") == 200, "/readyz answers 200")
        return child

    def work(self) -> Child:
        """A worker of its own, to be killed."""
        return self.start("work", "--root", ROOT)

    def status(self, path: str) -> int:
        """The status of a plain GET; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def demo_staff(self) -> dict[str, dict]:
        """The demo sign-ins by role: login, password, totp (base32)."""
        listed = json.loads(self.run("demo", "sign-ins", "--format", "json").stdout)
        return {entry["role"]: entry for entry in listed}

    def written(self) -> str:
        """Everything that the long-running processes have written so far."""
        return "\n".join(child.log.read_text(errors="replace") for child in self.children)

    def stop(self):
        for child in self.children:
            child.stop()
