"""Decides whether a delivery really comes from Chatwoot, over the raw bytes."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chatcrew.errors import WebhookError

SignaturePolicy = Literal["required", "if_present", "off"]

UNSIGNED = "unsigned"
"""Kind of sender of a delivery without a signature: older Chatwoot, automations, macros."""

_SIGNATURE = "x-chatwoot-signature"
_TIMESTAMP = "x-chatwoot-timestamp"
_DECIMAL = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Verified:
    """Whose secret verified a delivery.

    Attributes:
        sender: ``agent_bot``, ``account``, ``api_inbox`` or ``unsigned``.
        which: position of the secret among its kind's (rotation: 0 is the newest), -1 if unsigned.
    """

    sender: str
    which: int


def verify(
    body: bytes,
    headers: Mapping[str, str],
    *,
    secrets: Mapping[str, Sequence[bytes]],
    policy: str,
    now: float,
    window: float = 300.0,
) -> Verified:
    """Return who signed ``body``: HMAC-SHA256 of ``timestamp.body``, in lower-case hex.

    The rule is Chatwoot's lib/webhooks/trigger.rb. Every secret is tried and compared in constant
    time. A signature that is there must verify under any policy, except that ``off`` without a
    single secret has nothing to verify it with.

    Args:
        body: the raw bytes; parsed and written again they would differ.
        headers: of the request, in any case, with any characters.
        secrets: accepted secrets by kind of sender; empty ones are ignored.
        policy: ``required``, ``if_present`` or ``off``.
        now: Unix seconds.
        window: how far the timestamp may be off, in seconds, either way.

    Raises:
        WebhookError: 401 with ``kind`` one of ``signature_missing``, ``timestamp_missing``,
            ``timestamp_invalid``, ``timestamp_stale``, ``signature_malformed``,
            ``signature_mismatch``.
    """
    signature = _header(headers, _SIGNATURE)
    usable = [
        (sender, which, secret)
        for sender, group in secrets.items()
        for which, secret in enumerate(group)
        if secret
    ]
    if signature is None or (policy == "off" and not usable):
        if policy == "required":
            raise _refused("signature_missing", body)
        return Verified(UNSIGNED, -1)
    timestamp = _header(headers, _TIMESTAMP)
    if timestamp is None:
        raise _refused("timestamp_missing", body)
    if not _DECIMAL.fullmatch(timestamp):
        raise _refused("timestamp_invalid", body)
    if not signature.startswith("sha256="):
        raise _refused("signature_malformed", body)
    given = signature.encode("utf-8", "replace")
    signed = timestamp.encode("ascii") + b"." + body
    found: Verified | None = None
    for sender, which, secret in usable:
        expected = b"sha256=" + hmac.digest(secret, signed, "sha256").hex().encode("ascii")
        if hmac.compare_digest(given, expected) and found is None:
            found = Verified(sender, which)
    if found is None:
        raise _refused("signature_mismatch", body)
    if abs(now - int(timestamp)) > window:
        raise _refused("timestamp_stale", body)
    return found


def match_path_token(given: str | None, expected: bytes) -> bool:
    """Return whether the URL's last part is the configured token, compared in constant time."""
    if given is None or not expected:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected)


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """Return the only value of a header, stripped, or None where it is absent or empty.

    One that is there twice counts as one value, as RFC 9110 §5.3 joins them: no timestamp and no
    signature holds a comma, so what a proxy and we could read differently is refused.
    """
    length = len(name)  # most headers are told apart by it, and not made lower case
    found = [value for key, value in headers.items() if len(key) == length and key.lower() == name]
    return ", ".join(found).strip(" \t") or None


def _refused(kind: str, body: bytes) -> WebhookError:
    """Return the refusal; the digest lets an operator find the delivery without showing it."""
    prefix = hashlib.sha256(body).hexdigest()[:12]
    return WebhookError(401, kind=kind, message=f"{kind}, body sha256 {prefix}")
