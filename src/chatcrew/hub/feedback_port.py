"""Who wants to know that the bot did not serve a customer well."""

from collections.abc import Sequence
from typing import Protocol

from chatcrew.messages import Signal

__all__ = ["Feedback", "Signal", "Unheard"]


class Feedback(Protocol):
    """Keeps signs of dissatisfaction."""

    async def note(self, signals: Sequence[Signal]) -> None:
        """Keep them, each once per turn and kind.

        Raises:
            StoreError: they cannot be kept.
        """
        ...


class Unheard:
    """Nobody wants to know."""

    async def note(self, signals: Sequence[Signal]) -> None:
        """Do nothing."""
