"""Made-up customers and files, so that every path of a bot can be tried."""

import itertools
import struct
import zlib
from collections.abc import Iterator
from functools import cache

from chatcrew.testing import File
from chatcrew.testing.files import ogg

_NAMES = (
    "Maria da Silva",
    "João Pereira",
    "Ana Beatriz Souza",
    "Antônio Wanderley",
    "Conceição Albuquerque",
    "Rafael Nogueira",
    "Luíza Fernandes",
    "Sebastião Cavalcanti",
)


def people() -> Iterator[tuple[str, str]]:
    """Yield names and phone numbers that belong to nobody, for ever."""
    for number, name in enumerate(itertools.cycle(_NAMES)):
        lap = number // len(_NAMES)
        yield (name if not lap else f"{name} {lap + 1}"), f"+551190000{number:04d}"


def voice_note() -> File:
    """Return a file that looks like a WhatsApp voice note; nothing can be heard in it."""
    return File("audio", "mensagem-de-voz.ogg", "audio/ogg", ogg(7.0), {"sample": True})


def photo() -> File:
    """Return a small picture, a real PNG."""
    return File("image", "foto.png", "image/png", _sunset())


def location() -> File:
    """Return a place."""
    place = {"lat": -23.5614, "long": -46.6559, "title": "Avenida Paulista, São Paulo"}
    return File("location", meta=place)


@cache
def _sunset(width: int = 120, height: int = 80) -> bytes:
    """Draw a sunset: PNG, 8 bit RGB, no filter (ISO/IEC 15948)."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += _colour(x / width, y / height)

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def _colour(x: float, y: float) -> bytes:
    if y > 0.68:
        glow = max(0.0, 0.5 - abs(x - 0.62) * 2) * (1 - (y - 0.68) * 2)
        return bytes((int(16 + 190 * glow), int(60 + 90 * glow), int(92 + 30 * glow)))
    if ((x - 0.62) * 1.5) ** 2 + (y - 0.58) ** 2 < 0.018:
        return bytes((255, 236, 179))
    return bytes((int(250 - 60 * (0.68 - y)), int(110 + 110 * y), int(150 - 60 * y)))
