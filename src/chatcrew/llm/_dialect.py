"""What a model wants said differently, learnt from its own refusals."""

import re
from dataclasses import dataclass, replace

from chatcrew.llm._faults import Fault

# A refused request, as OpenAI (400) and servers built on FastAPI (422) say it.
_REFUSED = {400, 422}
_UNSUPPORTED = {"unsupported_parameter", "unsupported_value", "extra_forbidden"}
# Servers that leave ``param`` out name the field in words; LiteLLM's proxy drops it on the way.
_STREAM_OPTIONS = re.compile(r"\bstream_options\b")
_STREAM = re.compile(r"\bstream(ing)?\b", re.IGNORECASE)
_MAX_TOKENS = re.compile(r"\bmax_completion_tokens\b")
_TEMPERATURE = re.compile(
    r"['\"`]?\btemperature\b.*(support|default)|(support|allow).*\btemperature\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to speak to one model.

    Attributes:
        max_tokens: name of the field that bounds the answer.
        temperature: whether it lets itself be told a temperature.
        stream: whether it can stream.
        stream_options: whether a stream may be asked to end with the usage.
    """

    max_tokens: str = "max_tokens"
    temperature: bool = True
    stream: bool = True
    stream_options: bool = True

    def learn(self, fault: Fault, *, streamed: bool = False) -> "Dialect | None":
        """Return the dialect that avoids ``fault``, or None where there is none.

        Args:
            fault: the refusal.
            streamed: whether a stream was asked for.

        Source: OpenAI's reasoning models answer 400 with ``param`` set, code
        ``unsupported_parameter`` (max_tokens) or ``unsupported_value`` (temperature).
        """
        if fault.status not in _REFUSED or fault.code == "context_length_exceeded":
            return None
        if streamed and self.stream_options and _names(fault, "stream_options", _STREAM_OPTIONS):
            return replace(self, stream_options=False)
        if streamed and self.stream and _names(fault, "stream", _STREAM):
            return replace(self, stream=False)
        if self.max_tokens == "max_tokens" and _names(fault, "max_tokens", _MAX_TOKENS):
            return replace(self, max_tokens="max_completion_tokens")
        if self.temperature and _names(fault, "temperature", _TEMPERATURE):
            return replace(self, temperature=False)
        return None


def _names(fault: Fault, field: str, words: re.Pattern[str]) -> bool:
    """Return whether ``fault`` is about ``field``; what it names by itself is the better word."""
    if fault.param:
        unsupported = bool({fault.code, fault.type} & _UNSUPPORTED)
        # a value out of range is the caller's fault and no question of dialect
        return fault.param.split(".")[0] == field and (unsupported or field.startswith("stream"))
    return words.search(fault.words) is not None
