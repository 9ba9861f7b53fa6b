"""Files that are not what they say, over HTTP, as somebody uploads them: each has its clear answer and leaves nothing."""

import struct
import time
import zlib

import pytest


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int) -> bytes:
    """Black, in as few bytes as zlib can."""
    packer = zlib.compressobj(9)
    row = bytes(1 + 3 * width)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(pages: int, content: bytes, packing: str = "") -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 595 842] >>" % (pages, kids),
        b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), packing.encode(), content),
    ] + [b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>"] * pages
    text, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return text + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(text))


def packed(part: bytes, times: int) -> bytes:
    """The packed form of a part that comes so many times. It has no end: readers of PDF take what is there."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    return head + (packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)) * times


def packed_twice(gigabytes: int) -> bytes:
    """Zeros that take more time to unpack than a page has, on any machine."""
    head = packed(b"", 0)
    block = packed(bytes(1 << 20), 1).removeprefix(head)
    return packed(head, 1) + packed(block * 1024, gigabytes).removeprefix(head)


@pytest.fixture(scope="module")
def manager(walk):
    return walk.visitor.sign_in("account_manager")


@pytest.fixture(scope="module")
def application(walk, manager):
    return walk.open_application(manager)


FILES = {
    "three hundred pages": (pdf(300, b"0 0 9 9 re f"), "300"),
    "a picture of 2.5 billion points": (png(50_000, 1)[:16] + struct.pack(">II", 50_000, 50_000) + png(50_000, 1)[24:], "50"),
    "a picture that unpacks to 150 megabytes": (png(7_070, 7_070), None),
    "a document that unpacks to a hundred gigabytes": (pdf(1, packed_twice(100), " /Filter [/FlateDecode /FlateDecode]"), None),
    "half a picture": (png(400, 400)[:300], None),
    "a page of HTML": (b"<html><script>alert(1)</script>", None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_made_to_harm_is_answered_in_time_and_leaves_nothing(walk, manager, application, name):
    content, says = FILES[name]
    walk.go(manager, f"{application}/form/client")
    before = walk.desk.sql("SELECT count(*) FROM scan_page")
    manager.set_input_files(
        "section.scan input[type=file]", {"name": "wniosek.pdf", "mimeType": "application/pdf", "buffer": content})
    began = time.monotonic()
    manager.context.set_default_timeout(90_000)
    walk.press(manager, "section.scan form[enctype] button")
    assert time.monotonic() - began < 75
    if name != "a picture that unpacks to 150 megabytes":
        assert walk.desk.sql("SELECT count(*) FROM scan_page") == before
        flash = manager.locator(".flash.bad")
        assert flash.count() == 1 and (says is None or says in flash.inner_text())
    assert walk.desk.status("/readyz") == 200


def test_a_picture_named_as_a_document_is_taken_for_what_it_is(walk, manager, application):
    walk.go(manager, f"{application}/form/client")
    manager.set_input_files(
        "section.scan input[type=file]", {"name": "wniosek.pdf", "mimeType": "application/pdf", "buffer": png(400, 300)})
    walk.press(manager, "section.scan form[enctype] button")
    assert manager.locator(".flash.good").count() == 1
    image = manager.locator("[data-sheet]").last.get_attribute("src")
    assert manager.request.get(image).body()[:2] == b"\xff\xd8"
