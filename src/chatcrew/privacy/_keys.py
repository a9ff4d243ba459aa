"""Pix keys that are nothing else, and the codes that are copied and pasted."""

import re
from collections.abc import Iterator
from typing import Final

from chatcrew.privacy import _labels
from chatcrew.privacy._pix import codes, random_keys
from chatcrew.privacy._span import Span

_HEX: Final = bytes(ord("x" if chr(one) in "0123456789abcdef" else " ") for one in range(256))
_BEGINNING: Final = b"x" * 8
"""How every one of them begins, were all hexadecimal digits an x."""
_BARE: Final = re.compile(r"(?<![a-z\d])[0-9a-f]{32}(?![a-z\d])")
_BROKEN: Final = re.compile(
    r"(?<![a-z\d])[0-9a-f]{8}(?:\s?[\-\s]\s?[0-9a-f]{4}){3}\s?[\-\s]\s?[0-9a-f]{12}(?![a-z\d])"
)
_CODE_END: Final = re.compile(r"000201.{20,512}?6304 ?[0-9a-f]{4}", re.DOTALL | re.IGNORECASE)


def keys(text: str) -> Iterator[Span]:
    """Yield random keys of flattened ``text``, also without dashes or over two lines."""
    if _BEGINNING not in text.encode("ascii", "replace").translate(_HEX):
        return
    for found in random_keys(text):
        label = _labels.before(text, found.start)
        in_link = text[found.start - 1 : found.start] in {"/", "="}
        if label != "order" and (label == "pix" or not in_link):
            yield Span(("pix",), found.value, found.start, found.end)
    for pattern in (_BROKEN, _BARE):
        for match in pattern.finditer(text):
            if _labels.before(text, match.start()) in {"pix", "number"}:
                yield Span(("pix",), re.sub(r"[\s\-]", "", match.group()), *match.span())


def pasted(written: str) -> Iterator[Span]:
    """Yield BR Codes of text as written: whole, broken by lines, or as far as they go."""
    for match in _CODE_END.finditer(written):
        yield Span(("pix",), re.sub(r"\s", "", match.group()), *match.span())
    for found in codes(written):
        yield Span(("pix",), found.value, found.start, found.end)
