"""A browser of a few lines: one connection, its cookies, forms with their hidden fields. Standard library only."""

import base64
import hashlib
import hmac
import html
import http.client
import re
import struct
import time
import urllib.parse


class Browser:
    def __init__(self, base):
        self.base = urllib.parse.urlsplit(base)
        self.connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=60)
        self.cookies = {}

    def cookie_header(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method, path, body=None):
        """Answers status, headers and text, without following redirections."""
        headers = {"Cookie": self.cookie_header(), "Accept": "text/html"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"{self.base.scheme}://{self.base.netloc}"
            headers["Sec-Fetch-Site"] = "same-origin"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        return answer.status, answer.headers, text

    def get(self, path):
        return self.ask("GET", path)

    def submit(self, path, page, fields):
        """Posts the fields with the hidden ones of the page's form for the path."""
        forms = re.findall(r"<form\b[^>]*>.*?</form>", page, re.S)
        form = next((f for f in forms if f'action="{path.split("?")[0]}' in html.unescape(f.split(">")[0])), page)
        values = dict(hidden_fields(form))
        values.update(fields)
        return self.ask("POST", path, urllib.parse.urlencode(values))


def hidden_fields(form):
    for tag in re.findall(r"<input\b[^>]*>", form):
        names = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if names.get("type") == "hidden":
            yield html.unescape(names.get("name", "")), html.unescape(names.get("value", ""))


def totp(secret):
    """The code of this moment (RFC 6238)."""
    letters = secret.replace(" ", "").upper()
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
