"""What a call cost, and how many tokens it was where the provider does not say."""

from collections.abc import Iterable
from typing import Any

from chatcrew.messages import ModelAnswer, ModelRequest, Usage
from chatcrew.tenancy import Price

_CHARACTERS_PER_TOKEN = 4
_MILLION = 1_000_000
_PICTURE = 1_000 * _CHARACTERS_PER_TOKEN
"""OpenAI counts 765 tokens for a picture of 1,024 square and 1,105 for 2,048 by 4,096."""


def cost(usage: Usage, price: Price | None) -> float | None:
    """Return US dollars, or None where the price is not known: that is not nothing."""
    if price is None:
        return None
    if usage.audio_seconds and not (usage.prompt_tokens or usage.completion_tokens):
        return None if price.minute is None else usage.audio_seconds / 60 * price.minute
    cached = min(usage.cached_tokens, usage.prompt_tokens)
    for_cached = price.input if price.cached_input is None else price.cached_input
    dollars = (
        (usage.prompt_tokens - cached) * price.input
        + cached * for_cached
        + usage.completion_tokens * price.output
    )
    return dollars / _MILLION


def estimated(request: ModelRequest, answer: ModelAnswer | None = None) -> Usage:
    """Return about how many tokens a call was: a token is about four characters."""
    asked = _characters(message.get("content") for message in request.messages)
    asked += _characters([message.get("tool_calls") for message in request.messages])
    for tool in request.tools:
        asked += len(tool.name) + len(tool.description) + _characters([tool.parameters])
    said = 0
    if answer is not None:
        said = len(answer.text) + sum(
            len(call.name) + len(call.arguments) for call in answer.tool_calls
        )
    return Usage(prompt_tokens=_tokens(asked), completion_tokens=_tokens(said))


def _tokens(characters: int) -> int:
    return -(-characters // _CHARACTERS_PER_TOKEN)


def _characters(values: Iterable[Any]) -> int:
    """Return how much text is in ``values``; what is no text counts as it would be written.

    A picture counts as the tokens it is about, not as the letters that carry it.
    """
    return sum(_length(value) for value in values if value)


def _length(value: Any) -> int:
    if isinstance(value, list) and any(isinstance(one, dict) and "type" in one for one in value):
        return sum(
            _PICTURE if one.get("type") == "image_url" else len(str(one.get("text") or one))
            for one in value
        )
    return len(value if isinstance(value, str) else str(value))
