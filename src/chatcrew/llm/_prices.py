"""What a call cost, and how many tokens it was where the provider does not say."""

from collections.abc import Iterable
from typing import Any

from chatcrew.messages import ModelAnswer, ModelRequest, Usage
from chatcrew.tenancy import Price

_CHARACTERS_PER_TOKEN = 4
_MILLION = 1_000_000


def cost(usage: Usage, price: Price | None) -> float | None:
    """Return US dollars, or None where the price is not known: that is not nothing."""
    if price is None:
        return None
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
    """Return how much text is in ``values``; what is no text counts as it would be written."""
    return sum(len(value if isinstance(value, str) else str(value)) for value in values if value)
