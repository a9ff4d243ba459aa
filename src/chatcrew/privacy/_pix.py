"""Pix: random keys, and the code that is copied and pasted (BR Code)."""

import binascii
import re
from collections.abc import Iterator
from typing import Final

from chatcrew.privacy._found import Found

# BCB, Manual operacional do DICT: a random key is a UUID (RFC 4122).
_RANDOM = re.compile(
    r"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])"
)
_START: Final = "000201"
_LONGEST: Final = 512
_ACCOUNTS: Final = range(26, 52)
_SCHEME: Final = "br.gov.bcb.pix"


def random_keys(text: str) -> Iterator[Found]:
    """Yield random Pix keys of flattened text."""
    for found in _RANDOM.finditer(text):
        yield Found("pix_key", found.group(), *found.span())


def codes(written: str) -> Iterator[Found]:
    """Yield BR Codes of text as written (their lengths count its characters).

    A code is EMV's merchant-presented QR code: fields of two digits for the name, two for the
    length, and the value, from ``000201`` to the check ``6304``. Valid is one that names Pix as its
    scheme and whose CRC-16 fits (BCB, Manual do BR Code).
    """
    start = written.find(_START)
    while start >= 0:
        end, fields = _fields(written, start)
        if end is None:
            cut = re.match(r"\S+", written[start:])
            end = start + min(len(cut.group()) if cut else 0, _LONGEST)
            if end - start > 20:  # else just a long number
                yield Found("pix_code", written[start:end], start, end, valid=False)
        else:
            code = written[start:end]
            fits = code[-4:].upper() == f"{_crc16(code[:-4]):04X}"
            pix = any(_SCHEME in value.lower() for name, value in fields if int(name) in _ACCOUNTS)
            yield Found("pix_code", code, start, end, valid=fits and pix)
        start = written.find(_START, max(end, start + 1))


def _fields(written: str, start: int) -> tuple[int | None, list[tuple[str, str]]]:
    """Return where the code's check ends and its fields before it; None where it breaks off."""
    found: list[tuple[str, str]] = []
    at = start
    while at - start < _LONGEST:
        head = written[at : at + 4]
        if not re.fullmatch(r"[0-9]{4}", head):
            return None, found
        value = written[at + 4 : at + 4 + int(head[2:])]
        at += 4 + len(value)
        if len(value) < int(head[2:]):
            return None, found
        if head == "6304":
            return at, found
        found.append((head[:2], value))
    return None, found


def _crc16(text: str) -> int:
    """Return CRC-16 with polynomial 0x1021 from 0xFFFF (BCB, Manual do BR Code; ISO/IEC 13239)."""
    return binascii.crc_hqx(text.encode("utf-8", "replace"), 0xFFFF)
