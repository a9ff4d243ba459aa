"""What a turn asks of its talk as a whole: how long it is, and what it has cost."""

from typing import Protocol

from chatcrew.messages import Claim, Talk

__all__ = ["NoTalks", "Talk", "Talks"]


class Talks(Protocol):
    """Knows the figures of a conversation since people last had it."""

    async def so_far(self, claim: Claim) -> Talk:
        """Return them, of the running episode.

        Raises:
            StoreError: they cannot be read.
        """
        ...


class NoTalks:
    """Nobody counts: every talk is short and free."""

    async def so_far(self, claim: Claim) -> Talk:
        """Return nothing counted."""
        return Talk()
