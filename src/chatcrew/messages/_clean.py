"""Text that PostgreSQL and UTF-8 can hold: no U+0000, no lone surrogates."""

import re
from typing import Any

REPLACEMENT = "\ufffd"

_BAD = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 64
_INT64 = 2**63


def clean_text(text: str) -> str:
    """Return ``text`` with U+0000 and lone surrogates replaced by U+FFFD.

    PostgreSQL refuses U+0000 in text and in jsonb; UTF-8 has no surrogates. Two halves that JSON
    escapes left apart are joined again.
    """
    # Most texts are ASCII, and to know that takes no walk through them
    if (text.isascii() and "\x00" not in text) or _BAD.search(text) is None:
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\x00", REPLACEMENT)


def clean_json(value: Any, *, depth: int = 0) -> Any:
    """Return a JSON value whose every text is clean, keys too.

    Integers beyond 64 bits become text, and what lies deeper than 64 levels becomes None: a signed
    body may hold both, and neither may stop a write.
    """
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool | int | float):
        too_big = isinstance(value, int) and not -_INT64 <= value < _INT64
        return str(value) if too_big else value
    if depth >= _DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            clean_text(str(key)): clean_json(item, depth=depth + 1) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [clean_json(item, depth=depth + 1) for item in value]
    return clean_text(str(value))
