"""Asks for pages once each and writes what the console asked the database for them as scripts for pgbench, in the same
order and the same messages; and the requests as a script for wrk.

    trace.py BASE-URL COOKIE SERVER-LOG OUT-DIRECTORY NAME < PATHS
"""

import os
import sys
import time

from server_log import statements
from web import Browser


def settled_size(path):
    """The log's size once nobody writes to it any more."""
    size = -1
    while os.path.getsize(path) != size:
        size = os.path.getsize(path)
        time.sleep(0.02)
    return size


def script(sqls):
    lines = []
    for sql in sqls:
        # Several statements in one message stay in one: pgbench writes that with a backslash.
        opening, mark, rest = sql.partition("; SELECT ")
        if mark and opening.startswith("BEGIN"):
            sql = opening + " \\; SELECT " + rest
        lines.append(sql + "\n;\n")
    return "".join(lines)


def main(base, cookie, log, out, name):
    browser = Browser(base)
    browser.cookies = dict(pair.split("=", 1) for pair in cookie.split("; "))
    paths = [line.rstrip("\n") for line in sys.stdin if line.strip()]
    counts = []
    for number, path in enumerate(paths):
        start = settled_size(log)
        status, headers, _ = browser.get(path)
        if status not in (200, 303) or "/sign-in" in (headers["Location"] or ""):
            raise SystemExit(f"{path} answers {status}")
        settled_size(log)
        asked = [sql for _, sql in statements(log, start)]
        counts.append(len(asked))
        with open(f"{out}/{name}-{number:03d}.sql", "w", encoding="utf-8") as file:
            file.write(script(asked))
    with open(f"{out}/{name}.lua", "w", encoding="utf-8") as file:
        file.write(lua(paths, cookie))
    print(f"{len(paths)} requests of {name}: {min(counts)} to {max(counts)} messages to the database", file=sys.stderr)


def lua(paths, cookie):
    listed = ",\n".join("  [[" + path + "]]" for path in paths)
    return f"""local paths = {{
{listed}
}}
local requests = {{}}
local turn = 0
function init(args)
  for i, path in ipairs(paths) do
    requests[i] = wrk.format("GET", path, {{ ["Cookie"] = [[{cookie}]], ["Accept"] = "text/html" }})
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
"""


main(*sys.argv[1:])
