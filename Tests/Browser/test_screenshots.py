"""Pictures of the main pages, for people to look at (PORTALDESK_SCREENSHOTS says where, .portaldesk/screenshots otherwise)."""

from datetime import date

from harness.book import Book
from harness.pictures import take
from harness.portals import PORTAL
from harness.walk import Paper


def test_the_main_pages_have_their_pictures(walk, browser, tmp_path):
    book = Book(date.today(), clients=40)
    walk.desk.run("import", "--portal", PORTAL, *book.write(tmp_path))
    walk.desk.sql(book.accounts_sql())
    way = walk.whole_way(browser, tmp_path, Paper())
    admin, manager, verifier, helpdesk, scheduler, auditor = way.people
    form = walk.open_application(manager)
    walk.upload(manager, form, Paper().scanned(browser, tmp_path), pages=3)
    walk.go(helpdesk, "/clients?q=firma")
    client = helpdesk.locator("main a[href^='/clients/']").first.get_attribute("href")
    account = walk.desk.sql(f"SELECT '/accounts/{PORTAL}/' || min(id) FROM account")
    pages = {
        "form": (manager, f"{form}/form/client"), "users": (manager, f"{form}/form/users"),
        "application": (verifier, way.application), "applications": (manager, "/onboarding"),
        "search": (helpdesk, "/clients?q=firma"), "client": (helpdesk, client),
        "reminders": (scheduler, "/reminders"), "jobs": (scheduler, "/operations/jobs"),
        "messages": (helpdesk, "/messaging"), "providers": (admin, "/messaging/providers"),
        "account": (helpdesk, account), "requests": (helpdesk, "/requests"), "request": (helpdesk, f"/requests/{PORTAL}/new"),
        "texts": (admin, "/texts"), "calendars": (scheduler, f"/calendars/{PORTAL}"), "coming": (scheduler, "/operations/calendar"),
        "limits": (scheduler, "/reminders/limits"), "calls": (helpdesk, "/onboarding/calls"), "own": (auditor, "/access/own"),
        "staff": (admin, "/access/staff"), "portal": (admin, f"/portals/{PORTAL}"), "audit": (auditor, "/audit"),
    }
    for name, (page, path) in pages.items():
        page.goto(path)
        assert all(path.stat().st_size > 10_000 for path in take(page, name))
