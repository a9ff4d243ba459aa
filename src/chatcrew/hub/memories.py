"""What a turn needs of memory, and what stands in its place where nothing is remembered."""

from collections.abc import Sequence
from typing import Protocol

from chatcrew.messages import Claim, Erased, Fact, Noted, Person, Recollection


class Memory(Protocol):
    """What is remembered: of the episode beyond its window, of the customer over all of them."""

    async def recall(self, claim: Claim, person: Person | None) -> Recollection:
        """Return the episode's summary, and what is remembered of ``person``."""
        ...

    async def facts(self, person: Person) -> Sequence[Fact]:
        """Return everything remembered of ``person``, newest first."""
        ...

    async def forget(self, person: Person, fact: int) -> bool:
        """Forget one fact; False if the person has none of that number."""
        ...

    async def edit(self, person: Person, fact: int, text: str) -> bool:
        """Replace the words of one fact; False if the person has none of that number."""
        ...

    async def erase(self, person: Person) -> Erased:
        """Forget a person."""
        ...

    async def seal(self, claim: Claim) -> None:
        """Forget the summary of the claim's episode; what was said in it is not read again."""
        ...

    async def note(self, noted: Noted, *, keep_days: int) -> None:
        """Keep what a turn knows; the rest is remembered beside the turns, not before them.

        Raises:
            StoreError: it could not be kept.
        """
        ...


class Forgetful:
    """Satisfies ``Memory`` where nothing is remembered."""

    async def recall(self, claim: Claim, person: Person | None) -> Recollection:
        """Return nothing."""
        return Recollection()

    async def facts(self, person: Person) -> Sequence[Fact]:
        """Return nothing."""
        return ()

    async def forget(self, person: Person, fact: int) -> bool:
        """Forget nothing."""
        return False

    async def edit(self, person: Person, fact: int, text: str) -> bool:
        """Find nothing to change."""
        return False

    async def erase(self, person: Person) -> Erased:
        """Forget nothing."""
        return Erased()

    async def seal(self, claim: Claim) -> None:
        """Forget nothing."""

    async def note(self, noted: Noted, *, keep_days: int) -> None:
        """Keep nothing."""
