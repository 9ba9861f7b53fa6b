"""What clients ask for, from the intake to the letter: three walks by their staff, in two languages, and one without script."""

from datetime import date, timedelta

import pytest
from harness.book import write
from harness.pages import Visitor, check_accessibility, check_in_every_look, choose, width_of
from harness.portals import PORTAL, profile_rows
from harness.processes import wait_until
from harness.walk import Walk

PEOPLE = {
    "helpdesk": ("anna", "Anna Wieczorek"),
    "account_manager": ("marek", "Marek Zieliński"),
    "privacy_officer": ("piotr", "Piotr Lis"),
    "administrator": ("joanna", "Joanna Dąbrowska"),
}
NAMES = ["Maria Kowalska", "Ewa Żuk", "Jan Wójcik", "Zofia Łęcka", "Adam Ćwik", "Irena Śliwa", "Lena Maj"]
TODAY = date.today()


class Office(Walk):
    """Staff at their requests; every step is a form or a link."""

    def client(self, number: int) -> int:
        return int(self.desk.sql(f"SELECT id FROM client WHERE external_key = 'C{number}'"))

    def take_in(self, page, number: int, kind: str, lane: str = "", **fields: str) -> str:
        """From the client's page by its link; answers the request's path."""
        self.go(page, f"/clients/{PORTAL}/{self.client(number)}")
        self.go(page, page.locator("#requests header a").get_attribute("href"))
        found = f"a[href*='kind={kind}']" + (f"[href*='lane={lane}']" if lane else "")
        self.go(page, page.locator(found).get_attribute("href"))
        self.fill_in(page, fields)
        self.press(page, "main form.card button.first")
        return page.url.removeprefix(self.desk.url)

    def fill_in(self, page, fields: dict):
        for name, value in fields.items():
            field = page.locator(f"main [name='{name}']").first
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def step(self, page, name: str, status: int = 200, **fields: str):
        """One step of a request by its own form."""
        form = page.locator(f"#step-{name}")
        if form.evaluate("node => node.tagName === 'DETAILS' && !node.open"):
            form.locator("summary").click()
        for field, value in fields.items():
            target = form.locator(f"[name='{field}']")
            if target.evaluate("node => node.tagName") == "SELECT":
                target.select_option(value)
            else:
                target.fill(value)
        button = f"#step-{name} form > p button:not([formaction])" if form.evaluate(
            "node => node.tagName") == "DETAILS" else f"#step-{name} button:not([formaction])"
        self.press(page, button, status)

    def state(self, request: str) -> str:
        return self.desk.sql(f"SELECT state FROM client_request WHERE id = {request.rsplit('/', 1)[1]}")

    def letters(self, request: str) -> list[str]:
        number = request.rsplit("/", 1)[1]
        return self.desk.sql(f"SELECT kind FROM request_letter WHERE request_id = {number} ORDER BY id").split("\n")

    def night(self):
        """The night's job, by the command line as an operator would."""
        self.desk.run("jobs", "run", "requests.nightly", "--portal", PORTAL)


@pytest.fixture(scope="module")
def office(installation, browser, kannel, tmp_path_factory):
    """People with a contract each; the odd ones owe something."""
    installation.sql(profile_rows(PORTAL))
    installation.run("migrate")
    installation.serve()
    wait_until(lambda: installation.sql("SELECT count(*) FROM schedule WHERE name = 'requests.nightly'") == "1", "schedules")
    office = Office(Visitor(browser, installation), kannel)
    for role, (login, name) in PEOPLE.items():
        office.visitor.staff[role] = office.add_staff(login, name, role)
    folder = tmp_path_factory.mktemp("book")
    rows = {"clients": [], "contacts": [], "contracts": [], "instalments": []}
    for number, name in enumerate(NAMES, 1):
        ended = TODAY - timedelta(30)
        rows["clients"].append(dict(
            key=f"C{number}", kind="person", name=name, country="PL", language="pl", address="ul. Długa 5, 90-001 Łódź"))
        rows["contacts"].append(dict(
            key=f"E{number}", client=f"C{number}", kind="email", value=f"osoba{number}@poczta.example", trusted="true"))
        rows["contracts"].append(dict(
            key=f"K{number}", client=f"C{number}", number=f"U/{number}", kind="loan", signed_on="2022-01-10",
            starts_on="2022-01-10", ends_on=str(ended), ended_on="" if number in (3, 4) else str(ended), currency="PLN"))
        rows["instalments"].append(dict(
            key=f"I{number}", contract=f"K{number}", kind="instalment", number=36, due_on=str(TODAY - timedelta(12)),
            amount_minor=184500, currency="PLN"))
    office.book = rows
    office.folder = folder
    installation.run("import", "--portal", PORTAL, *[write(folder / f"{name}.csv", lines) for name, lines in rows.items()])
    yield office


def pay(office, number: int):
    row = dict(key=f"Z{number}", instalment=f"I{number}", paid_on=str(TODAY), amount_minor=184500, currency="PLN")
    office.desk.run("import", "--portal", PORTAL, write(office.folder / "payments.csv", [row]))


def page_of(office, role: str, language: str, javascript: bool = True):
    if role not in office.visitor.sessions:
        office.visitor.sign_in(role).context.close()
    page = office.visitor.sign_in(role, javascript=javascript)
    if javascript:
        choose(page, "language", language)
    return page


def certificate(office, browser, name: str):
    """A paper with the new surname, as a scan."""
    path = office.folder / "certificate.pdf"
    page = browser.new_page()
    page.set_content(f"<h1>Odpis skrócony aktu małżeństwa</h1><p>{name}</p>")
    page.pdf(path=path, format="A5")
    page.close()
    return path


@pytest.mark.parametrize("number, language, javascript", [(1, "pl", True), (2, "hu", True), (6, "en", False)])
def test_a_surname_changes_with_a_certificate_while_in_arrears(office, browser, number, language, javascript):
    helpdesk = page_of(office, "helpdesk", language, javascript)
    new = f"{NAMES[number - 1].split()[0]} Nowak-{number}"
    request = office.take_in(helpdesk, number, "data_change", "record", **{
        "channel": "counter", "new.name": new, "statement": "Ślub"})
    office.step(helpdesk, "identity", method="document_at_counter")
    helpdesk.set_input_files("form[action$='/scans'] input[type=file]", certificate(office, browser, new))
    office.press(helpdesk, "form[action$='/scans'] button")
    image = helpdesk.locator("a[href*='/scans/']").first.get_attribute("href")
    assert helpdesk.request.get(image).body()[:2] == b"\xff\xd8"
    office.step(helpdesk, "propose", outcome="granted", reason="proven")
    officer = page_of(office, "privacy_officer", language, javascript)
    office.go(officer, request)
    assert NAMES[number - 1] in officer.inner_text("main") and new in officer.inner_text("main")
    office.step(officer, "decide", outcome="granted", reason="proven")
    assert officer.locator("#step-execute").count() == 0
    manager = page_of(office, "account_manager", language, javascript)
    office.go(manager, request)
    office.step(manager, "execute")
    assert office.state(request) == "verifying"
    assert office.letters(request) == ["receipt", "changed"]
    office.go(manager, f"/clients/{PORTAL}/{office.client(number)}")
    assert new in manager.inner_text("#pending-changes")
    office.night()
    wait_until(lambda: office.state(request) == "verifying", "still not in the main system")
    row = dict(office.book["clients"][number - 1], name=new)
    office.desk.run("import", "--portal", PORTAL, write(office.folder / "clients.csv", [row]))
    office.night()
    wait_until(lambda: office.state(request) == "closed", "the import confirms it")
    printed = manager.request.get(letter_print(office, manager, request))
    assert printed.body()[:5] == b"%PDF-"
    for page in (helpdesk, officer, manager):
        assert page.context.complaints == []
        page.context.close()


def letter_print(office, page, request: str) -> str:
    """The path of the newest letter's print, once the worker has made it."""
    number = request.rsplit("/", 1)[1]
    wait_until(
        lambda: office.desk.sql(f"SELECT count(*) FROM request_letter WHERE request_id = {number} AND printed IS NULL") == "0",
        "all letters are printed")
    office.go(page, request)
    return page.locator("a[href$='/print']").last.get_attribute("href")


@pytest.mark.parametrize("number, language", [(3, "pl"), (4, "ru")])
def test_a_contract_is_not_changed_while_in_arrears(office, number, language):
    helpdesk = page_of(office, "helpdesk", language)
    office.desk.sql(f"UPDATE contract SET ends_on = current_date + 300 WHERE external_key = 'K{number}'")
    contract = office.desk.sql(f"SELECT id FROM contract WHERE external_key = 'K{number}'")
    request = office.take_in(helpdesk, number, "data_change", "contract", **{
        "contract": contract, "new.garage_address": "ul. Nowa 1, 90-002 Łódź"})
    office.step(helpdesk, "identity", method="call_back")
    office.step(helpdesk, "propose", status=409, outcome="granted", reason="requirements_met", text="Prosi o zmianę")
    alert = helpdesk.inner_text("[role=alert]")
    assert f"U/{number} / 36" in alert and "1" in alert
    assert helpdesk.locator("#step-propose [name=text]").input_value() == "Prosi o zmianę"
    assert office.state(request) == "assessment"
    check_accessibility(helpdesk)
    office.step(helpdesk, "propose", outcome="refused", reason="obligations_open")
    officer = page_of(office, "privacy_officer", language)
    office.go(officer, request)
    officer.locator("#step-decide [name=text]").fill("Zaległa rata 36.")
    officer.locator("#step-decide [name=reason]").select_option("obligations_open")
    officer.locator("#step-decide button[formaction]").click()
    officer.locator("article.card").wait_for()
    assert "Zaległa rata 36." in officer.inner_text("article.card")
    check_accessibility(officer)
    office.go(officer, request)
    office.step(officer, "decide", outcome="refused", reason="obligations_open", text="Zaległa rata 36.")
    assert office.state(request) == "closed"
    assert office.letters(request) == ["receipt", "refusal"]
    for page in (helpdesk, officer):
        page.context.close()


def test_every_page_of_requests_is_accessible_in_every_look(office):
    page = page_of(office, "helpdesk", "en")
    request = office.take_in(page, 7, "complaint", statement="Portal nie działa")
    for path in ("/requests", request, f"/requests/{PORTAL}/new", f"/requests/{PORTAL}/new?kind=complaint"):
        office.go(page, path)
        check_in_every_look(page)
    number = office.desk.sql(f"SELECT min(id) FROM request_letter WHERE request_id = {request.rsplit('/', 1)[1]}")
    office.go(page, f"{request}/letters/{number}")
    check_in_every_look(page)
    with width_of(page, 400):
        check_accessibility(page, "a letter, narrow")
    office.go(page, request)
    office.step(page, "answer", text="Naprawione.")
    assert office.state(request) == "closed"
    page.context.close()


@pytest.mark.parametrize("number, language", [(5, "en"), (6, "pl")])
def test_a_deletion_is_blocked_paid_looked_at_again_cooled_off_and_confirmed(office, number, language):
    helpdesk = page_of(office, "helpdesk", language)
    request = office.take_in(helpdesk, number, "account_deletion", statement="Proszę zamknąć konto")
    office.step(helpdesk, "identity", method="call_back")
    assert f"U/{number} / 36" in helpdesk.inner_text("main")
    office.step(helpdesk, "block")
    assert office.state(request) == "blocked"
    office.night()
    office.go(helpdesk, request)
    office.step(helpdesk, "look")
    assert office.state(request) == "blocked"
    pay(office, number)
    office.night()
    wait_until(lambda: office.state(request) == "assessment", "nothing remains")
    office.go(helpdesk, request)
    office.step(helpdesk, "propose", outcome="granted", reason="requirements_met")
    officer = page_of(office, "privacy_officer", language)
    office.go(officer, request)
    office.step(officer, "decide", outcome="granted", reason="requirements_met")
    assert office.state(request) == "cooling_off"
    office.desk.sql(f"UPDATE client_request SET cooling_until = cooling_until - 8 WHERE id = {request.rsplit('/', 1)[1]}")
    office.night()
    wait_until(lambda: office.state(request) == "closed", "cooled off")
    assert office.letters(request) == ["receipt", "blocked", "cooling_off", "closed"]
    office.go(helpdesk, request)
    check_accessibility(helpdesk)
    for page in (helpdesk, officer):
        assert page.context.complaints == []
        page.context.close()
