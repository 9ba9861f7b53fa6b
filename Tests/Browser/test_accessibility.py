"""Every page of the house for everybody: WCAG 2.2 AA as axe sees it, light and dark, wide and narrow, in four languages."""

import re

import pytest
from harness.pages import check_accessibility, check_in_every_look, choose, violations, violations_in_public, width_of
from harness.walk import STAFF, Paper


def pattern(path: str) -> str:
    """The page behind a path: keys and questions left out."""
    return re.sub(r"/\d+", "/*", path.split("?")[0].removesuffix("/"))


@pytest.fixture(scope="module")
def way(walk, browser, tmp_path_factory):
    """One client taken in, one application that is still open; pages that only a form answers are looked at on the way."""
    looked_at: set[str] = set()

    def look(page):
        walk.visited.keep(page)
        path = pattern(page.url.removeprefix(walk.desk.url))
        if path not in looked_at:
            looked_at.add(path)
            check_accessibility(page, path)

    walk.seen = look
    way = walk.whole_way(browser, tmp_path_factory.mktemp("way"), Paper())
    walk.open_application(way.people[1])
    way.portal.first_sign_in(way.company_code, Paper().login, way.code)
    return way


@pytest.fixture(scope="module")
def pages(walk, way) -> dict[str, tuple[str, str]]:
    """Role and path of one example of each page that somebody can come to by links."""
    found: dict[str, tuple[str, str]] = {}
    for role, page in zip(STAFF, way.people):
        for path in walk.look_around(page, limit=200):
            found.setdefault(pattern(path), (role, path))
    return found


def test_the_pages_of_every_room_are_reached_by_links(pages):
    rooms = {name.split("/")[1] for name in pages if name}
    assert {"clients", "onboarding", "reminders", "operations", "messaging", "audit", "access", "portals", "accounts"} <= rooms


def test_every_page_is_accessible_in_every_look(walk, pages):
    """Theme and language are switched in place; a whole page comes back each time."""
    for role, path in pages.values():
        page = walk.visitor.sign_in(role)
        if path.startswith("/public/"):
            assert not (found := violations_in_public(page, path)), "\n".join(found[:20])
        else:
            page.goto(path)
            check_in_every_look(page)
        assert page.context.complaints == [], path
        page.context.close()


def test_every_page_is_accessible_when_script_files_do_not_arrive(walk, pages):
    for role, path in pages.values():
        context = walk.visitor.without_script_files(state=walk.visitor.sessions[role])
        page = context.new_page()
        if path.startswith("/public/"):
            assert not (found := violations_in_public(page, path)), "\n".join(found[:20])
            context.close()
            continue
        page.goto(path)
        for theme in ("light", "dark"):
            choose(page, "theme", theme)
            check_accessibility(page, f"{path} {theme} without script files")
            # What is narrow only has the same colours.
            with width_of(page, 400):
                assert not (found := violations(page, colours=False)), f"{path} {theme} 400px\n" + "\n".join(found[:20])
        context.close()


@pytest.mark.parametrize("path", ["/clients/ebok-millennium/999999", "/no-such-page"])
def test_pages_of_errors_are_accessible(walk, way, path):
    page = way.people[0]
    assert page.goto(path).status == 404
    check_in_every_look(page)
