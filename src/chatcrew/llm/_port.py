"""What a model is to the rest of the house, and who is told what it used."""

from typing import Protocol

from chatcrew.messages import ModelAnswer, ModelCall, ModelRequest


class Model(Protocol):
    """Something that answers chat requests; every wrapper is one too."""

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Return the model's answer within ``request.budget`` seconds.

        Raises:
            ModelError: no answer; ``kind`` says why (S3-64).
            BudgetExceeded: a limit of the business refused the call before it was made.
            StoreError: nobody could say whether a limit does. Nothing else is raised.
        """
        ...


class Meter(Protocol):
    """Who keeps what each call used."""

    async def record(self, call: ModelCall) -> None:
        """Keep one call.

        Raises:
            StoreError: it could not be kept.
        """
        ...


class BreakerObserver(Protocol):
    """Who is told when a provider is left alone, tried again, and well again."""

    def breaker(self, model: str, state: str) -> None:
        """Note that the breaker of ``model`` is now ``open``, ``half_open`` or ``closed``."""
        ...


class Resting(Protocol):
    """What leaves alone an endpoint that fails again and again; see ``llm._circuit``."""

    @property
    def rests(self) -> bool:
        """Whether a call that came now would not be let through."""
        ...

    def enter(self) -> int | None:
        """Return a ticket, or None: leave it alone."""
        ...

    def leave(self, ticket: int, failure: Exception | None) -> None:
        """Say how a call ended."""
        ...

    def forget(self, ticket: int) -> None:
        """Say that a call ended without showing anything."""
        ...
