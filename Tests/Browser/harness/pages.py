"""Chromium's side: contexts, signing in, looks, and the check for accessibility."""

from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from .desk import Desk
from .totp import Authenticator

THEMES = ("light", "dark")
WIDTHS = (1280, 400)
LANGUAGES = ("en", "pl", "hu", "ru")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What depends on the theme and not on the words; four fifths of the time of a full page.
COLOURS = {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": False}}


class Visitor:
    """Opens pages of one desk. Staff sign in once; further contexts go on with the same session."""

    def __init__(self, browser: Browser, desk: Desk):
        self.browser = browser
        self.desk = desk
        self.staff: dict[str, dict] = {}
        self.phones: dict[str, Authenticator] = {}
        self.sessions: dict[str, dict] = {}

    def context(self, width: int = 1280, javascript: bool = True, state: dict | None = None) -> BrowserContext:
        """A window of its own. What its pages' scripts throw or log as an error is in `complaints`."""
        context = self.browser.new_context(
            base_url=self.desk.url, viewport={"width": width, "height": 900}, locale="en-GB",
            java_script_enabled=javascript, storage_state=state, reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        context.complaints = []
        context.on("weberror", lambda error: context.complaints.append(str(error.error)))
        context.on("console", lambda line: line.type == "error" and context.complaints.append(line.text))
        return context

    def without_script_files(self, **options) -> BrowserContext:
        """JavaScript is on and none of it arrives, as behind a strict proxy."""
        context = self.context(**options)
        context.route("**/*", lambda route: route.abort() if route.request.resource_type == "script" else route.continue_())
        return context

    def sign_in(self, role: str, **options) -> Page:
        """A page signed in as the demo member of staff of that role, at the first page that role sees."""
        if not self.staff:
            self.staff = self.desk.demo_staff()
        if role in self.sessions:
            page = self.context(state=self.sessions[role], **options).new_page()
            page.goto("/")
            if "/sign-in" not in page.url:
                return page
            # Nobody was here for a quarter of an hour.
            page.context.close()
        entry = self.staff[role]
        page = self.context(**options).new_page()
        self.enter(page, entry["login"], entry["password"], entry["totp"])
        self.sessions[role] = page.context.storage_state()
        return page

    def authenticator(self, secret: str, login: str = "") -> Authenticator:
        """Everybody's own, though the demo's staff share a secret."""
        return self.phones.setdefault(login + secret, Authenticator(secret))

    def enter(self, page: Page, login: str, password: str, secret: str):
        """Both steps of the sign-in page."""
        phone = self.authenticator(secret, login)
        page.goto("/sign-in")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.locator("input[name=code]").or_(page.locator("[role=alert]")).wait_for()
        assert "/sign-in/code" in page.url, page.inner_text("main")
        page.fill("input[name=code]", phone.code())
        page.press("input[name=code]", "Enter")
        page.locator(".nav").or_(page.locator("[role=alert]")).wait_for()
        assert "/sign-in" not in page.url, page.inner_text("main")


def choose(page: Page, name: str, value: str):
    """Switches theme or language in place by the page's own control: a button, a radio button or a list's entry."""
    control = page.locator(f"button[name={name}][value='{value}'], input[name={name}][value='{value}']").first
    if control.count():
        control.click()
    else:
        page.locator(f"select[name={name}]").first.select_option(value)
    expected = f"html[lang='{value}']" if name == "language" else f"html[data-theme='{value}']"
    page.wait_for_selector(expected, state="attached")
    # Without scripts it is another page, which has its root before it has its styles.
    page.wait_for_load_state("load")


@contextmanager
def width_of(page: Page, width: int):
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": before["height"]})
    yield
    page.set_viewport_size(before)


def violations(page: Page, colours: bool = True) -> list[str]:
    """What axe sees against WCAG 2.2 AA, and by how much the page is wider than its window."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    found, wider = page.evaluate("""async ([tags, rules]) => {
        const run = await axe.run({runOnly: {type: "tag", values: tags}, rules, resultTypes: ["violations"]})
        const found = run.violations.flatMap(violation => violation.nodes.map(node =>
            `${violation.id} (${violation.impact}): ${node.html.slice(0, 200)}\\n    ${node.failureSummary}`))
        return [found, document.documentElement.scrollWidth - document.documentElement.clientWidth]
    }""", [RULES, {} if colours else COLOURS])
    return found + ([f"the page is {wider} px wider than its window"] if wider > 0 else [])


def check_accessibility(page: Page, where: str = ""):
    found = violations(page)
    assert not found, f"{where or page.url}: {len(found)} violations\n" + "\n".join(found[:20])


def check_in_every_look(page: Page):
    """The page as it stands, in every language, theme and width, switched in place."""
    assert not (found := violations_in_every_look(page)), "\n".join(found[:20])


def violations_in_every_look(page: Page) -> list[str]:
    """In the first language every theme in every width. Another language makes words longer and leaves colours as they
    are: there each width is looked at in one theme, for all but colours."""
    found = []
    for language in LANGUAGES:
        choose(page, "language", language)
        is_first = language == LANGUAGES[0]
        for theme in THEMES if is_first else THEMES[-1:]:
            choose(page, "theme", theme)
            for width in WIDTHS:
                with width_of(page, width):
                    where = f"{page.url} {language} {theme} {width}px: "
                    found += [where + violation for violation in violations(page, colours=is_first)]
    return found


def violations_in_public(page: Page, path: str) -> list[str]:
    """What the street sees has its portal's languages and follows the visitor's system: no switches of its own."""
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.goto(path)
        for width in WIDTHS:
            with width_of(page, width):
                found += [f"{path} {theme} {width}px: {violation}" for violation in violations(page)]
    page.emulate_media(color_scheme="light")
    return found


def check_answer(page: Page, where: str):
    """A page that only a form answers, and so cannot be loaded again: in every theme and width, without switching."""
    found = []
    for theme in THEMES:
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        for width in WIDTHS:
            with width_of(page, width):
                found += [f"{where} {theme} {width}px: {violation}" for violation in violations(page)]
    assert not found, "\n".join(found[:20])
