"""A text from two people's desks to whoever reads it: in two languages, in force at a midnight with nobody awake, and
consent asked again for the one purpose that changed."""

import json
import urllib.error
import urllib.request
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from harness.pages import check_accessibility, check_in_every_look, width_of
from harness.portals import PORTAL

ZONE = ZoneInfo("Europe/Warsaw")
API = f"/api/public/{PORTAL}/v1"

# Versions and decisions become a day older; the triggers that hold the past still are off meanwhile.
A_DAY_LATER = """
ALTER TABLE text_version DISABLE TRIGGER USER;
ALTER TABLE consent DISABLE TRIGGER USER;
UPDATE text_version SET effective_on = effective_on - 1,
    valid = tstzrange(lower(valid) - interval '1 day', upper(valid) - interval '1 day') WHERE valid IS NOT NULL;
UPDATE consent SET decided_at = decided_at - interval '1 day', at = at - interval '1 day';
ALTER TABLE text_version ENABLE TRIGGER USER;
ALTER TABLE consent ENABLE TRIGGER USER;
"""


@pytest.fixture(scope="module")
def people(walk):
    """Who writes and who approves."""
    walk.visitor.staff["privacy_officer"] = walk.add_staff("ewa", "Ewa Lis", "privacy_officer")
    return walk


def today() -> date:
    return datetime.now(ZONE).date()


def read(walk, path: str, **headers: str):
    request = urllib.request.Request(walk.desk.url + API + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def write(walk, writer, key: str, number: int, words: dict[str, tuple[str, str]], seen=None):
    for language, (title, source) in words.items():
        walk.go(writer, f"/texts/{PORTAL}/{key}/{number}/words/{language}")
        writer.fill("main input[name=title]", title)
        writer.fill("main textarea[name=source]", source)
        if seen:
            seen(writer)
        walk.press(writer, "main button[value=save]")


def publish(walk, writer, verifier, key: str, number: int, day: date, kind: str = "editorial"):
    path = f"/texts/{PORTAL}/{key}/{number}"
    walk.go(writer, path)
    writer.check(f"main input[name=class][value={kind}]")
    writer.fill("main textarea[name=rationale]", "Zmiana przepisów")
    writer.fill("main input[name=day]", day.isoformat())
    walk.press(writer, "form[action$='/submission'] button")
    walk.go(verifier, path)
    verifier.check(f"form[action$='/approval'] input[name=class][value={kind}]")
    walk.press(verifier, "form[action$='/approval'] button")


def add_purpose(walk, writer, key: str, category: str):
    walk.go(writer, f"/texts/{PORTAL}/consents")
    writer.fill("main input[name=key]", key)
    writer.check("main input[name=kind][value=cookies]")
    writer.select_option("main select[name=category]", category)
    walk.press(writer, f"form[action='/texts/{PORTAL}/consents'] button")


def standing(page, title: str) -> str:
    return page.locator("fieldset", has_text=title).locator(".tag").inner_text()


def test_a_text_takes_effect_at_midnight_and_consent_is_asked_again_for_one_purpose(people, visitor):
    walk = people
    writer, verifier = visitor.sign_in("privacy_officer"), visitor.sign_in("verifier")
    walk.go(writer, "/texts")
    writer.select_option(f"form[action='/texts/{PORTAL}'] select", "privacy_policy")
    walk.press(writer, f"form[action='/texts/{PORTAL}'] button")
    write(walk, writer, "privacy-policy", 1, {
        "pl": ("Polityka prywatności", "# Dane\n\nTrzymamy je 5 lat. <script>alert(1)</script>"),
        "en": ("Privacy policy", "# Data\n\nWe keep them for 5 years."),
    }, seen=lambda page: check_accessibility(page))
    publish(walk, writer, verifier, "privacy-policy", 1, today())
    status, headers, body = read(walk, "/documents/privacy-policy", **{"Accept-Language": "en"})
    assert (status, headers["Content-Language"]) == (200, "en") and "5 years" in body
    status, headers, body = read(walk, "/documents/privacy-policy")
    assert "<script" not in body and "&lt;script&gt;" in body
    assert read(walk, "/documents/privacy-policy", **{"If-None-Match": headers["ETag"]})[0] == 304

    for key, category, title in (("statistics", "analytics", "Statystyka"), ("taste", "functional", "Preferencje")):
        add_purpose(walk, writer, key, category)
        write(walk, writer, f"consent-{key}", 1, {
            "pl": (title, f"Zgadzam się: {title}."), "en": (f"{title} en", f"I agree: {title}.")})
        publish(walk, writer, verifier, f"consent-{key}", 1, today())

    reader = visitor.context().new_page()
    walk.go(reader, f"/public/{PORTAL}?lang=pl")
    assert standing(reader, "Statystyka") == "Brak decyzji"
    walk.press(reader, "button[value=accept_all]")
    walk.go(reader, f"/public/{PORTAL}?lang=pl")
    assert [standing(reader, title) for title in ("Statystyka", "Preferencje")] == ["Zgoda", "Zgoda"]

    tomorrow = today() + timedelta(days=1)
    walk.go(writer, f"/texts/{PORTAL}/consent-statistics")
    walk.press(writer, "main form button.first")
    write(walk, writer, "consent-statistics", 2, {
        "pl": ("Statystyka", "Zgadzam się, także na nowego odbiorcę."), "en": ("Statistics", "To a new recipient too.")})
    publish(walk, writer, verifier, "consent-statistics", 2, tomorrow, "consent")
    walk.go(verifier, f"/texts/{PORTAL}/consent-statistics/2?in=pl&show=changes")
    assert verifier.locator("ins").count() and verifier.locator("del").count()
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=ZONE)
    for at, number in ((midnight - timedelta(seconds=1), "1"), (midnight, "2")):
        moment = at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert read(walk, f"/documents/consent-statistics?at={moment}")[1]["X-Text-Version"] == number
    walk.go(reader, f"/public/{PORTAL}?lang=pl")
    assert standing(reader, "Statystyka") == "Zgoda"
    walk.desk.sql(A_DAY_LATER)
    walk.go(reader, f"/public/{PORTAL}?lang=pl")
    assert standing(reader, "Statystyka") == "Do ponownego zapytania"
    assert standing(reader, "Preferencje") == "Zgoda"
    assert "nowego odbiorcę" in reader.inner_text("main")
    walk.press(reader, "button[value=save]")
    walk.go(reader, f"/public/{PORTAL}?lang=pl")
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        check_accessibility(reader)
        with width_of(reader, 400):
            check_accessibility(reader)
    for page in (writer, verifier, reader):
        assert page.context.complaints == []


def test_the_same_without_javascript(people, visitor):
    walk = people
    writer = visitor.sign_in("privacy_officer", javascript=False)
    verifier = visitor.sign_in("verifier", javascript=False)
    walk.go(writer, "/texts")
    writer.select_option(f"form[action='/texts/{PORTAL}'] select", "security")
    walk.press(writer, f"form[action='/texts/{PORTAL}'] button")
    write(walk, writer, "security", 1, {
        "pl": ("Bezpieczeństwo", "Nikt nie pyta o hasło."), "en": ("Safety", "Nobody asks for your password.")})
    publish(walk, writer, verifier, "security", 1, today())
    reader = visitor.context(javascript=False).new_page()
    walk.go(reader, f"/public/{PORTAL}/security?lang=en")
    assert "Nobody asks" in reader.inner_text("main")
    walk.press(reader, "button[value=reject_all]")
    receipt = reader.locator(".flash.good a").get_attribute("href")
    answer = json.loads(reader.request.get(receipt).text())
    assert {event["action"] for event in answer["events"]} == {"refuse"}


def test_pages_of_texts_are_accessible_in_every_look(people, visitor):
    page = visitor.sign_in("privacy_officer")
    for path in ("/texts", f"/texts/{PORTAL}/privacy-policy/1", f"/texts/{PORTAL}/consents", f"/texts/{PORTAL}/cookies"):
        page.goto(path)
        check_in_every_look(page)
