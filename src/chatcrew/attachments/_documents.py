"""What stands in a document: text as it is, or pictures of pages that hold none."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

MAX_CHARS = 20_000
"""Characters of a document that are kept; a turn shows a crew fewer."""

PAGES = 30
"""Pages of a PDF that are read."""

PICTURES = 3
"""Pages of a scan that are looked at."""

_READER = Path(__file__).with_name("_pdf_reader.py")
_AT_ONCE = 2
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, slots=True)
class Pages:
    """A PDF.

    Attributes:
        text: of its first pages; "" for a scan.
        pictures: of a scan's first pages, as PNG.
        total: pages; 0: it could not be opened.
    """

    text: str
    pictures: tuple[bytes, ...]
    total: int


class PdfReader:
    """Opens PDFs in processes of their own, few at once."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def read(self, data: bytes) -> Pages:
        """Return what stands in a PDF; nothing where it cannot be opened. Cancelled, it ends."""
        async with self._slots:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(_READER),
                *(str(one) for one in (PAGES, MAX_CHARS, PICTURES)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
            try:
                out, _ = await process.communicate(data)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        return _pages(out)


def _pages(out: bytes) -> Pages:
    head, _, rest = out.partition(b"\n")
    try:
        told = json.loads(head)
    except ValueError:
        return Pages("", (), 0)  # it died over the file
    pictures: list[bytes] = []
    for length in told["images"]:
        pictures.append(rest[:length])
        rest = rest[length:]
    return Pages(told["text"].strip(), tuple(pictures), told["pages"])


def decoded(data: bytes) -> str:
    """Return the text of a file of text, whatever its encoding; at most ``MAX_CHARS``."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        # What spreadsheets on Windows write in Brazil; it has a character for nearly every byte
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").strip()[:MAX_CHARS]
