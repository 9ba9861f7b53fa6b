"""A real SMS gateway: Kannel's bearerbox and smsbox, and its fake SMSC as the phones of the world."""

import re
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from .processes import Child, free_port, listens, wait_until

FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
USER, PASSWORD = "desk", "gateway-secret"


@dataclass(frozen=True)
class ShortMessage:
    sender: str
    receiver: str
    text: str


class Kannel:
    """`url` takes `sendsms` requests; `messages()` is what arrived at phones, from the receiver's own ledger.

    Accepted messages are answered with 202 and "0: Accepted for delivery", a wrong password with 403, a receiver that is
    no number with 400. Text beyond the GSM alphabet needs coding=2 and charset=UTF-8: without them Kannel sends "?".
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/cgi-bin/sendsms"
        self.ledger = folder / "fakesmsc.ledger"
        self.configuration = folder / "kannel.conf"
        admin, boxes, self.smsc_port = free_port(), free_port(), free_port()
        self.configuration.write_text(configuration(folder, admin, boxes, self.smsc_port, self.port))
        self.bearerbox = Child(["/usr/sbin/bearerbox", "-v", "2", self.configuration], folder / "bearerbox.out")
        self.bearerbox.await_ready(lambda: listens(boxes) and listens(self.smsc_port), "bearerbox listens")
        self.start_receiver()
        self.start_gateway()

    def start_receiver(self):
        """The fake SMSC sends nothing (-m 0) and writes what it receives to the ledger."""
        self.receiver = Child(
            [FAKE_SMSC, "-H", "127.0.0.1", "-r", self.smsc_port, "-m", "0", "-v", "0", "1 2 text none"], self.ledger)
        self.receiver.await_ready(
            lambda: "Connecting to" in self.ledger.read_text(errors="replace"), "the fake SMSC has connected")

    def start_gateway(self):
        self.smsbox = Child(["/usr/sbin/smsbox", "-v", "2", self.configuration], self.folder / "smsbox.out")
        self.smsbox.await_ready(lambda: listens(self.port), "smsbox listens")

    def stop_gateway(self):
        """The gateway cannot be reached from now on, until `start_gateway`."""
        self.smsbox.stop(signal.SIGTERM)

    def messages(self) -> list[ShortMessage]:
        return read_ledger(self.ledger.read_text(errors="replace"))

    def await_message(self, receiver: str, seconds: float = 30) -> ShortMessage:
        """The first message to that number, which is written as the gateway was given it."""
        return wait_until(
            lambda: next((m for m in self.messages() if m.receiver == receiver), None), f"an SMS to {receiver}", seconds)

    def stop(self):
        for child in (self.smsbox, self.receiver, self.bearerbox):
            child.stop(signal.SIGTERM, seconds=10)


def read_ledger(ledger: str) -> list[ShortMessage]:
    """The fake SMSC's lines, with the parts of a long message put together again."""
    messages, parts = [], {}
    for line in re.findall(r"Got message \d+: <(.*)>$", ledger, re.MULTILINE):
        fields = line.split(" ", 3)
        if len(fields) < 3:
            continue
        sender, receiver, kind = fields[:3]
        body = fields[3] if len(fields) == 4 else ""
        if kind == "udh":
            header, _, data = body.split(" ", 2)
            # 05 00 03 reference total number (3GPP TS 23.040, 9.2.3.24.1)
            reference, total, number = unquote_to_bytes(header)[3:6]
            key = (sender, receiver, reference)
            parts.setdefault(key, {})[number] = plain(data)
            if len(parts[key]) < total:
                continue
            whole = b"".join(piece for _, piece in sorted(parts.pop(key).items()))
            messages.append(ShortMessage(sender, receiver, decoded(whole)))
        elif kind == "text":
            messages.append(ShortMessage(sender, receiver, body))
        else:
            encoding = "utf-16-be" if kind == "ucs-2" else "utf-8"
            messages.append(ShortMessage(sender, receiver, plain(body).decode(encoding, "replace")))
    return messages


def plain(data: str) -> bytes:
    return unquote_to_bytes(data.replace("+", " "))


def decoded(data: bytes) -> str:
    """Parts do not say their coding: only UTF-16 holds a zero or a lone high byte in every second place."""
    if len(data) % 2 == 0 and any(byte < 0x09 for byte in data[::2]):
        return data.decode("utf-16-be", "replace")
    return data.decode("utf-8", "replace")


def configuration(folder: Path, admin: int, boxes: int, smsc: int, http: int) -> str:
    return f"""
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {PASSWORD}
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
box-deny-ip = "*.*.*.*"
log-file = {folder}/bearerbox.log
log-level = 1

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {http}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789 +-"
log-file = {folder}/smsbox.log
log-level = 1

group = sendsms-user
username = {USER}
password = {PASSWORD}
max-messages = 10
concatenation = true
omit-empty = true
user-allow-ip = 127.0.0.1

group = sms-service
keyword = default
text = ""
omit-empty = true
"""
