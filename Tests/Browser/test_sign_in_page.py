"""The console answers, and its first page is fit for everybody."""

from harness.pages import check_accessibility, check_in_every_look, width_of


def test_healthz_and_readyz_answer_200(desk):
    assert desk.status("/healthz") == 200
    assert desk.status("/readyz") == 200


def test_the_sign_in_page_asks_for_login_and_password(page):
    page.goto("/sign-in")
    assert page.locator("input[name=login]").is_visible()
    assert page.locator("input[name=password][type=password]").is_visible()
    assert page.context.complaints == []


def test_the_sign_in_page_is_accessible_in_every_look(page):
    page.goto("/sign-in")
    check_in_every_look(page)


def test_the_sign_in_page_is_accessible_when_its_scripts_do_not_arrive(visitor):
    page = visitor.without_script_files().new_page()
    page.goto("/sign-in")
    check_accessibility(page)
    with width_of(page, 400):
        check_accessibility(page)


def test_the_sign_in_page_works_with_javascript_off(visitor):
    page = visitor.context(javascript=False).new_page()
    page.goto("/sign-in")
    page.fill("input[name=login]", "nobody")
    page.fill("input[name=password]", "not the password")
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    assert page.locator("input[name=login]").input_value() == "nobody"
    assert page.locator("input[name=password]").input_value() == ""
