"""A form that is typed into saves itself, and outlives the session."""

NEXT = "form[data-autosave] button[value=next]"
NAME, ADDRESS = "[name='client.name']:not([type=hidden])", "[name='client.address']:not([type=hidden])"


def form(desk) -> str:
    return desk.sql("SELECT form::text FROM application ORDER BY id DESC LIMIT 1")


def test_what_is_typed_is_saved_on_leaving_the_field_and_outlives_the_session(walk, desk):
    manager = walk.visitor.sign_in("account_manager")
    application = walk.open_application(manager)
    walk.go(manager, f"{application}/form/client")
    manager.select_option("select[name='client.kind']", "company")
    with manager.expect_response(lambda r: r.request.headers.get("x-desk-autosave") == "1" and r.status == 200):
        manager.fill(NAME, "Łódzkie Zakłady Transportu")
        manager.press(NAME, "Tab")
    assert "Łódzkie Zakłady Transportu" in form(desk)

    desk.sql("DELETE FROM staff_session")
    manager.fill(ADDRESS, "ul. Piotrkowska 7, 90-001 Łódź")
    with manager.expect_response(lambda r: r.request.headers.get("x-desk-autosave") == "1" and r.status == 401):
        manager.locator(NEXT).first.click()
    way_in = manager.locator("[data-draft] a[href='/sign-in']")
    way_in.wait_for()
    assert "/form/client" in manager.url
    assert manager.input_value(ADDRESS) == "ul. Piotrkowska 7, 90-001 Łódź"
    assert "Piotrkowska" not in form(desk)

    with manager.context.expect_page() as opened:
        way_in.click()
    entry = walk.visitor.staff["account_manager"]
    walk.visitor.enter(opened.value, entry["login"], entry["password"], entry["totp"])
    walk.press(manager, NEXT)
    assert "ul. Piotrkowska 7, 90-001 Łódź" in form(desk)
    # The save without a session and the first one of the new session, refused with its token; Chromium tells of both.
    assert [line for line in manager.context.complaints if "401" not in line and "403" not in line] == []
