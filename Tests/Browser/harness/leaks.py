"""Looks for a secret wherever an installation leaves traces."""

import re

from .desk import Desk
from .postgres import PROGRAMS, Cluster


def pattern(secret: str) -> re.Pattern:
    """The secret as it is written, also in groups or as the hexadecimal bytes of a dump; not inside a longer number."""
    grouped = r"[\s-]?".join(map(re.escape, secret))
    return re.compile(rf"(?<![\d.]){grouped}(?!\d)|{secret.encode().hex()}")


def in_texts(secret: str, texts: dict[str, str]) -> list[str]:
    """The names of those texts that hold it."""
    looks = pattern(secret)
    return [name for name, text in texts.items() if looks.search(text)]


def logs(desk: Desk, cluster: Cluster) -> dict[str, str]:
    """Everything that commands, console, worker and database have written."""
    files = [*(path for path in desk.folder.rglob("*") if path.is_file() and path != desk.keys), cluster.log]
    return {str(path): path.read_text(errors="replace") for path in files}


def dump(cluster: Cluster, database: str) -> str:
    """The whole database as text."""
    return cluster.run(
        PROGRAMS / "pg_dump", "-h", cluster.place, "-p", "5432", "-U", "postgres", "--inserts", "--data-only", database)
