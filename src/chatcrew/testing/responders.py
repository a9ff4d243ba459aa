"""Responders for tests of the turn: nobody, or one that says what the test wrote."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import Answer, Ask
from chatcrew.tenancy.model import Crew, Tenant

_Say = Callable[[Ask], str | Answer | Exception]


class NobodyResponds:
    """No model is configured."""

    available = False

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Refuse: the hub must not ask."""
        raise ModelUnavailable("no model is configured", kind="no_model")

    async def respond_fast(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Refuse: the hub must not ask."""
        raise ModelUnavailable("no model is configured", kind="no_model")

    async def repair(
        self,
        crew: Crew,
        tenant: Tenant,
        ask: Ask,
        *,
        draft: Answer,
        claims: Sequence[str],
        config: str,
    ) -> Answer:
        """Refuse: the hub must not ask."""
        raise ModelUnavailable("no model is configured", kind="no_model")


class ScriptedResponder:
    """Answers with what a function of the question returns, and remembers what it was asked.

    Args:
        say: from what is asked to the answer's text, or an ``Answer``, or an exception to raise.
        delay: seconds each answer takes.
        fast: the same for the fast model; left out, it declines.
        fast_delay: seconds each of its answers takes.
        repaired: from the claims that were refused to the text without them, or an ``Answer``, or
            an exception to raise; left out, it declines.

    Attributes:
        asked: what the crew was asked.
        asked_again: the claims it was asked to do without, each time.
        asked_fast: what the fast model was asked.
        cancelled: answers of the crew that nobody waited for any more.
        cancelled_fast: the same of the fast model.
    """

    available = True

    def __init__(
        self,
        say: _Say,
        *,
        delay: float = 0.0,
        fast: _Say | None = None,
        fast_delay: float = 0.0,
        repaired: Callable[[Sequence[str]], str | Answer | Exception] | None = None,
    ) -> None:
        self._say = say
        self._delay = delay
        self._fast = fast
        self._fast_delay = fast_delay
        self._repaired = repaired
        self.asked: list[Ask] = []
        self.asked_again: list[tuple[str, ...]] = []
        self.asked_fast: list[Ask] = []
        self.cancelled = self.cancelled_fast = 0

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer as the test said."""
        self.asked.append(ask)
        try:
            await asyncio.sleep(self._delay)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return _answer(self._say(ask), "scripted")

    async def respond_fast(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer as the test said, or decline."""
        self.asked_fast.append(ask)
        try:
            await asyncio.sleep(self._fast_delay)
        except asyncio.CancelledError:
            self.cancelled_fast += 1
            raise
        if self._fast is None:
            return Answer("", engine="fast", details={"declined": True})
        return _answer(self._fast(ask), "fast")

    async def repair(
        self,
        crew: Crew,
        tenant: Tenant,
        ask: Ask,
        *,
        draft: Answer,
        claims: Sequence[str],
        config: str,
    ) -> Answer:
        """Answer as the test said, or decline."""
        self.asked_again.append(tuple(claims))
        if self._repaired is None:
            return replace(draft, text="", details={"declined": True})
        said = self._repaired(claims)
        if isinstance(said, str):
            return replace(draft, text=said, model_calls=draft.model_calls + 1)
        return _answer(said, draft.engine)


def _answer(said: str | Answer | Exception, engine: str) -> Answer:
    if isinstance(said, Exception):
        raise said
    return said if isinstance(said, Answer) else Answer(said, engine=engine)
