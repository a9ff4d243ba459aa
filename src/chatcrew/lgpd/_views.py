"""What a text may say once it is decoded: percent signs, escapes, entities, base64, hex, gzip."""

import base64
import binascii
import html
import quopri
import re
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_plus

_DEEP: Final = 3
_MOST: Final = 4 * 1024 * 1024
"""Bytes that anything is unpacked to."""
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX: Final = re.compile(r"(?:\\x)?((?:[0-9a-fA-F]{2}){6,})")
_ESCAPES: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_QUOTED: Final = re.compile(r"=[0-9A-F]{2}")
_GZIP: Final = b"\x1f\x8b"
_ZLIB: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def views(text: str, deep: int = _DEEP) -> Iterator[str]:
    """Yield ``text``, and everything it says in an encoding that programs write."""
    yield text
    if deep == 0:
        return
    for inner in _decoded(text):
        if inner != text:
            yield from views(inner, deep - 1)


def words_of(raw: bytes) -> str:
    """Return bytes as text: unpacked where they are packed, by UTF-8 as far as it goes."""
    if raw.startswith((_GZIP, *_ZLIB)):
        raw = _unpacked(raw) or raw
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    return raw.decode("utf-8", "replace")


def _decoded(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote_plus(text)
    if "&" in text and ";" in text:
        yield html.unescape(text)
    if "\\u" in text or "\\x" in text:
        yield _ESCAPES.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    if _QUOTED.search(text):
        yield quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    for match in _HEX.finditer(text):
        yield from _readable(bytes.fromhex(match[1]))
    for match in _BASE64.finditer(text):
        yield from _readable(_base64(match[0]))


def _readable(raw: bytes) -> Iterator[str]:
    """Yield what bytes say, if they say anything: ids and digests say nothing."""
    if raw.startswith((_GZIP, *_ZLIB)):
        raw = _unpacked(raw)
    try:
        said = raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    if said and all(char.isprintable() or char.isspace() for char in said):
        yield said


def _base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + "==")
    except (binascii.Error, ValueError):
        return b""


def _unpacked(raw: bytes) -> bytes:
    # 32: the header says whether it is gzip or zlib
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(raw, _MOST)
    except zlib.error:
        return b""
