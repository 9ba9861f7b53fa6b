"""Every page of the house for everybody: WCAG 2.2 AA as axe sees it, with the demo's data, light and dark, wide and narrow,
in four languages, and once more where no script file arrives."""

import re

import pytest
from harness.pages import (
    check_accessibility, check_answer, check_in_every_look, choose, violations, violations_in_every_look, violations_in_public,
    width_of)
from harness.tour import ROLES, Example, examples, linked, pattern

pytestmark = [pytest.mark.demo, pytest.mark.troubled]


@pytest.fixture(scope="module")
def reached(visitor) -> dict[str, dict[str, str]]:
    """The pages that each role comes to by links."""
    return {role: linked(visitor, role) for role in ROLES}


@pytest.fixture(scope="module")
def tour(desk, reached) -> dict[str, Example]:
    """The fullest example of each page, and one of each page by links that nobody thought of here."""
    known = examples(desk)
    patterns = {pattern(example.path) for example in known.values()}
    for role, paths in reached.items():
        for kind, path in paths.items():
            if kind not in patterns:
                patterns.add(kind)
                known[f"by links: {kind}"] = Example(role, path)
    return known


def test_the_pages_of_every_room_are_reached_by_links(reached):
    rooms = {kind.split("/")[1] for paths in reached.values() for kind in paths if kind}
    assert {"clients", "onboarding", "reminders", "operations", "messaging", "audit", "access", "portals", "accounts"} <= rooms


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_in_every_look(visitor, tour, role):
    """Theme and language are switched in place; a whole page comes back each time. Everything is told at once."""
    page = visitor.sign_in(role)
    found = []
    for name, example in tour.items():
        if example.role != role:
            continue
        if example.path.startswith("/public/"):
            found += violations_in_public(page, example.path)
            continue
        answer = page.goto(example.path)
        assert answer.status == 200, f"{name}: {example.path}: {answer.status}"
        found += [f"{name}: {violation}" for violation in violations_in_every_look(page)]
    choose(page, "language", "en")
    found += page.context.complaints
    page.context.close()
    assert not found, f"{len(found)} violations\n" + "\n".join(found[:30])


@pytest.fixture(scope="module")
def known_pages() -> set[str]:
    return set()


def content(page) -> str:
    """What the page shows, without what is new each time it is loaded."""
    return re.sub(r'value="[\w-]{20,}"', "", page.inner_html("main"))


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_reaches_is_accessible_to_it(visitor, reached, known_pages, role):
    """The same pages look different to others: with less to do, or more. Those that are alike are looked at once."""
    page = visitor.sign_in(role)
    found = []
    for path in reached[role].values():
        page.goto(path)
        shown = content(page)
        if shown in known_pages:
            continue
        known_pages.add(shown)
        found += [f"{path}: {violation}" for violation in violations(page)]
        with width_of(page, 400):
            found += [f"{path} 400px: {violation}" for violation in violations(page)]
    page.context.close()
    assert not found, f"{len(found)} violations\n" + "\n".join(found[:30])


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_when_script_files_do_not_arrive(visitor, tour, role):
    visitor.sign_in(role).context.close()
    context = visitor.without_script_files(state=visitor.sessions[role])
    page = context.new_page()
    found = []
    for name, example in tour.items():
        if example.role != role:
            continue
        if example.path.startswith("/public/"):
            found += violations_in_public(page, example.path)
            continue
        page.goto(example.path)
        for theme in ("light", "dark"):
            choose(page, "theme", theme)
            # What is narrow only has the same colours.
            for width in (1280, 400):
                with width_of(page, width):
                    found += [f"{name} {theme} {width}px: {violation}" for violation in violations(page, width == 1280)]
    context.close()
    assert not found, f"{len(found)} violations\n" + "\n".join(found[:30])


@pytest.mark.parametrize("path", ["/clients/ebok-millennium/999999", "/no-such-page", "/access/staff"])
def test_pages_of_errors_are_accessible(visitor, path):
    page = visitor.sign_in("helpdesk")
    assert page.goto(path).status in (403, 404)
    assert page.locator(".nav a").count() > 1
    check_in_every_look(page)
    choose(page, "language", "en")
    page.context.close()


class TestAnswers:
    """Pages that only a form answers: refusals with what was typed, and what is shown once."""

    def send(self, page, path: str, button: str, status: int, **fields: str):
        page.goto(path)
        for name, value in fields.items():
            page.fill(f"main [name='{name}']", value)
        page.locator("main form").evaluate_all("forms => forms.forEach(form => form.noValidate = true)")
        with page.expect_response(lambda r: r.request.is_navigation_request() and r.status not in (302, 303)) as answer:
            page.locator(button).first.click()
        page.wait_for_load_state("load")
        assert answer.value.status == status, f"{path}: {answer.value.status}\n{page.inner_text('main')}"
        check_answer(page, f"{path} answered {status}")

    @pytest.fixture
    def signed_in(self, visitor):
        pages = []

        def sign_in(role: str):
            pages.append(visitor.sign_in(role))
            return pages[-1]

        yield sign_in
        for page in pages:
            page.context.close()

    def test_signing_in(self, visitor):
        context = visitor.context()
        page = context.new_page()
        page.goto("/sign-in")
        check_in_every_look(page)
        choose(page, "language", "en")
        self.send(page, "/sign-in", "main form button.first", 422, login="nobody", password="not it at all, no")
        page.goto("/welcome/no-such-link")
        check_in_every_look(page)
        context.close()

    def test_a_new_member_of_staff(self, signed_in):
        page = signed_in("administrator")
        self.send(page, "/access/staff/new", "main form button.first", 422, login="ŻÓŁW", name="")
        page.goto("/access/staff/new")
        page.fill("main [name=login]", "a.new.one")
        page.fill("main [name=name]", "A New One")
        page.locator("main [name^='roles.']").first.check()
        page.locator("main form button.first").click()
        page.wait_for_load_state("load")
        check_answer(page, "the link")
        link = page.locator("main code").first.inner_text()
        other = page.context.browser.new_page(base_url=page.url.split("/access")[0])
        other.goto(link)
        check_in_every_look(other)
        choose(other, "language", "en")
        other.locator("main form button.first").click()
        other.close()

    def test_own_access(self, signed_in):
        page = signed_in("auditor")
        self.send(page, "/access/own", "form[action$='/password'] button", 422, password="wrong", new_password="short")
        self.send(page, "/access/own", "form[action$='/recovery-codes'] button", 422, code="000000")

    def test_recovery_codes(self, signed_in, visitor):
        page = signed_in("verifier")
        entry = visitor.staff["verifier"]
        code = visitor.authenticator(entry["totp"], entry["login"]).code()
        self.send(page, "/access/own", "form[action$='/recovery-codes'] button", 200, code=code)

    def test_portals(self, signed_in):
        page = signed_in("administrator")
        self.send(page, "/portals/new", "main form button.first", 422, key="UPPER", name="")
        self.send(page, "/portals/arval", "main form button.first", 422, codeMinutes="0", timeZone="Mars/Base")

    def test_providers(self, signed_in):
        page = signed_in("administrator")
        self.send(page, "/messaging/providers/arval/new?kind=smtp", "main form button.first", 422, name="", host="a b", port="x")

    def test_a_rule(self, signed_in, tour):
        page = signed_in("scheduler")
        page.goto(tour["rule"].path)
        field = page.locator("main form input[type=text]").last.get_attribute("name")
        self.send(page, tour["rule"].path, "main form button.first", 422, **{field: "never"})

    def test_a_revealed_client(self, signed_in, tour):
        page = signed_in("helpdesk")
        page.goto(tour["client"].path)
        page.locator("details.ask summary").first.click()
        check_accessibility(page)
        with page.expect_navigation():
            page.locator("details.ask button[name=purpose]").first.click()
        check_answer(page, "revealed")

    def test_a_step_with_what_is_wrong(self, signed_in, tour):
        page = signed_in("account_manager")
        path = tour["form, client"].path
        self.send(page, path, "form[data-autosave] button[value=next]", 422, **{"client.name": "", "client.number.pl_nip": "1"}
                  if page.goto(path) and page.locator("[name='client.number.pl_nip']").count() else {"client.name": ""})

    def test_an_uncertain_message(self, signed_in, tour):
        page = signed_in("helpdesk")
        page.goto(tour["message, uncertain"].path)
        self.send(page, tour["message, uncertain"].path, "form[action$='/decision'] button.first, form button.first", 422)
