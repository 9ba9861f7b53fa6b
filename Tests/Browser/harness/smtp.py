"""A real SMTP server that keeps what it was given, each message once it has said 250."""

import asyncio
import email
import email.policy
import json
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller

from .processes import free_port, wait_until


@dataclass(frozen=True)
class Letter:
    sender: str
    receivers: tuple[str, ...]
    message_id: str
    content: EmailMessage

    @property
    def text(self) -> str:
        part = self.content.get_body(preferencelist=("plain", "html"))
        return part.get_content().replace("\r\n", "\n") if part else ""


class MailServer:
    """`messages()` is what the receiver holds. `refuse` answers the next messages to an address with a given line.
    `hold_at` keeps the answer to a message, and to all that follow, back until `release`: the sender does not know yet."""

    def __init__(self, folder: Path):
        self.ledger = folder / "smtp.ledger"
        self.ledger.touch()
        self.refusals: dict[str, str] = {}
        self.lock = threading.Lock()
        self.taken = 0
        self.limit: int | None = None
        self.free = threading.Event()
        self.free.set()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30)
        self.controller.start()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        entry = {
            "sender": envelope.mail_from,
            "receivers": envelope.rcpt_tos,
            "content": envelope.content.decode("latin-1"),
        }
        with self.lock, open(self.ledger, "a") as ledger:
            ledger.write(json.dumps(entry) + "\n")
            self.taken += 1
            if self.limit is not None and self.taken >= self.limit:
                self.free.clear()
        await asyncio.to_thread(self.free.wait)
        return "250 OK, kept"

    def refuse(self, address: str, line: str = "550 5.1.1 no such mailbox"):
        self.refusals[address] = line

    def hold_at(self, more: int):
        """From the message that comes so many after those that are here."""
        with self.lock:
            self.limit = self.taken + more

    @property
    def is_holding(self) -> bool:
        return not self.free.is_set()

    def release(self):
        with self.lock:
            self.limit = None
        self.free.set()

    def messages(self) -> list[Letter]:
        with self.lock:
            lines = self.ledger.read_text().splitlines()
        return [letter(json.loads(line)) for line in lines]

    def await_message(self, receiver: str, seconds: float = 30) -> Letter:
        return wait_until(
            lambda: next((m for m in self.messages() if receiver in m.receivers), None), f"mail to {receiver}", seconds)

    def stop(self):
        self.release()
        self.controller.stop()


def letter(entry: dict) -> Letter:
    content = email.message_from_bytes(entry["content"].encode("latin-1"), policy=email.policy.default)
    return Letter(entry["sender"], tuple(entry["receivers"]), str(content["Message-ID"] or ""), content)
