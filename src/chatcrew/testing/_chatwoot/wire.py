"""The bytes of Chatwoot's webhooks: Rails' JSON, the signature and the headers."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

DELIVERY = "X-Chatwoot-Delivery"
TIMESTAMP = "X-Chatwoot-Timestamp"
SIGNATURE = "X-Chatwoot-Signature"

# ActiveSupport::JSON::Encoding escapes exactly these; every other character is raw UTF-8. They can
# only stand inside JSON strings, so replacing them in the finished text is safe.
_SIGNS = ("<", ">", "&", "\u2028", "\u2029")
_SPECIAL = tuple(char.encode() for char in _SIGNS)
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in _SIGNS})


def rails_json(value: Any) -> bytes:
    """Encode ``value`` on one line the way Rails does (``ActiveSupport::JSON``)."""
    try:
        body = orjson.dumps(value)
    except TypeError:  # what the other one takes: keys that are numbers, numbers beyond 64 bits
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        body = text.encode()
    # Looking is a tenth of translating, and few texts hold one
    if any(char in body for char in _SPECIAL):
        body = body.decode().translate(_ESCAPED).encode()
    return body


def sign(secret: str, timestamp: int | str, body: bytes) -> str:
    """Return the value of ``X-Chatwoot-Signature`` (Chatwoot's ``lib/webhooks/trigger.rb``).

    Args:
        secret: the text as Chatwoot shows it; its bytes are the key, nothing is decoded.
        timestamp: Unix seconds, the very text of ``X-Chatwoot-Timestamp``.
        body: the raw bytes that are sent.
    """
    message = str(timestamp).encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signed_headers(
    secret: str | None, body: bytes, *, now: datetime, delivery: str | None = None
) -> dict[str, str]:
    """Return the headers of one attempt; a sender without a secret does not sign."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if delivery is not None:
        headers[DELIVERY] = delivery
    if secret:
        timestamp = str(int(now.timestamp()))
        headers[TIMESTAMP] = timestamp
        headers[SIGNATURE] = sign(secret, timestamp, body)
    return headers


@lru_cache(maxsize=4096)  # every webhook of a conversation tells the same ones again
def iso(moment: datetime) -> str:
    """Return Rails' ISO form: UTC, milliseconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(moment: datetime | None) -> str | None:
    """Return Rails' ISO form of ``moment``, None for never."""
    return None if moment is None else iso(moment)


def unix(moment: datetime | None) -> int:
    """Return whole Unix seconds; 0 stands for never."""
    return 0 if moment is None else int(moment.timestamp())
