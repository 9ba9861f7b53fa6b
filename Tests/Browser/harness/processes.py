"""Child processes that end with the tests, even when those are killed."""

import os
import pwd
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(holds, what: str, seconds: float = 30):
    """Polls what lies in another process until it holds, and returns its value."""
    deadline = time.monotonic() + seconds
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {seconds:.0f} seconds still not: {what}")
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def server_user() -> str:
    """PostgreSQL refuses to run as root."""
    return "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name


def as_server_user(death_signal: str = "KILL") -> list[str]:
    if os.getuid() != 0:
        return ["setpriv", "--pdeathsig", death_signal, "--"]
    user = pwd.getpwnam("postgres")
    return [
        "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups", "--reset-env",
        "--pdeathsig", death_signal, "--",
    ]


def clean_environment(**more: str) -> dict[str, str]:
    """Nothing of the caller's PostgreSQL or PortalDesk, and no proxy between us and loopback."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "PORTALDESK_")) and not name.lower().endswith("_proxy") and "DATABASE_URL" not in name
    }
    return kept | {"LC_ALL": "C.UTF-8"} | more


class Child:
    """A process whose output goes to a file."""

    def __init__(self, argv: list, log: Path, env: dict[str, str] | None = None, wrapper: list[str] | None = None):
        self.log = log
        self.name = Path(argv[0]).name
        wrapper = ["setpriv", "--pdeathsig", "KILL", "--"] if wrapper is None else wrapper
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [*wrapper, *map(str, argv)], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=env or clean_environment(), cwd="/", start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def await_ready(self, ready, what: str, seconds: float = 60):
        def holds():
            if not self.running:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode} before: {what}\n{self.tail()}")
            return ready()

        try:
            return wait_until(holds, what, seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.tail()}") from None

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, asked: signal.Signals = signal.SIGTERM, seconds: float = 20):
        if not self.running:
            return
        self.process.send_signal(asked)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        """SIGKILL, as a power cut would: for tests of what is found afterwards."""
        self.process.kill()
        self.process.wait()
