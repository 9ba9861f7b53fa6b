"""Pictures of pages, for people to look at: light and dark, wide and narrow, in two languages besides."""

import os
from pathlib import Path

from playwright.sync_api import Page

from .pages import choose, width_of
from .processes import ROOT

FOLDER = Path(os.environ.get("PORTALDESK_SCREENSHOTS", ROOT / ".portaldesk" / "screenshots"))


def take(page: Page, name: str) -> list[Path]:
    """Saves `name-light.png` and so on, and leaves the page in English and light again."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    taken = []

    def shoot(look: str):
        path = FOLDER / f"{name}-{look}.png"
        page.screenshot(path=path, full_page=True)
        taken.append(path)

    shoot("light")
    with width_of(page, 400):
        shoot("400")
    choose(page, "theme", "dark")
    shoot("dark")
    choose(page, "theme", "light")
    for language in ("hu", "pl"):
        choose(page, "language", language)
        shoot(language)
    choose(page, "language", "en")
    return taken
