"""From a file's bytes to text that everything after it can hold: no faults, no odd signs."""

import codecs
import re

from chatcrew.messages import clean_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Signs that are neither seen nor part of any word
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ufeff\xad\u200b\u2060]")
_ENDS = re.compile("\r\n|[\r\x0c\x85\u2028\u2029]")
# What pages call Latin-1 is what Windows writes (Encoding Standard §4.2); it leaves five bytes free
_DECLARED = re.compile(r"(?:iso-8859-(?:[2-9]|1[0-6])|windows-125[013-8]|koi8-r|utf-16)", re.I)
_FREE = b"\x81\x8d\x8f\x90\x9d"
_WINDOWS = {
    code: "" if code in _FREE else bytes([code]).decode("cp1252") for code in range(0x80, 0xA0)
}


def decoded(data: bytes, *, declared: str = "") -> str:
    r"""Return bytes as clean text with ``\n`` at each line's end; no bytes are refused.

    UTF-8 (also UTF-16 with its mark), else what spreadsheets and old editors of Windows write
    (cp1252).

    Args:
        data: the file.
        declared: the encoding a file says it has; believed where it is not UTF-8.
    """
    return tidy(_text(data, declared.strip()))


def tidy(text: str) -> str:
    r"""Return text without unseen signs, with ``\n`` at each line's end."""
    return clean_text(_UNSEEN.sub("", _ENDS.sub("\n", text)))


def _text(data: bytes, declared: str) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if _DECLARED.fullmatch(declared):
            return data.decode(declared, "replace")
        return data.decode("latin-1").translate(_WINDOWS)
