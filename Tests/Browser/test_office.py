"""The way of a client who comes to the office: a questionnaire typed at the counter, a second person, activation on the
spot without a call or a company code, and an own password."""

import json
import re

import pytest
from harness.portals import FOLDER
from harness.processes import wait_until
from harness.walk import PortalAPI, Walk

pytestmark = pytest.mark.demo
PORTAL = "arval"
LOGIN = "nina.novaya@pochta.example"


def questionnaire(desk) -> dict[str, str]:
    """What a draft of the demo says, for another user."""
    form = json.loads(desk.sql(f"""SELECT a.form FROM application AS a JOIN portal AS p ON p.id = a.portal_id
        WHERE p.key = '{PORTAL}' AND a.state = 'submitted' AND a.form ->> 'users' = '1' ORDER BY a.id LIMIT 1""").splitlines()[0])
    return form | {"user.1.login": LOGIN, "user.1.email": LOGIN, "user.1.name": "Нина Новая"}


def choose_office(page):
    name = json.loads((FOLDER / f"{PORTAL}.json").read_text())["identity"]["name"]
    select = page.locator("form[action='/onboarding'] select")
    option = select.locator("option", has_text=name.split()[0]).first
    select.select_option(option.get_attribute("value"))


def fill(walk: Walk, page, form: dict[str, str]):
    """Each step with what the questionnaire says of its fields."""
    while "/form/" in page.url:
        step = page.url
        for name, value in form.items():
            field = page.locator(f"form[data-autosave] [name='{name}']:not([type=hidden])")
            if not field.count():
                continue
            if field.first.get_attribute("type") == "checkbox":
                field.first.set_checked(value == "1")
            elif field.first.get_attribute("type") == "radio":
                page.check(f"[name='{name}'][value='{value}']")
            elif page.locator(f"form[data-autosave] select[name='{name}']").count():
                field.select_option(value)
            else:
                field.fill(value)
        walk.press(page, "form[data-autosave] button[value=next]")
        assert page.url != step, page.inner_text("main")


def test_a_client_at_the_counter_leaves_with_an_account(desk, browser, visitor, tmp_path):
    walk = Walk(visitor, None)
    manager, verifier = visitor.sign_in("account_manager"), visitor.sign_in("verifier")
    walk.go(manager, "/onboarding")
    choose_office(manager)
    walk.press(manager, "form[action='/onboarding'] button.first")
    application = re.match(r"(/onboarding/[^/]+/\d+)", manager.url.removeprefix(desk.url)).group(1)
    assert f"/{PORTAL}/" in application
    from harness.paper import Sheet, scan

    paper = scan(browser, [Sheet("Анкета", [("Клиент", "ООО «Пример»")])], tmp_path / "anketa.pdf")
    walk.upload(manager, application, paper, pages=1)
    walk.go(manager, f"{application}/form/client")
    fill(walk, manager, questionnaire(desk))
    walk.submit(manager, application)
    walk.approve(verifier, application)

    walk.go(manager, application)
    seen = manager.locator("form[action$='/activation'] input[type=checkbox]")
    # The browser itself holds the form back until somebody has looked at the client's document.
    assert seen.get_attribute("required") is not None
    assert "/call" not in manager.inner_html("main")
    seen.check()
    walk.press(manager, "form[action$='/activation'] button.first")
    assert desk.sql(f"SELECT state FROM account WHERE login = '{LOGIN}'") == "invited"
    assert desk.sql(f"""SELECT count(*) FROM company_code AS c JOIN application AS a ON a.portal_id = c.portal_id
        AND a.id = c.application_id WHERE a.client_id IS NOT NULL AND a.kind = 'office'""") == "0"

    body = wait_until(
        lambda: desk.sql(f"SELECT body FROM inbox_message WHERE recipient = '{LOGIN}' ORDER BY id DESC LIMIT 1"),
        "the first code is in the client's mailbox")
    code = re.search(r"\b\d{8}\b", body).group()
    portal = PortalAPI(desk.url, f"pk_demo_{PORTAL}_not_secret", PORTAL)
    account = portal.first_sign_in(None, LOGIN, code)
    assert account["login"] == LOGIN
    assert desk.sql(f"SELECT state FROM account WHERE login = '{LOGIN}'") == "active"
    walk.go(manager, application)
    assert manager.locator("form[action$='/activation']").count() == 0
