"""Reads one PDF, run as a process of its own: a hostile file can crash nothing but this.

It is given no environment, gets the file on its standard input, and answers one line of JSON and
then the pictures. It imports nothing of the house, so that it starts in a moment.
"""

import json
import resource
import struct
import sys
import zlib
from typing import Any

_MEMORY = 1 << 30
_CPU_SECONDS = 20
_LONGEST_SIDE = 1400
"""Pixels: enough to read a scanned page of small print."""


def main(pages: int, chars: int, pictures: int) -> None:
    """Answer with the text of the first ``pages``, or pictures of them where there is no text."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    import pypdfium2  # noqa: PLC0415 - after the limits are set

    data = sys.stdin.buffer.read()
    try:
        document: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        _answer({"pages": 0, "text": ""}, [])
        return
    total = len(document)
    read = min(total, pages)
    said = [document[number].get_textpage().get_text_bounded() for number in range(read)]
    text = "\n\n".join(f"[p. {n}] {' '.join(one.split(' '))}" for n, one in enumerate(said, 1))
    images = []
    if sum(len("".join(one.split())) for one in said) < 4 * max(1, read):
        text = ""
        images = [_picture(document[number]) for number in range(min(read, pictures))]
    _answer({"pages": total, "text": text[:chars]}, images)


def _picture(page: Any) -> bytes:
    scale = min(3.0, _LONGEST_SIDE / max(1.0, *page.get_size()))
    bitmap = page.render(scale=scale, rev_byteorder=True, no_smoothtext=False)
    return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Return rows of RGB, RGBX or grey as a PNG (RFC 2083)."""
    rows = bytearray()
    wanted = 1 if channels == 1 else 3
    for number in range(height):
        row = pixels[number * stride : number * stride + width * channels]
        if channels == 4:
            bare = bytearray(width * 3)
            for plane in range(3):
                bare[plane::3] = row[plane::4]
            row = bytes(bare)
        rows += b"\0" + row
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if wanted == 1 else 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _answer(told: dict[str, Any], images: list[bytes]) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps({**told, "images": [len(one) for one in images]}).encode() + b"\n")
    for one in images:
        out.write(one)


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:4]))
