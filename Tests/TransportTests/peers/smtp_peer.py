"""A real SMTP server whose behaviour follows from the recipient's local part; prints one JSON line per event."""
import argparse
import asyncio
import base64
import email
import email.policy
import json
import os
import ssl
import subprocess
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult


def say(**event):
    print(json.dumps(event), flush=True)


def files(content):
    """What is attached, as Python's own reader of mail finds it."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    return [
        {"name": part.get_filename(), "type": part.get_content_type(),
         "content": base64.b64encode(part.get_content()).decode()}
        for part in mail.iter_attachments()]


class Ledger:
    at_recipient = {
        "unknown": "550 5.1.1 <unknown@example.test> no such person at +48600100200",
        "greylisted": "451 4.7.1 come back later",
        "busy": "421 4.3.2 closing down",
    }
    at_end = {
        "spam": "554 5.7.1 looks like spam",
        "full": "452 4.2.2 mailbox full",
        "odd": "399 what",
    }

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = self.at_recipient.get(address.split("@")[0])
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("stranger"):
            return "550 5.7.1 sender not welcome"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_DATA(self, server, session, envelope):
        person = envelope.rcpt_tos[0].split("@")[0]
        say(event="message", sender=envelope.mail_from, recipients=envelope.rcpt_tos,
            data=envelope.content.decode("latin-1"), files=files(envelope.content),
            tls=server.transport.get_extra_info("ssl_object") is not None, auth=bool(session.authenticated))
        if person == "silent":
            server.transport.close()
        if person in ("silent", "hang"):
            await asyncio.Event().wait()
        return self.at_end.get(person, "250 2.0.0 Ok: queued as 4F1A2B")


class Server(SMTP):
    def connection_made(self, transport):
        if not self.session:
            say(event="connection")
        super().connection_made(transport)


def context(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder + "/key.pem",
         "-out", folder + "/cert.pem"], check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
    return tls


def end_with_input():
    """The test writes a line, or is gone: either ends this peer."""
    sys.stdin.readline()
    say(event="end")
    os._exit(0)


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"desk" and data.password == b"right", handled=False)


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tls", choices=["starttls", "implicit"])
    arguments.add_argument("--folder")
    arguments.add_argument("--auth", action="store_true")
    arguments.add_argument("--mute", action="store_true")
    options = arguments.parse_args()
    tls = context(options.folder) if options.tls else None

    def server():
        return Server(
            Ledger(), hostname="peer.test", tls_context=tls if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls", auth_required=options.auth, auth_require_tls=False,
            authenticator=authenticate if options.auth else None)

    factory = asyncio.Protocol if options.mute else server
    listening = await asyncio.get_running_loop().create_server(
        factory, "127.0.0.1", 0, ssl=tls if options.tls == "implicit" else None)
    threading.Thread(target=end_with_input, daemon=True).start()
    say(event="ready", port=listening.sockets[0].getsockname()[1])
    await listening.serve_forever()


asyncio.run(main())
