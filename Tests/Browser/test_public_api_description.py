"""The public API against its own description, at a portal whose texts are published and at any other name."""

import json
import urllib.request

import pytest
from harness.descriptions import check_conformance
from harness.portals import PORTAL

pytestmark = pytest.mark.demo


def described(desk) -> dict:
    with urllib.request.urlopen(f"{desk.url}/api/public/{PORTAL}/v1/openapi.json") as answer:
        return json.load(answer)


def of_portal(description: dict, portal: str) -> dict:
    """The description with every call made at one portal."""
    text = json.dumps(description["paths"]).replace("{portal}", portal)
    description["paths"] = json.loads(text)
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [p for p in operation["parameters"] if p["name"] != "portal"]
    return description


def test_no_call_anywhere_is_answered_with_a_server_error_or_beyond_the_description(desk, tmp_path):
    check_conformance(described(desk), desk.url, tmp_path)


def test_no_call_at_a_portal_is_answered_with_a_server_error_or_beyond_the_description(desk, tmp_path):
    check_conformance(of_portal(described(desk), PORTAL), desk.url, tmp_path)


def test_texts_and_decisions_of_a_known_key_are_answered_as_described(desk, tmp_path):
    """Names that exist take the calls past the first refusal."""
    with urllib.request.urlopen(f"{desk.url}/api/public/{PORTAL}/v1/manifest") as answer:
        texts = json.load(answer)["texts"]
    with urllib.request.urlopen(f"{desk.url}/api/public/{PORTAL}/v1/banner-config") as answer:
        purpose = json.load(answer)["purposes"][0]
    description = of_portal(described(desk), PORTAL)
    named = {"{key}": texts[0]["key"], "{hash}": texts[0]["hash"]}
    for path in list(description["paths"]):
        for mark, value in named.items():
            if mark in path:
                operation = description["paths"].pop(path)
                operation["get"]["parameters"] = [p for p in operation["get"]["parameters"] if p["in"] != "path"]
                description["paths"][path.replace(mark, value)] = operation
    decision = description["components"]["schemas"]["Decisions"]["properties"]["decisions"]["items"]["properties"]
    decision["purpose"] = {"enum": [purpose["purpose"]]}
    decision["text"] = {"enum": [purpose["hash"]]}
    check_conformance(description, desk.url, tmp_path)
