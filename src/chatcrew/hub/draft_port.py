"""Why a turn only drafts, and where its drafts are kept."""

from enum import StrEnum
from typing import Protocol

from chatcrew.messages import Suggestion


class Draft(StrEnum):
    """Why the turn's reply goes to the team instead of to the customer."""

    MODE = "mode"
    """The inbox is in draft mode."""
    ASKED = "asked"
    """An operator asked for a draft."""


class Drafts(Protocol):
    """Where suggestions are kept until it is known what people made of them."""

    async def keep(self, suggestion: Suggestion) -> None:
        """Keep it; made again by another try of the same turn, the newest text counts.

        Raises:
            StoreError: it could not be kept.
        """
        ...


class NoDrafts:
    """Nobody wants to know what becomes of them."""

    async def keep(self, suggestion: Suggestion) -> None:
        """Do nothing."""
