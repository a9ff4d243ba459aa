"""Responders for tests of the turn: nobody, or one that says what the test wrote."""

import asyncio
from collections.abc import Callable

from chatcrew.errors import ModelUnavailable
from chatcrew.messages import Answer, Ask
from chatcrew.tenancy.model import Crew, Tenant


class NobodyResponds:
    """No model is configured."""

    available = False

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Refuse: the hub must not ask."""
        raise ModelUnavailable("no model is configured", kind="no_model")


class ScriptedResponder:
    """Answers with what a function of the question returns, and remembers what it was asked.

    Args:
        say: from what is asked to the answer's text, or an ``Answer``, or an exception to raise.
        delay: seconds each answer takes.
    """

    available = True

    def __init__(
        self, say: Callable[[Ask], str | Answer | Exception], *, delay: float = 0.0
    ) -> None:
        self._say = say
        self._delay = delay
        self.asked: list[Ask] = []
        self.cancelled = 0

    async def respond(self, crew: Crew, tenant: Tenant, ask: Ask, *, config: str) -> Answer:
        """Answer as the test said."""
        self.asked.append(ask)
        try:
            await asyncio.sleep(self._delay)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        said = self._say(ask)
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, Answer) else Answer(said, engine="scripted")
