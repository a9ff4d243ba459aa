"""Small files as customers send them, made here: a voice note, a picture, a PDF, a scan."""

import struct
import zlib

from chatcrew.testing._chatwoot.people import File


def ogg(seconds: float = 3.0) -> bytes:
    """Return the first and the last page of an Opus recording of this length (RFC 7845)."""
    head = b"OpusHead\x01\x01" + struct.pack("<H", 312) + struct.pack("<I", 48_000) + b"\0\0\0"
    pages = [(2, 0, head), (4, int(seconds * 48_000) + 312, bytes(180))]
    return b"".join(
        b"OggS\0"
        + struct.pack("<BqIIIBB", flags, position, 7, number, 0, 1, min(len(body), 255))
        + body
        for number, (flags, position, body) in enumerate(pages)
    )


def voice_note(seconds: float = 3.0) -> File:
    """Return a voice note as WhatsApp sends it."""
    return File("audio", "mensagem-de-voz.ogg", "audio/ogg", ogg(seconds))


def png(width: int = 8, height: int = 8, shade: int = 200) -> bytes:
    """Return a plain picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = (b"\0" + bytes([shade]) * 3 * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def photo(shade: int = 200) -> File:
    """Return a picture."""
    return File("image", "foto.png", "image/png", png(shade=shade))


def pdf(*pages: str) -> bytes:
    """Return a PDF with one line of text on each page; a page without text is a scan."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
    ]
    for n, text in enumerate(pages):
        drawn = f"BT /F1 14 Tf 40 700 Td ({text}) Tj ET" if text else "0.5 g 40 40 200 200 re f"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
            f">> >> /Contents {4 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


def invoice_pdf(text: str) -> File:
    """Return an invoice."""
    return File("file", "nota.pdf", "application/pdf", pdf(text))
