"""A caller helped, in Chromium with a real SMS gateway: a new phone that the old one stops, a locked account, and a code
that never came."""

import re

import pytest
from harness.pages import check_accessibility, choose
from harness.portals import PORTAL
from harness.walk import OWN_PASSWORD, Paper, PortalAPI

NEW_PHONE = "+48601234999"


@pytest.fixture(scope="module")
def client(walk, browser, tmp_path_factory):
    """An active portal user, from the paper on; answers the portal's side, the account's path and the people."""
    paper = Paper()
    way = walk.whole_way(browser, tmp_path_factory.mktemp("paper"), paper)
    way.portal.first_sign_in(way.company_code, paper.login, way.code)
    helpdesk = way.people[3]
    walk.go(helpdesk, "/clients?q=wanda.zuk")
    account = helpdesk.locator(f"main a[href^='/accounts/{PORTAL}/']").first.get_attribute("href")
    path = re.match(rf"/accounts/{PORTAL}/\d+", account).group()
    walk.client = helpdesk.url.removeprefix(walk.desk.url)
    return Client(way.portal, path, way.company_code, paper.login, paper.users[0].phone)


class Client:
    def __init__(self, portal: PortalAPI, account: str, company_code: str, login: str, phone: str):
        self.portal, self.account, self.phone = portal, account, phone
        self.names = {"companyCode": company_code, "login": login}

    def sign_in(self, password: str) -> int:
        return self.portal.ask("POST", "/sessions", self.names | {"password": password})[0]


def at_the_desk(walk, role: str, language: str):
    page = walk.visitor.sign_in(role)
    choose(page, "language", language)
    return page


def verify_at_the_counter(walk, page, client):
    """From the account's page to the case and back."""
    walk.go(page, client.account)
    if page.locator("main a[href^='/identity/']").count() == 0:
        return
    walk.go(page, page.locator("main a[href^='/identity/']").first.get_attribute("href"))
    check_accessibility(page)
    page.check("input[name=channel][value=counter]")
    walk.press(page, "main form button.first")
    check_accessibility(page)
    walk.press(page, "button[name=result][value=right]")
    assert page.locator(f"main a.first[href='{client.account}']").count() == 1


def act(walk, page, client, word: str, **fields: str):
    walk.go(page, f"{client.account}/{word}")
    check_accessibility(page)
    for name, value in fields.items():
        field = page.locator(f"main form [name={name}]")
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)
    page.select_option("main form select[name=reason]", "caller")
    walk.press(page, "main form button.first, main form button.danger")


def newest(walk, receiver: str, count: int) -> str:
    """The text of that receiver's message number `count`, by the receiver's own ledger."""
    from harness.processes import wait_until

    found = lambda: [m.text for m in walk.kannel.messages() if m.receiver == receiver]
    return wait_until(lambda: found()[count - 1] if len(found()) >= count else None, f"message {count} to {receiver}")


@pytest.fixture
def waiting(walk):
    """Sets the wait after wrong sign-ins, in seconds, and the profile's own in the end."""

    def set_to(seconds: int):
        path = "'{callers,signInDelaySeconds}'"
        profile = f"jsonb_set(profile, {path}, '{seconds}')"
        walk.desk.sql(f"UPDATE portal SET profile = {profile}, version = version + 1 WHERE key = '{PORTAL}'")

    yield set_to
    set_to(2)


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize(("delay", "tries"), [(300, 2), (0, 5)], ids=["waiting", "locked"])
def test_a_waiting_or_locked_account_is_explained_and_unlocked(walk, client, waiting, language, delay, tries):
    waiting(delay)
    for _ in range(tries):
        assert client.sign_in("Zle-haslo-2026") == 401
    assert client.sign_in(OWN_PASSWORD) == 401
    helpdesk = at_the_desk(walk, "helpdesk", language)
    walk.go(helpdesk, walk.client)
    assert helpdesk.locator("#why").count() == 1
    check_accessibility(helpdesk)
    fitting = helpdesk.locator("#why a[href$='/unlock']")
    assert fitting.count() == 1
    verify_at_the_counter(walk, helpdesk, client)
    act(walk, helpdesk, client, "unlock")
    assert client.sign_in(OWN_PASSWORD) == 201
    check_accessibility(helpdesk)


@pytest.mark.parametrize("language", ["en", "hu"])
def test_a_new_phone_is_stopped_by_the_old_number(walk, client, language):
    before = len([m for m in walk.kannel.messages() if m.receiver == client.phone])
    helpdesk = at_the_desk(walk, "helpdesk", language)
    verify_at_the_counter(walk, helpdesk, client)
    act(walk, helpdesk, client, "contact", kind="phone", value=NEW_PHONE)
    assert helpdesk.locator("form[action$='/approval']").count() == 0
    verifier = at_the_desk(walk, "verifier", language)
    walk.go(verifier, client.account)
    check_accessibility(verifier)
    walk.press(verifier, "form[action$='/approval'] button")
    letter = newest(walk, client.phone, before + 1)
    token = re.search(r"https://\S+/stop/(\S+)", letter).group(1)
    assert client.portal.ask("POST", "/contact-changes/stop", {"token": token})[0] == 200
    assert client.portal.ask("POST", "/contact-changes/stop", {"token": token})[0] == 401
    walk.go(helpdesk, client.account)
    assert helpdesk.locator("form[action$='/stop']").count() == 0
    assert walk.desk.sql("SELECT DISTINCT state FROM contact_change") == "stopped"
    assert walk.desk.sql(f"SELECT count(*) FROM account WHERE phone = '{NEW_PHONE}'") == "0"
    check_accessibility(helpdesk)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_code_that_never_came_is_seen_with_its_receipt_and_sent_anew(walk, client, language):
    helpdesk = at_the_desk(walk, "helpdesk", language)
    walk.desk.sql("UPDATE account_code SET created_at = created_at - interval '1 hour'")
    before = len([m for m in walk.kannel.messages() if m.receiver == client.phone])
    verify_at_the_counter(walk, helpdesk, client)
    act(walk, helpdesk, client, "temporary_password")
    newest(walk, client.phone, before + 1)
    walk.go(helpdesk, walk.client)
    message = helpdesk.locator(f"#messages a[href^='/messaging/{PORTAL}/']").first.get_attribute("href")
    walk.go(helpdesk, message)
    assert "Kannel" in helpdesk.inner_text("main")
    check_accessibility(helpdesk)
    act(walk, helpdesk, client, "temporary_password")
    password = re.search(r"\b[CDFHJKMNPQRTVWXY3479]{10}\b", newest(walk, client.phone, before + 2)).group()
    status, session = client.portal.ask("POST", "/codes/redeem", client.names | {"code": password})
    assert (status, session.get("next")) == (201, "set_password")
    assert client.portal.ask("POST", "/codes/redeem", client.names | {"code": password})[0] == 401
    assert client.portal.ask("PUT", "/password", {"password": OWN_PASSWORD}, session["token"])[0] == 200
