"""Reads the answers of Chatwoot's REST API: a value, or the error its caller can act on (§4.6)."""

import re
from collections.abc import Mapping
from typing import Any

from chatcrew.chatwoot._fields import read_json
from chatcrew.chatwoot._requests import Call
from chatcrew.errors import ChatwootError, ChatwootRejected, ChatwootUnavailable, ConversationGone

_WINDOW = 60.0
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")
_PERSONAL = re.compile(r"\S+@\S+|\+?\d[\d .()-]{3,}\d")


def read_answer(
    call: Call, status: int, *, headers: Mapping[str, str], body: bytes, now: float
) -> Any:
    """Return the JSON value of a good answer, None where its body is empty.

    Args:
        call: what was asked.
        status: HTTP status.
        headers: of the answer.
        body: of the answer.
        now: Unix seconds, for Chatwoot's one-minute windows.

    Raises:
        ChatwootUnavailable: 408, 429, 5xx, too many messages, or a good status without JSON.
        ConversationGone: 404 in Chatwoot's own words for a conversation.
        ChatwootRejected: any other answer.
    """
    if 200 <= status < 300:
        return _good(call, status, body)
    raise _fault(call, status, headers=headers, body=body, now=now)


def _good(call: Call, status: int, body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return read_json(body)
    except ValueError:
        # A sign-in page of a proxy, or an answer cut short: the call may have been carried out.
        raise ChatwootUnavailable(
            f"{call.act}: {status} without JSON",
            retryable=call.repeatable,
            status=status,
            maybe_done=call.writes,
        ) from None


def _fault(
    call: Call, status: int, *, headers: Mapping[str, str], body: bytes, now: float
) -> ChatwootError:
    words = _words(body)
    message = f"{call.act}: {status}" + (f" {words}" if words else "")
    if status == 429:
        wait = _retry_after(headers, now)
        return ChatwootUnavailable(message, retryable=True, retry_after=wait, status=status)
    if status >= 500 or status == 408:
        return ChatwootUnavailable(message, retryable=True, status=status, maybe_done=call.writes)
    if status == 404 and call.conversation and words:
        return ConversationGone(message, status=status)
    if status == 422 and "too many messages" in words.lower():
        # app/models/message.rb: 200 messages of one conversation within a minute
        return ChatwootUnavailable(message, retryable=True, retry_after=_WINDOW, status=status)
    if 300 <= status < 400:
        message = f"{call.act}: {status} redirect, so base_url is not Chatwoot's final address"
    elif status == 404 and not words:
        message = f"{call.act}: 404, this Chatwoot has no such route or base_url is wrong"
    return ChatwootRejected(message, status=status)


def _retry_after(headers: Mapping[str, str], now: float) -> float:
    """Return seconds to wait: rack-attack counts in whole minutes and sends no header."""
    for name, value in headers.items():
        if name.lower() == "retry-after" and value.isascii() and value.strip().isdigit():
            return min(float(value), 10 * _WINDOW)
    return _WINDOW - now % _WINDOW + 1.0


def _words(body: bytes) -> str:
    """Return Chatwoot's own reason without anything a customer may have written, "" if not JSON."""
    try:
        data = read_json(body)
    except ValueError:
        return ""
    if not isinstance(data, dict):
        return ""
    found = data.get("error") or data.get("message") or data.get("errors")
    if isinstance(found, list):
        found = next((item for item in found if isinstance(item, str)), None)
    if not isinstance(found, str):
        return ""
    return _PERSONAL.sub("…", _QUOTED.sub("…", found))[:160].strip()
