"""Room that a call needs before it is made, and what a call can be at worst."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from chatcrew.llm._prices import cost
from chatcrew.messages import Bid, ModelCall, ModelRequest, Usage
from chatcrew.tenancy import ModelSpec

_LONGEST_ANSWER = 4096
"""Tokens of an answer where neither the request nor the catalogue bounds it; it is then asked for
no more."""

_AROUND = 16
"""Tokens that a provider's own marks add to each message or tool at most."""

_PICTURE = 50_000
"""Tokens of a picture at most: 2,833 and 5,667 for each of eight tiles (OpenAI, gpt-4o-mini)."""


class Held(Protocol):
    """Room that one call has."""

    async def settle(self, call: ModelCall) -> None:
        """Put what the call used in the place of what it might have; once, nothing is raised.

        Of a call that is ``uncounted`` all that it might have used stays counted.
        """
        ...

    async def give_back(self) -> None:
        """Say that the call was never made; nothing is raised."""
        ...


class Place(Protocol):
    """A call's place among those its business makes."""

    def leave(self) -> None:
        """Free it, once, when the call is over."""
        ...


class Purse(Protocol):
    """Who allows a call before it is made."""

    async def enter(self, bid: Bid, worst: Callable[[], Bid]) -> Place:
        """Wait until the business may make another call: holding nothing that others wait for.

        Args:
            bid: who calls.
            worst: says what the call may cost, where that is wanted.

        Raises:
            BudgetExceeded: that is too late for it, or it would find no room then.
            StoreError: nobody can say.
        """
        ...

    async def reserve(self, bid: Bid) -> Held:
        """Return room for what a call may cost, without any wait.

        Raises:
            BudgetExceeded: a limit has none.
            StoreError: nobody can say.
        """
        ...


class OpenPurse:
    """Allows everything: where nobody set limits, and in tests."""

    async def enter(self, bid: Bid, worst: Callable[[], Bid]) -> Place:
        """Let it in."""
        del bid, worst
        return _Room()

    async def reserve(self, bid: Bid) -> Held:
        """Return room."""
        del bid
        return _Room()


class _Room:
    async def settle(self, call: ModelCall) -> None:
        """Keep nothing."""

    async def give_back(self) -> None:
        """Give nothing back."""

    def leave(self) -> None:
        """Free nothing."""


def bounded(request: ModelRequest, spec: ModelSpec) -> ModelRequest:
    """Return the request with a bound of its answer, so that what it costs has one too."""
    most = min(request.max_tokens or _LONGEST_ANSWER, spec.output or math.inf)
    return request if request.max_tokens == most else replace(request, max_tokens=int(most))


def bid_of(request: ModelRequest, spec: ModelSpec) -> Bid:
    """Return what a bounded request can cost at worst.

    No text has more tokens than bytes, whatever the model's vocabulary: what is reserved is about
    four times what is used, for as long as the call takes.
    """
    asked = sum(_bytes(message) for message in request.messages)
    asked += sum(_bytes((one.name, one.description, one.parameters)) for one in request.tools)
    asked += _AROUND * (1 + len(request.messages) + len(request.tools))
    asked += _bytes(request.response_format) if request.response_format else 0
    usage = Usage(prompt_tokens=asked, completion_tokens=request.max_tokens or _LONGEST_ANSWER)
    return Bid(
        tenant=request.tenant,
        model=request.model,
        tokens=usage.prompt_tokens + usage.completion_tokens,
        cost=cost(usage, spec.price),
        seconds=request.budget,
        role=request.role,
        function=request.function,
    )


def _bytes(value: Any) -> int:
    """Return how many bytes of text are in a JSON value, a picture being what it costs."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, Mapping):
        if value.get("type") == "image_url":
            return _PICTURE
        return sum(_bytes(key) + _bytes(one) + 2 for key, one in value.items())
    if isinstance(value, Sequence | Iterable):
        return sum(_bytes(one) + 1 for one in value)
    return len(str(value))
