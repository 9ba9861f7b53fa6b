"""One private PostgreSQL for all browser tests; each module gets a clone of a migrated database."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from .processes import ROOT, Child, as_server_user, clean_environment, wait_until

PROGRAMS = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Logins:
    """The URLs of one database, by the role that signs in."""

    console: str
    worker: str
    owner: str
    backup: str
    superuser: str

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.console,
            "WORKER_DATABASE_URL": self.worker,
            "OWNER_DATABASE_URL": self.owner,
            "LISTEN_DATABASE_URL": self.worker,
            "BACKUP_DATABASE_URL": self.backup,
        }


class Cluster:
    """Sockets only, nothing synced to disk, gone with the tests."""

    def __init__(self):
        self.place = Path(tempfile.mkdtemp(prefix="portaldesk-browser-", dir="/tmp"))
        self.files = self.place / "data"
        self.numbers = count(1)
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.place, user.pw_uid, user.pw_gid)
        self.run(
            PROGRAMS / "initdb", "-D", self.files, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            "-A", "trust",
        )
        self.server = self.start()

    def start(self) -> Child:
        child = Child(
            [
                PROGRAMS / "postgres", "-D", self.files, "-F", "-c", "listen_addresses=", "-c", "port=5432",
                "-c", f"unix_socket_directories={self.place}", "-c", "max_connections=200",
                "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "log_min_error_statement=panic",
            ],
            self.log, wrapper=as_server_user("QUIT"),
        )
        child.await_ready(self.answers, "PostgreSQL answers")
        return child

    @property
    def log(self) -> Path:
        # Beside its files and not among them: they belong to PostgreSQL's user.
        return self.place.with_suffix(".log")

    def answers(self) -> bool:
        argv = [*as_server_user(), PROGRAMS / "pg_isready", "-q", "-h", self.place, "-p", "5432"]
        return subprocess.run(list(map(str, argv)), cwd="/", env=clean_environment()).returncode == 0

    def run(self, *argv, stdin: str = "") -> str:
        command = list(map(str, [*as_server_user(), *argv]))
        done = subprocess.run(command, input=stdin, text=True, capture_output=True, cwd="/", env=clean_environment())
        if done.returncode != 0:
            raise RuntimeError(f"{Path(argv[0]).name}: {done.stderr[-2000:]}")
        return done.stdout

    def sql(self, database: str, script: str) -> str:
        """Runs a script as superuser; rows come back as lines, columns parted by a bar."""
        return self.run(
            PROGRAMS / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.place, "-p", "5432",
            "-U", "postgres", "-d", database, "-f", "-", stdin=script,
        ).strip()

    def logins(self, database: str) -> Logins:
        def url(user: str) -> str:
            return f"postgresql://{user}@{str(self.place).replace('/', '%2F')}:5432/{database}"

        return Logins(
            url("portaldesk_console"), url("portaldesk_worker"), url("portaldesk_owner"),
            url("portaldesk_backup"), url("postgres"))

    def create(self, prefix: str, template: str | None = None) -> str:
        """A new database: a clone of the template, or empty with PortalDesk's roles."""
        name = f"{prefix}_{next(self.numbers)}"
        if template:
            self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
            # Rights on the database itself are not cloned.
        else:
            self.sql("postgres", f"CREATE DATABASE {name}")
        self.sql(name, (ROOT / "sql" / "roles.sql").read_text())
        return name

    def drop(self, name: str):
        self.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def crash(self):
        """SIGKILL to the server and all its processes, then a start from what lies on disk."""
        parent = self.server.process.pid
        family = [parent, *children(parent)]
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.server.process.wait()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), "PostgreSQL is gone")
        (self.files / "postmaster.pid").unlink(missing_ok=True)
        self.server = self.start()

    def stop(self):
        self.server.stop(signal.SIGINT)
        shutil.rmtree(self.place, ignore_errors=True)
        self.log.unlink(missing_ok=True)


def children(parent: int) -> list[int]:
    """The processes that one process has started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text()
            except OSError:
                continue
            if int(status.rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(entry.name))
    return found


__all__ = ["Cluster", "Logins"]
