"""Reads PostgreSQL's log: one entry per message, its lines joined."""

import re

HEAD = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[(\d+)\] (\w+):  (.*)$", re.S)
PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")


def entries(path, offset=0):
    """(process, severity, text) from the byte offset on."""
    current = None
    with open(path, encoding="utf-8", errors="replace") as log:
        log.seek(offset)
        for line in log:
            head = HEAD.match(line.rstrip("\n"))
            if head:
                if current:
                    yield tuple(current)
                current = [int(head.group(1)), head.group(2), head.group(3)]
            elif current:
                current[2] += "\n" + line.rstrip("\n").removeprefix("\t")
    if current:
        yield tuple(current)


def statements(path, offset=0):
    """(process, SQL) of what log_statement = all noted, with the parameters put into the places where they belong."""
    pending = None
    for process, severity, text in entries(path, offset):
        if pending and severity == "DETAIL" and text.startswith("parameters: ") and process == pending[0]:
            values = {int(n): value for n, value in PARAMETER.findall(text)}
            sql = re.sub(r"\$(\d+)", lambda m: values.get(int(m.group(1)), m.group(0)), pending[1])
            yield process, sql
            pending = None
            continue
        if pending:
            yield pending
            pending = None
        if severity == "LOG":
            kind, _, sql = text.partition(": ")
            if kind == "statement" or kind.startswith("execute"):
                pending = (process, sql)
    if pending:
        yield pending


def durations(path, offset=0):
    """(process, phase, milliseconds, SQL) of what log_min_duration_statement = 0 noted."""
    line = re.compile(r"duration: ([\d.]+) ms  (\w+)[^:]*: (.*)", re.S)
    for process, severity, text in entries(path, offset):
        found = line.match(text) if severity == "LOG" else None
        if found:
            yield process, found.group(2), float(found.group(1)), found.group(3)
