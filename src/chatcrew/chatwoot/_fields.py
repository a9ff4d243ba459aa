"""Reads JSON that others wrote: bytes to an object, and fields without trusting their types."""

import math
import re
from datetime import UTC, datetime
from typing import Any

import orjson

from chatcrew.messages import clean_text

MAX_TEXT = 150_000
"""Longest text kept of one message: Chatwoot's own bound of ``content`` (app/models/message.rb)."""

_MAX_ID = 2**63 - 1
# Escapes are read one by one, so that ``\\ud800`` (a backslash and five letters) is left alone.
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|\\u[dD](?P<lone>[89a-fA-F])[0-9a-fA-F]{2}"
    rb"|\\.",
    re.DOTALL,
)


def read_json(body: bytes) -> object:
    r"""Return the value of a JSON document; lone surrogates become U+FFFD.

    Ruby and JavaScript write half an emoji as ``\ud83d`` when a text was cut at a byte or UTF-16
    limit; RFC 8259 section 8.2 allows it, strict readers refuse it.

    Raises:
        ValueError: not JSON, not UTF-8, NaN or infinity, or nested deeper than 1,024 levels.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if b"\\ud" not in body and b"\\uD" not in body:
            raise
    return orjson.loads(
        _ESCAPE.sub(lambda m: b"\\ufffd" if m.group("lone") is not None else m.group(), body)
    )


def section(data: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the object at ``key``, or an empty one."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def rows(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects of the list at ``key``; anything else in it is left out."""
    value = data.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(data: dict[str, Any], key: str) -> str | None:
    """Return the cleaned text at ``key``, or None; an empty text stays empty."""
    value = data.get(key)
    return clean_text(value) if isinstance(value, str) else None


def number(data: dict[str, Any], key: str) -> int | None:
    """Return the id or count at ``key``, or None; API callers also write ids as decimal text."""
    value = data.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if type(value) is int and 0 <= value <= _MAX_ID else None  # true is no number


def decimal(data: dict[str, Any], key: str) -> float | None:
    """Return the finite number at ``key``, or None."""
    value = data.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            found = float(value)
        except OverflowError:
            return None
        return found if math.isfinite(found) else None
    return None


def flag(data: dict[str, Any], key: str) -> bool:
    """Return whether the value at ``key`` is true."""
    return data.get(key) is True


def moment(data: dict[str, Any], key: str) -> datetime | None:
    """Return the time at ``key``, UTC: an ISO text in webhooks, Unix seconds in REST answers."""
    value = data.get(key)
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        seconds = decimal(data, key)
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
