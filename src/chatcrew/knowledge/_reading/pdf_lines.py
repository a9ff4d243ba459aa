"""Reads the lines of one PDF, run as a process of its own: a broken file can end nothing but this.

It gets the file on its standard input and answers with JSON, one object a line: first what the
file says about itself, then each page's lines. It imports nothing of the house, so that it starts
in a moment; a text page of PDFium belongs to one thread, and here is only one.
"""

import ctypes
import json
import resource
import sys
from typing import Any

_MEMORY = 1 << 30
_CPU_SECONDS = 120


def main(most_pages: int) -> None:
    """Answer with ``{"pages": n, "title": …}`` and then one list of lines a page.

    A line is ``[text, height, top, right]`` in points from the page's bottom left. Where the file
    cannot be read the only answer is ``{"fault": …}``: ``encrypted``, ``broken`` or ``too_long``.
    """
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    import pypdfium2  # noqa: PLC0415 - after the limits are set

    data = sys.stdin.buffer.read()
    try:
        document: Any = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        _answer({"fault": "encrypted" if "password" in str(error).lower() else "broken"})
        return
    if count > most_pages:
        _answer({"fault": "too_long"})
        return
    title = document.get_metadata_value("Title") or ""
    _answer({"pages": count, "title": title.encode("utf-8", "replace").decode()})
    for number in range(count):
        try:
            _answer(_lines(document, number, pypdfium2.raw))
        except pypdfium2.PdfiumError:
            _answer([])  # one page that cannot be read takes no other along


def _lines(document: Any, number: int, raw: Any) -> list[list[Any]]:
    page = document[number]
    text_page = page.get_textpage()
    text: str = text_page.get_text_range() if text_page.count_chars() else ""
    found: list[list[Any]] = []
    at = 0
    box = raw.FS_RECTF()
    for line in text.split("\n"):
        said = line.strip("\r ")
        if said:
            first = at + len(line) - len(line.lstrip("\r "))
            last = first + len(said) - 1
            top, height = _place(raw, text_page, first, box)
            raw.FPDFText_GetLooseCharBox(text_page, last, ctypes.byref(box))
            clean = said.encode("utf-8", "replace").decode()
            found.append([clean, height, top, round(box.right, 1)])
        at += len(line) + 1
    text_page.close()
    page.close()
    return found


def _place(raw: Any, text_page: Any, index: int, box: Any) -> tuple[float, float]:
    if not raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
        return 0.0, 0.0
    return round(box.top, 1), round(box.top - box.bottom, 1)


def _answer(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
