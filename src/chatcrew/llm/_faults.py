"""What a provider's refusal means: the taxonomy of S3-64, read from status and error object.

Nothing a provider writes as free text goes into our messages: it may quote the customer, and some
quote the key. Identifiers (code, type, parameter) do, where they look like identifiers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from chatcrew.errors import ModelError, ModelRefused, ModelUnavailable

# Words, joined: ``rate_limit_exceeded``, ``messages[0].content``. No hyphen, no long word, no digit
# in a word of more than eight letters: those are what keys look like.
_IDENTIFIER = re.compile(r"[A-Za-z0-9]{1,8}|[A-Za-z]{1,24}")
_JOINTS = re.compile(r"[_.\[\]]+")
_KNOWN = {"ResponsibleAIPolicyViolation"}
_QUOTA = {
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "insufficient_balance",
    "quota_exceeded",
}
_FILTER = {"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"}
_CONTEXT = {"context_length_exceeded", "string_above_max_length", "exceed_context_size_error"}
# vLLM, llama.cpp, Ollama and LiteLLM say it in words only
_CONTEXT_WORDS = re.compile(
    r"maximum context length|context (size|length|window)|too many tokens|prompt is too long",
    re.IGNORECASE,
)
_RATE = {"rate_limit_exceeded", "rate_limit_error"}
# A gateway stopped waiting for a model that is still at work: nginx and others, Cloudflare
_GAVE_UP = {504, 524}
# 403 that are about something else than the key
_NOT_THE_KEY = {"model_not_found", "unsupported_country_region_territory"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A provider's refusal.

    Attributes:
        status: HTTP status, or None where it came inside a good answer.
        code: provider's code, empty where it gave none.
        type: provider's type of error, empty where it gave none.
        param: the field it complains about, empty where it named none.
        words: its message; read, never repeated.
        retry_after: seconds it asks us to wait, or None.
    """

    status: int | None
    code: str = ""
    type: str = ""
    param: str = ""
    words: str = ""
    retry_after: float | None = None

    @classmethod
    def read(
        cls,
        status: int | None,
        body: object,
        *,
        headers: Mapping[str, str] | None = None,
        now: datetime | None = None,
    ) -> Self:
        """Read a fault from an answer's status, decoded body and headers."""
        inner: Any = body
        if isinstance(inner, dict) and "error" in inner:
            inner = inner["error"]
        elif isinstance(inner, dict) and "message" not in inner and "detail" in inner:
            inner = _validation(inner["detail"])  # FastAPI: vLLM, LiteLLM's proxy, TGI
        if isinstance(inner, str):
            inner = {"message": inner}
        if not isinstance(inner, dict):
            inner = {}
        code = inner.get("code")
        if status is None and isinstance(code, int) and 400 <= code <= 599:
            status = code  # OpenRouter answers 200 and puts the status here
        deeper = inner.get("innererror")  # Azure OpenAI
        if isinstance(deeper, dict) and isinstance(deeper.get("code"), str):
            code = deeper["code"]
        return cls(
            status=status,
            code=_identifier(code),
            type=_identifier(inner.get("type")),
            param=_identifier(inner.get("param")),
            words=message if isinstance(message := inner.get("message"), str) else "",
            retry_after=_retry_after(headers or {}, now),
        )


def from_fault(fault: Fault) -> ModelError:
    """Return the error that ``fault`` is."""
    kind, why = _meaning(fault)
    message = _message(why, fault)
    if kind in {"rate_limit", "unavailable"}:
        return ModelUnavailable(
            message,
            kind=kind,
            retryable=True,
            retry_after=fault.retry_after,
            status=fault.status,
            maybe_done=fault.status in _GAVE_UP,
        )
    return ModelRefused(message, kind=kind, status=fault.status)


def _meaning(fault: Fault) -> tuple[str, str]:
    """Return kind and a sentence for the log: the first rule that holds."""
    said = {fault.code, fault.type}
    status = fault.status or 0
    too_long = status in {400, 422, 500} and _CONTEXT_WORDS.search(fault.words) is not None
    key = status == 401 or (status == 403 and not said & _NOT_THE_KEY)
    rules = (
        (
            bool(said & _QUOTA) or status == 402,
            ("insufficient_quota", "the provider's quota is used up"),
        ),
        (bool(said & _FILTER), ("content_filter", "the provider's content filter refused")),
        (
            bool(said & _CONTEXT) or status == 413 or too_long,
            ("context_length", "the conversation is too long for the model"),
        ),
        (
            "invalid_api_key" in said or key,
            ("invalid_api_key", "the provider does not accept the key"),
        ),
        (
            bool(said & _RATE) or status == 429,
            ("rate_limit", "the provider's rate limit is reached"),
        ),
        (
            "server_error" in said or status in {408, 409} or status >= 500,
            ("unavailable", "the provider is not available"),
        ),
    )
    return next((what for holds, what in rules if holds), ("other", "the provider refused"))


def _message(why: str, fault: Fault) -> str:
    named = {
        "HTTP": str(fault.status) if fault.status else "",
        "code": fault.code,
        "type": fault.type,
        "param": fault.param,
    }
    details = ", ".join(f"{name} {value}" for name, value in named.items() if value)
    return f"{why} ({details})" if details else why


def _validation(detail: object) -> dict[str, Any]:
    """Return FastAPI's ``detail`` as an error object; its first entry names the field."""
    if not isinstance(detail, list):
        return {"message": detail}
    words = " ".join(str(one.get("msg", "")) for one in detail if isinstance(one, dict))
    first = next((one for one in detail if isinstance(one, dict)), {})
    place = first.get("loc")
    names = [part for part in place if isinstance(part, str)] if isinstance(place, list) else []
    field = names[1] if len(names) > 1 and names[0] == "body" else next(iter(names), None)
    return {"message": words, "type": first.get("type"), "param": field}


def _identifier(value: object) -> str:
    """Return ``value`` if it is shaped like an identifier and not like a key."""
    if not isinstance(value, str) or len(value) > 64 or value == "None":
        return ""  # LiteLLM's proxy writes Python's None as a word
    words = [word for word in _JOINTS.split(value) if word]
    plain = all(_IDENTIFIER.fullmatch(word) for word in words)
    return value if value in _KNOWN or (words and plain) else ""


def _retry_after(headers: Mapping[str, str], now: datetime | None) -> float | None:
    """Return seconds to wait (RFC 9110 §10.2.3; ``retry-after-ms`` is OpenAI's and Azure's)."""
    try:
        if "retry-after-ms" in headers:
            return _sane(float(headers["retry-after-ms"]) / 1000)
        text = headers.get("retry-after", "")
        if not text:
            return None
        try:
            return _sane(float(text))
        except ValueError:
            if now is None:
                return None
            return _sane((parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _sane(seconds: float) -> float | None:
    return max(0.0, seconds) if seconds < 86_400 else None
