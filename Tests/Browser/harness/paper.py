"""A signed paper application as a scanner makes it: a PDF whose pages are nothing but pictures."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

PAGE = """<!doctype html><html lang="pl"><meta charset="utf-8"><style>
body {{ margin: 0; padding: 70px 80px; width: 620px; background: #fbfaf6; color: #222; font: 17px/1.5 'DejaVu Serif', serif }}
h1 {{ font-size: 23px; text-align: center; margin: 0 0 26px }} dt {{ font-size: 13px; color: #555 }}
dd {{ margin: 0 0 12px; border-bottom: 1px dotted #777; font: italic 20px 'DejaVu Sans', sans-serif; color: #1b2d6b }}
p.no {{ text-align: right; font-size: 13px; color: #555 }}
</style><body><p class="no">strona {number} z {total}</p><h1>{title}</h1><dl>{rows}</dl></body></html>"""


@dataclass
class Sheet:
    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)


def scan(browser: Browser, sheets: list[Sheet], to: Path) -> Path:
    """Writes the sheets as a scanned PDF."""
    context = browser.new_context(viewport={"width": 780, "height": 1103}, java_script_enabled=False)
    page = context.new_page()
    pictures = []
    for number, sheet in enumerate(sheets, 1):
        rows = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in sheet.rows)
        page.set_content(PAGE.format(number=number, total=len(sheets), title=sheet.title, rows=rows))
        pictures.append(page.screenshot(type="jpeg", quality=80))
    context.close()
    to.write_bytes(pdf_of(pictures, 780, 1103))
    return to


def pdf_of(pictures: list[bytes], width: int, height: int) -> bytes:
    """A PDF 1.4 of A4 pages, each one JPEG over the whole sheet (ISO 32000-1, 8.9.5 and 7.4.8)."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for picture in pictures:
        first = len(objects) + 1
        drawing = b"q 595 0 0 842 0 0 cm /Scan Do Q"
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /XObject << /Scan %d 0 R >> >> >>" % (first + 1, first + 2),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
            b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(picture), picture),
        ]
        kids.append(b"%d 0 R" % first)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    document, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    document += b"".join(b"%010d 00000 n \n" % place for place in places)
    document += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(document)
