"""The other ends that later tests trust: what is sent to them is in their ledgers, once and unchanged."""

import smtplib
import urllib.error
import urllib.parse
import urllib.request
from email.message import EmailMessage

import pytest
from harness.kannel import PASSWORD, USER
from harness.totp import code_at

LONG = "Przypominamy o racie 12 z 36 umowy LU/2026/0417. " * 6


def send_sms(kannel, to: str, text: str, password: str = PASSWORD) -> int:
    fields = {
        "username": USER, "password": password, "from": "PortalDesk", "to": to, "text": text,
        "coding": "2" if not text.isascii() else "0", "charset": "UTF-8",
    }
    try:
        with urllib.request.urlopen(f"{kannel.url}?{urllib.parse.urlencode(fields)}", timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    ("to", "text"),
    [
        ("+48600100201", "Your code: 417 223"),
        ("+48600100202", "Zażółć gęślą jaźń, привет 😀"),
        ("+48600100203", LONG.encode("ascii", "ignore").decode()),
        ("+48600100204", "Напоминаем: платёж по договору 17/2026, срок 24 ноября. " * 4),
    ],
    ids=["plain", "beyond GSM", "long", "long beyond GSM"],
)
def test_a_short_message_arrives_at_the_fake_smsc_as_it_was_written(kannel, to, text):
    assert send_sms(kannel, to, text) == 202
    assert kannel.await_message(to).text == text
    assert [m.receiver for m in kannel.messages()].count(to) == 1


def test_the_gateway_refuses_a_wrong_password_and_what_is_no_number(kannel):
    assert send_sms(kannel, "+48600100205", "x", password="wrong") == 403
    assert send_sms(kannel, "nobody", "x") == 400


def test_a_stopped_gateway_cannot_be_reached_and_comes_back(kannel):
    kannel.stop_gateway()
    with pytest.raises(OSError):
        send_sms(kannel, "+48600100206", "lost")
    kannel.start_gateway()
    assert send_sms(kannel, "+48600100206", "found") == 202
    assert kannel.await_message("+48600100206").text == "found"


def test_mail_is_kept_with_its_message_id_and_a_refused_address_gets_none(mail):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = "desk@example.com", "anna@example.com", "<417@example.com>"
    letter["Subject"] = "Przypomnienie o płatności"
    letter.set_content("Zażółć gęślą jaźń\n")
    with smtplib.SMTP("127.0.0.1", mail.port, timeout=20) as server:
        server.send_message(letter)
        mail.refuse("gone@example.com")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            server.sendmail("desk@example.com", ["gone@example.com"], b"Subject: x\r\n\r\nx")
    kept = mail.await_message("anna@example.com")
    assert kept.message_id == "<417@example.com>"
    assert kept.text == "Zażółć gęślą jaźń\n"
    assert len(mail.messages()) == 1


def test_codes_of_the_second_step_are_those_of_rfc_6238():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [code_at(secret, seconds // 30) for seconds in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]
