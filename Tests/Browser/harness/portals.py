"""The portals that tests work at, as the profile files of the demo describe them."""

import json

from .processes import ROOT

PORTAL = "ebok-millennium"
FOLDER = ROOT / "sql" / "demo" / "portals"


def profile_rows(*keys: str) -> str:
    """SQL that puts these portals into a database of nothing but tables."""
    statements = []
    for key in keys:
        profile = json.loads((FOLDER / f"{key}.json").read_text())
        identity = profile["identity"]
        texts = [identity[name] for name in ("key", "name", "country", "timeZone", "currency")]
        languages = "{" + ",".join(identity["languages"]) + "}"
        values = ", ".join("'" + text.replace("'", "''") + "'" for text in [*texts, languages, json.dumps(profile["rules"])])
        statements.append(
            "INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) "
            f"SELECT coalesce(max(id), 0) + 1, {values} FROM portal;")
    return "\n".join(statements)
