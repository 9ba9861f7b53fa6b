"""The way from a signed paper to a portal user, step by step. Each step takes the page of whoever does it, and works the
same with JavaScript and without: links, forms and buttons only."""

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from .kannel import PASSWORD, USER, Kannel
from .pages import Visitor
from .paper import Sheet, scan
from .portals import PORTAL
from .smtp import MailServer

STAFF = {
    "administrator": ("joanna", "Joanna Dąbrowska"),
    "account_manager": ("marek", "Marek Zieliński"),
    "verifier": ("katalin", "Katalin Szűcs"),
    "helpdesk": ("anna", "Anna Wieczorek"),
    "scheduler": ("gabor", "Gábor Őri"),
    "auditor": ("olga", "Ольга Семёнова"),
}
OWN_PASSWORD = "Wierzba-nad-2-stawami"


@dataclass
class Person:
    login: str
    name: str
    phone: str
    email: str


@dataclass
class Paper:
    """What stands on the paper: a company, its numbers, who signed, and who shall use the portal."""

    client: str = "Przedsiębiorstwo „Żółta Łódź” Sp. z o.o."
    nip: str = "5261040828"
    regon: str = "000331501"
    krs: str = "0000028860"
    address: str = "ul. Świętojańska 12/4\n90-001 Łódź"
    phone: str = "+48426300112"
    email: str = "biuro@zolta-lodz.example"
    signatory: str = "Wanda Żuk"
    card: str = "ABA300000"
    signed: str = field(default_factory=lambda: (date.today() - timedelta(days=1)).isoformat())
    expiry: str = field(default_factory=lambda: (date.today() + timedelta(days=900)).isoformat())
    users: list[Person] = field(
        default_factory=lambda: [Person("wanda.zuk", "Wanda Żuk", "+48601234567", "wanda@zolta-lodz.example")])

    def sheets(self) -> list[Sheet]:
        user = self.users[0]
        return [
            Sheet("Wniosek o konfigurację użytkowników eBOK", [
                ("Klient", self.client), ("NIP", self.nip), ("REGON", self.regon), ("Adres", self.address),
                ("Telefon", self.phone),
            ]),
            Sheet("Użytkownicy", [
                ("Login", user.login), ("Imię i nazwisko", user.name), ("Telefon", user.phone), ("E-mail", user.email)]),
            Sheet("Podpisy", [
                ("Podpisano za klienta", self.signatory), ("Dowód osobisty", self.card),
                ("W obecności", "Marek Zieliński"), ("Miejsce i data", f"Łódź, {self.signed}"),
            ]),
        ]

    @property
    def login(self) -> str:
        return self.users[0].login

    def scanned(self, browser: Browser, folder: Path) -> Path:
        return scan(browser, self.sheets(), folder / "wniosek.pdf")


class Visited:
    """The HTML of every page that somebody saw on the way."""

    def __init__(self):
        self.pages: dict[str, str] = {}

    def keep(self, page: Page):
        self.add(page.url, page.content())

    def add(self, url: str, html: str):
        self.pages[url] = self.pages.get(url, "") + html


class Walk:
    """`seen` is called with every page that somebody comes to."""

    def __init__(self, visitor: Visitor, kannel: Kannel):
        self.visitor = visitor
        self.desk = visitor.desk
        self.kannel = kannel
        self.visited = Visited()
        self.seen = self.visited.keep

    # What everybody does

    def go(self, page: Page, path: str):
        answer = page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        self.seen(page)

    def press(self, page: Page, button: str, status: int = 200):
        """Presses a button that sends a form, and waits for the page that answers it."""
        with page.expect_navigation(wait_until="load") as answer:
            page.locator(button).first.click()
        assert answer.value.status == status, f"{page.url}: {answer.value.status}\n{page.inner_text('main')}"
        self.seen(page)

    # Who is there

    def add_staff(self, login: str, name: str, *roles: str) -> dict:
        """By the command line: the link it prints is opened in a browser, once."""
        arguments = [f"--role={role}" for role in roles]
        told = self.desk.run(
            "staff", "add", login, "--name", name, "--portal", PORTAL, *arguments, "--url", self.desk.url)
        context = self.visitor.context()
        page = context.new_page()
        page.goto(told.stdout.strip().splitlines()[-1])
        secret = page.locator("form code").inner_text().replace(" ", "")
        password = f"Hasło-{login}-nad-Wisłą"
        page.fill("input[name=password]", password)
        page.fill("input[name=password_again]", password)
        page.fill("input[name=code]", self.visitor.authenticator(secret, login).code())
        self.press(page, "main button.first")
        context.close()
        return {"login": login, "password": password, "totp": secret}

    # The administrator

    def make_portal_key(self, admin: Page) -> str:
        self.go(admin, f"/accounts/{PORTAL}/keys")
        admin.fill("input[name=name]", "Front end")
        self.press(admin, "main form button.first")
        return admin.locator("section[role=status] code").inner_text()

    def use_kannel(self, admin: Page):
        self.add_provider(admin, "kannel", name="Kannel", url=self.kannel.url, user=USER, secret=PASSWORD)

    def use_smtp(self, admin: Page, mail: MailServer):
        self.add_provider(
            admin, "smtp", {"encryption": "none"}, name="Poczta", host="127.0.0.1", port=str(mail.port))

    def add_provider(self, admin: Page, kind: str, choices: dict | None = None, **fields: str):
        self.go(admin, f"/messaging/providers/{PORTAL}/new?kind={kind}")
        for name, value in fields.items():
            admin.fill(f"main input[name={name}]", value)
        for name, value in (choices or {}).items():
            admin.select_option(f"main select[name={name}]", value)
        self.press(admin, "main form button.first")
        self.go(admin, "/messaging/providers")
        row = f"tr:has-text('{fields['name']}')"
        if admin.locator(f"{row} button").count():
            self.press(admin, f"{row} button")

    # The account manager

    def open_application(self, manager: Page) -> str:
        """Answers its path."""
        self.go(manager, "/onboarding")
        chosen = manager.locator("form[action='/onboarding'] select option", has_text="Millennium")
        manager.select_option("form[action='/onboarding'] select", chosen.first.get_attribute("value"))
        self.press(manager, "form[action='/onboarding'] button.first")
        return re.match(r"(/onboarding/[^/]+/\d+)", manager.url.removeprefix(self.desk.url)).group(1)

    def upload(self, manager: Page, application: str, scan: Path, pages: int):
        self.go(manager, f"{application}/form/client")
        manager.set_input_files("section.scan input[type=file]", scan)
        self.press(manager, "section.scan form[enctype] button")
        assert manager.locator(".thumbs img").count() == pages
        image = manager.locator("[data-sheet]").get_attribute("src")
        answer = manager.request.get(image)
        assert answer.status == 200 and answer.body()[:2] == b"\xff\xd8", image

    def fill(self, manager: Page, application: str, paper: Paper):
        """Every step of the form, each saved by its own button."""
        self.go(manager, f"{application}/form/client")
        self.answer(manager, {
            "client.kind": "company", "client.name": paper.client, "client.number.pl_nip": paper.nip,
            "client.number.pl_regon": paper.regon, "client.number.pl_krs": paper.krs, "client.address": paper.address,
            "client.country": "PL", "client.language": "pl", "client.phone": paper.phone, "client.email": paper.email,
        })
        assert manager.url.endswith("/form/signatories")
        self.answer(manager, {
            "signatory.1.name": paper.signatory, "signatory.1.paper": "card", "signatory.1.paper_number": paper.card,
            "signatory.1.paper_expiry": paper.expiry, "signatory.1.signs": "alone",
        })
        assert manager.url.endswith("/form/witness")
        self.answer(manager, {
            "witness.name": "Marek Zieliński", "witness.place": "Łódź", "witness.date": paper.signed,
            "witness.regulations": "2026-03",
        })
        assert manager.url.endswith("/form/users")
        for _ in paper.users[1:]:
            self.press(manager, "form[data-autosave] button[value='add.user']")
        for number, user in enumerate(paper.users, 1):
            self.type(manager, {
                f"user.{number}.login": user.login, f"user.{number}.name": user.name,
                f"user.{number}.phone": user.phone, f"user.{number}.email": user.email,
                f"user.{number}.right.contracts": True, f"user.{number}.right.invoices": True,
                f"user.{number}.right.insurance": False, f"user.{number}.right.requests": False,
                f"user.{number}.language": "pl", f"user.{number}.remind_days": "5",
                f"user.{number}.remind_by": "sms", f"user.{number}.sms_password": True,
            })
        self.press(manager, "form[data-autosave] button[value=next]")
        assert manager.url.endswith("/form/documents")
        for tick in manager.locator("form[data-autosave] input[type=checkbox]").all():
            tick.check()
        self.press(manager, "form[data-autosave] button[value=next]")
        assert manager.url == self.desk.url + application

    def type(self, page: Page, answers: dict[str, str | bool]):
        for name, value in answers.items():
            field = page.locator(f"main [name='{name}']:not([type=hidden])")
            if isinstance(value, bool):
                field.set_checked(value)
            elif page.locator(f"main select[name='{name}']").count():
                field.select_option(value)
            else:
                field.fill(value)

    def answer(self, page: Page, answers: dict[str, str | bool]):
        self.type(page, answers)
        self.press(page, "form[data-autosave] button[value=next]")

    def submit(self, manager: Page, application: str):
        self.go(manager, application)
        assert manager.locator("form[action$='/submission'] li").all_inner_texts() == []
        self.press(manager, "form[action$='/submission'] button.first")

    # The second person

    def approve(self, verifier: Page, application: str):
        self.go(verifier, "/onboarding")
        assert verifier.locator(f"a[href='{application}']").count() == 1
        self.go(verifier, application)
        self.press(verifier, "button[formaction$='/approval']")

    # The helpdesk

    def call(self, helpdesk: Page, application: str) -> str:
        """Takes the call, looks at the company code, says it to the client, and records that they are informed."""
        self.go(helpdesk, "/onboarding/calls")
        assert helpdesk.locator(f"main a[href^='{application}']").count() == 1
        self.go(helpdesk, f"{application}/call")
        assert helpdesk.locator("[data-code]").count() == 0
        self.press(helpdesk, "form[action$='/call/hold'] button")
        assert helpdesk.locator("[data-code]").count() == 0
        self.press(helpdesk, "form[action$='/call/code'] button")
        code = re.sub(r"\D", "", helpdesk.locator("[data-code]").inner_text())
        helpdesk.check("input[name=outcome][value=informed]")
        self.press(helpdesk, "form[action$='/call/outcome'] button.first")
        return code


    def whole_way(self, browser: Browser, folder: Path, paper: Paper, **options) -> "Outcome":
        """From the paper to the message with the code, everybody in a window of their own."""
        people = [self.visitor.sign_in(role, **options) for role in STAFF]
        admin, manager, verifier, helpdesk = people[:4]
        key = self.make_portal_key(admin)
        self.use_kannel(admin)
        application = self.open_application(manager)
        self.upload(manager, application, paper.scanned(browser, folder), pages=3)
        self.fill(manager, application, paper)
        self.submit(manager, application)
        self.approve(verifier, application)
        company_code = self.call(helpdesk, application)
        sms = self.kannel.await_message(paper.users[0].phone)
        code = re.search(r"\d{8}", sms.text).group()
        assert company_code not in sms.text
        return Outcome(people, application, company_code, code, PortalAPI(self.desk.url, key))

    # Afterwards

    def look_around(self, page: Page, limit: int = 60) -> list[str]:
        """Follows every link that this reader has, page by page, and answers the paths of the pages."""
        waiting, known = ["/"], {"/"}
        paths = []
        while waiting and len(paths) < limit:
            path = waiting.pop(0)
            answer = page.request.get(path)
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            html = answer.text()
            assert answer.status == 200, f"{path}: {answer.status}"
            self.visited.add(answer.url, html)
            paths.append(answer.url.removeprefix(self.desk.url))
            for link in re.findall(r'<a [^>]*href="(/[^"#]*)', html):
                link = link.replace("&amp;", "&")
                if link not in known and not link.startswith("/static/"):
                    known.add(link)
                    waiting.append(link)
        return paths


@dataclass
class Outcome:
    people: list[Page]
    application: str
    company_code: str
    code: str
    portal: "PortalAPI"


class PortalAPI:
    """The portal's front end: what its client does there."""

    def __init__(self, url: str, key: str, portal: str = PORTAL):
        self.url = f"{url}/api/portals/{portal}/v1"
        self.key = key

    def ask(self, method: str, path: str, body: dict | None = None, token: str | None = None) -> tuple[int, dict]:
        headers = {"X-Portal-Key": self.key, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def first_sign_in(self, company_code: str | None, login: str, code: str, password: str = OWN_PASSWORD):
        """With the one-use code, then with an own password; the code works once."""
        named = {"login": login} | ({"companyCode": company_code} if company_code else {})
        assert self.ask("POST", "/codes/redeem", named | {"code": "000000"})[0] == 401
        status, session = self.ask("POST", "/codes/redeem", named | {"code": code})
        assert (status, session.get("next")) == (201, "set_password"), session
        assert self.ask("POST", "/codes/redeem", named | {"code": code})[0] == 401
        status, problem = self.ask("PUT", "/password", {"password": "krotkie"}, session["token"])
        assert status == 422 and problem["error"]["lacks"], problem
        status, session = self.ask("PUT", "/password", {"password": password}, session["token"])
        assert status == 200 and "next" not in session, session
        assert self.ask("DELETE", "/session", token=session["token"])[0] == 200
        assert self.ask("GET", "/session", token=session["token"])[0] == 401
        assert self.ask("POST", "/sessions", named | {"password": "Inne-haslo-77"})[0] == 401
        status, session = self.ask("POST", "/sessions", named | {"password": password})
        assert status == 201 and "next" not in session, session
        return self.ask("GET", "/session", token=session["token"])[1]
