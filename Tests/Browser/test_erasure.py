"""The erasure of a client with invoices that the law keeps: plan, second person, execution, certificate; and the whole
database searched for the person afterwards."""

import json
import re

import pytest
from harness import leaks
from harness.book import write
from harness.pages import Visitor, check_accessibility, check_in_every_look, choose
from harness.portals import PORTAL, profile_rows
from harness.walk import Walk

PHONE, EMAIL, NAME = "+48601777123", "wanda.zuk@poczta.example", "Wanda Żuk"
OFFICERS = {"planner": ("paula", "privacy_officer"), "approver": ("adam", "privacy_officer"),
            "helpdesk": ("hanna", "helpdesk")}


@pytest.fixture(scope="module")
def office(installation, browser, kannel, tmp_path_factory):
    """Two privacy officers, a helpdesk, and three clients with an ended contract each."""
    folder = tmp_path_factory.mktemp("erasure")
    ledger = folder / "ledger"
    installation.environment["PORTALDESK_LEDGER"] = str(ledger)
    installation.sql(profile_rows(PORTAL))
    installation.run("migrate")
    installation.serve()
    walk = Walk(Visitor(browser, installation), kannel)
    walk.ledger, walk.folder = ledger, folder
    for key, (login, role) in OFFICERS.items():
        walk.visitor.staff[key] = walk.add_staff(login, login.capitalize(), role)
    take_in(walk)
    return walk


def take_in(walk):
    rows = range(1, 4)
    contacts = [("phone", PHONE, "+4860155500{}"), ("email", EMAIL, "osoba{}@poczta.example")]
    files = [
        write(walk.folder / "clients.csv", [
            {"key": f"C{n}", "kind": "person", "name": NAME if n == 1 else f"Osoba {n}", "country": "PL",
             "language": "pl", "customer_number": f"KL-{n}", "address": f"ul. Cicha {n}, Łódź",
             "birth_date": f"1971-03-0{n}"} for n in rows]),
        write(walk.folder / "contacts.csv", [
            {"key": f"T{n}{kind}", "client": f"C{n}", "kind": kind, "value": first if n == 1 else other.format(n)}
            for n in rows for kind, first, other in contacts]),
        write(walk.folder / "contracts.csv", [
            {"key": f"K{n}", "client": f"C{n}", "number": f"LU/2019/{n}", "kind": "operating",
             "signed_on": "2019-01-10", "ended_on": "2024-06-30", "currency": "PLN"} for n in rows]),
        write(walk.folder / "invoices.csv", [
            {"key": f"F{n}", "client": f"C{n}", "contract": f"K{n}", "number": f"FV/{n}", "issued_on": "2024-06-01",
             "due_on": "2024-06-14", "amount_minor": 100, "currency": "PLN"} for n in rows]),
    ]
    walk.desk.run("import", "--portal", PORTAL, *files)


def number_of(walk, key: str) -> str:
    return walk.desk.sql(f"SELECT id FROM client WHERE external_key = '{key}'").strip()


def erase(walk, key: str, language: str, look=lambda page: None) -> tuple:
    """Everybody's part, each in a window of their own; answers the planner's page and the erasure's path."""
    path = f"/requests/{PORTAL}/erasures/{number_of(walk, key)}"
    planner, approver = walk.visitor.sign_in("planner"), walk.visitor.sign_in("approver")
    for page in (planner, approver):
        choose(page, "language", language)
    walk.go(planner, f"/clients/{PORTAL}/{number_of(walk, key)}")
    walk.press(planner, f"a[href='{path}']")
    look(planner)
    walk.press(planner, "form[action$='/plan'] button")
    assert planner.locator("form[action$='/approve']").count() == 0, "nobody approves their own plan"
    look(planner)
    walk.go(approver, path)
    approver.fill("input[name=number]", "KL-99")
    walk.press(approver, "form[action$='/approve'] button", status=422)
    assert approver.input_value("input[name=number]") == "KL-99"
    look(approver)
    approver.fill("input[name=number]", "KL-" + key[1:])
    walk.press(approver, "form[action$='/approve'] button")
    assert approver.locator("form[action$='/execute']").count() == 0, "nobody carries out what they approved"
    walk.go(planner, path)
    look(planner)
    walk.press(planner, "form[action$='/execute'] button")
    look(planner)
    return planner, path


@pytest.mark.parametrize(("key", "language", "title"), [
    ("C1", "pl", "Zaświadczenie o usunięciu danych"), ("C2", "hu", "Igazolás az adatok törléséről")])
def test_an_erasure_keeps_the_invoices_and_leaves_nothing_else(office, cluster, key, language, title):
    walk = office
    phone, email = walk.desk.sql(
        f"SELECT string_agg(k.value, ' ' ORDER BY k.kind DESC) FROM contact AS k JOIN client AS c ON c.id = k.client_id "
        f"WHERE c.external_key = '{key}'").split()
    before = leaks.dump(cluster, walk.desk.database)
    assert leaks.in_texts(phone, {"dump": before}) and leaks.in_texts(email, {"dump": before})
    planner, path = erase(walk, key, language)
    walk.press(planner, f"a[href='{path}/certificate']")
    assert planner.locator("h1").inner_text() == title
    assert "2029" in planner.inner_text("main"), "five years from the end of the contract's year"
    after = leaks.dump(cluster, walk.desk.database)
    for gone in (phone, phone.removeprefix("+"), email):
        assert leaks.in_texts(gone, {"dump": after}) == [], gone
    name = NAME if key == "C1" else "Osoba 2"
    holding = {re.match(r"INSERT INTO public\.(\w+)", line).group(1) for line in after.splitlines() if name in line}
    assert holding == {"client"}, "the voucher's name is what the plan kept"
    assert planner.context.complaints == []
    steps = [json.loads(line)["step"] for line in walk.ledger.read_text().splitlines()]
    assert steps[-2:] == ["begun", "done"]
    assert name not in walk.ledger.read_text()


def test_who_is_retained_by_law_is_shown_to_the_privacy_officer_alone(office):
    walk = office
    path = f"/clients/{PORTAL}/{number_of(walk, 'C1')}"
    helpdesk = walk.visitor.sign_in("helpdesk")
    answer = helpdesk.goto(path)
    assert answer.status == 403 and "31 December 2029" in helpdesk.inner_text("main")
    walk.go(helpdesk, "/clients?q=KL-1")
    assert helpdesk.locator(f"a[href='{path}']").count() == 0
    officer = walk.visitor.sign_in("planner")
    walk.go(officer, path)
    looks = walk.desk.sql("SELECT count(*) FROM audit_event WHERE action = 'client.retained_opened'").strip()
    assert int(looks) >= 1


def test_an_import_brings_nothing_back(office, cluster):
    walk = office
    take_in(walk)
    assert leaks.in_texts(PHONE, {"dump": leaks.dump(cluster, walk.desk.database)}) == []


def test_every_step_of_an_erasure_is_accessible(office):
    walk = office
    planner, path = erase(walk, "C3", "en", check_accessibility)
    check_in_every_look(planner)
    walk.go(planner, f"{path}/certificate")
    check_in_every_look(planner)


def test_a_hold_is_placed_and_released_without_javascript(office):
    walk = office
    walk.desk.sql(
        "INSERT INTO client (portal_id, kind, name, country, language, customer_number) "
        "SELECT id, 'person', 'Nowa', 'PL', 'pl', 'KL-77' FROM portal")
    client = walk.desk.sql("SELECT id FROM client WHERE customer_number = 'KL-77'").strip()
    officer = walk.visitor.sign_in("approver", javascript=False)
    path = f"/requests/{PORTAL}/erasures/{client}"
    walk.go(officer, path)
    officer.select_option("select[name=reason]", "dispute")
    officer.fill("input[name=review]", "2027-05-01")
    walk.press(officer, "form[action$='/holds'] button")
    walk.press(officer, "form[action$='/plan'] button")
    walk.press(officer, "form[action$='/release'] button")
    assert officer.locator("form[action$='/release']").count() == 0
    assert officer.locator(".flash.warn").count() == 1, "the plan is no longer what would be done"
