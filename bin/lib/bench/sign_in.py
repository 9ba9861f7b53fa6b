"""Takes a set-up link to its end, signs in, and prints the cookies as a header's value.

    sign_in.py BASE-URL LINK LOGIN
"""

import re
import secrets
import sys
import urllib.parse

from web import Browser, totp


def set_up(browser, link, password):
    path = urllib.parse.urlsplit(link).path
    status, _, page = browser.get(path)
    secret = re.search(r"<code>([A-Z2-7 ]{16,})</code>", page)
    if status != 200 or not secret:
        raise SystemExit(f"the set-up link answers {status}")
    status, _, page = browser.submit(
        path, page, {"password": password, "password_again": password, "code": totp(secret.group(1))}
    )
    codes = re.findall(r"<(?:li|code|td)[^>]*>\s*([A-Za-z0-9]{4,}(?:-[A-Za-z0-9]{4,})+)\s*<", page)
    if status != 200 or not codes:
        raise SystemExit(f"the set-up form answers {status}")
    # The code of this half minute is used up; a recovery code does not have to wait for the next.
    return codes[0]


def sign_in(browser, login, password, code):
    _, _, page = browser.get("/sign-in")
    status, headers, _ = browser.submit("/sign-in", page, {"login": login, "password": password})
    if status != 303:
        raise SystemExit(f"the sign-in answers {status}")
    _, _, page = browser.get(headers["Location"])
    status, headers, _ = browser.submit("/sign-in/code", page, {"code": code})
    if status != 303 or "/sign-in" in headers["Location"]:
        raise SystemExit(f"the second step answers {status}")


def main(base, link, login):
    browser = Browser(base)
    password = secrets.token_urlsafe(18)
    sign_in(browser, login, password, set_up(browser, link, password))
    print(browser.cookie_header())


main(*sys.argv[1:])
