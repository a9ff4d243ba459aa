"""Where answers are kept that may be given again, and questions that were asked in vain."""

from typing import Protocol

from chatcrew.messages import Kept, Piece, Wanted


class KeptAnswers(Protocol):
    """May forget any of them at any time, and never fails a turn."""

    async def find(self, wanted: Wanted) -> Kept | None:
        """Return the answer to this question, if nothing that it rests on has changed."""
        ...

    async def keep(
        self,
        wanted: Wanted,
        *,
        text: str,
        turn: str,
        tools: tuple[Piece, ...] = (),
        seconds: float | None = None,
    ) -> None:
        """Keep an answer for the next who asks the same.

        Args:
            wanted: the question with what stood before the model.
            text: the answer.
            turn: id of the turn that made it.
            tools: what tools returned for it.
            seconds: how long it may be given; None: as long as answers usually are.
        """
        ...

    async def vain(self, wanted: Wanted) -> Kept | None:
        """Return what says that this was asked before, and nothing was known of it then or now."""
        ...

    async def keep_vain(self, wanted: Wanted, *, turn: str, seconds: float | None = None) -> None:
        """Keep that nothing is known of a question, until the knowledge changes."""
        ...


class NothingKept:
    """Where no answer is given twice."""

    async def find(self, wanted: Wanted) -> Kept | None:
        """Find nothing."""

    async def keep(
        self,
        wanted: Wanted,
        *,
        text: str,
        turn: str,
        tools: tuple[Piece, ...] = (),
        seconds: float | None = None,
    ) -> None:
        """Keep nothing."""

    async def vain(self, wanted: Wanted) -> Kept | None:
        """Find nothing."""

    async def keep_vain(self, wanted: Wanted, *, turn: str, seconds: float | None = None) -> None:
        """Keep nothing."""
