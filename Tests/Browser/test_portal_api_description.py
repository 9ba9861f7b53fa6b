"""The portal API against its own description: schemathesis makes calls of every kind, and no answer is a server's error or
one that the description does not name."""

import json
import urllib.request

import pytest
from harness.descriptions import check_conformance
from harness.portals import PORTAL
from harness.walk import OWN_PASSWORD, Paper

@pytest.fixture(scope="module")
def signed_in(walk, browser, tmp_path_factory):
    """The portal's key and the token of a client in a full session."""
    paper = Paper()
    way = walk.whole_way(browser, tmp_path_factory.mktemp("paper"), paper)
    way.portal.first_sign_in(way.company_code, paper.login, way.code)
    form = {"companyCode": way.company_code, "login": paper.login, "password": OWN_PASSWORD}
    status, session = way.portal.ask("POST", "/sessions", form)
    assert status == 201
    return way.portal, session["token"]


@pytest.mark.parametrize("with_session", [True, False])
def test_no_call_is_answered_with_a_server_error_or_beyond_the_description(signed_in, tmp_path, with_session):
    portal, token = signed_in
    with urllib.request.urlopen(f"{portal.url}/openapi.json") as answer:
        description = json.load(answer)
    # The session would end at the first try.
    del description["paths"]["/session"]["delete"]
    headers = {"X-Portal-Key": portal.key}
    if with_session:
        headers["Authorization"] = f"Bearer {token}"
    check_conformance(description, portal.url, tmp_path, headers)
