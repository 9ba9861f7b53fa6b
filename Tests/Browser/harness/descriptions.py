"""An API against its own OpenAPI description."""

import json
import subprocess
import sys
from pathlib import Path

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def check_conformance(description: dict, url: str, folder: Path, headers: dict[str, str] | None = None):
    """Schemathesis makes calls of every kind; no answer is a server's error or one that the description does not name."""
    file = folder / "description.json"
    file.write_text(json.dumps(description))
    given = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", str(file), "--url", url, "--checks", CHECKS, *given,
         "--max-examples", "25", "--phases", "examples,fuzzing", "--request-timeout", "20", "--seed", "7", "--no-color"],
        capture_output=True, text=True, cwd=folder, timeout=600)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
