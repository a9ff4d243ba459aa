"""The hub's view of memory: what a turn recalls, and what it leaves to those who remember."""

from collections.abc import Callable, Sequence

from chatcrew.clock import Clock
from chatcrew.memory import MemoryStore
from chatcrew.messages import Claim, Erased, Fact, Noted, Person, Recollection


class StoredMemory:
    """Satisfies ``hub.memories.Memory``.

    Args:
        store: where it is kept.
        clock: time.
        wake: called when an episode has something to remember.
    """

    def __init__(
        self, store: MemoryStore, *, clock: Clock, wake: Callable[[], None] | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    async def recall(self, claim: Claim, person: Person | None) -> Recollection:
        """Return the episode's summary, and what is remembered of ``person``."""
        state, now = claim.state, self._clock.now()
        return await self._store.recall(person, state.id, episode=state.episode, now=now)

    async def facts(self, person: Person) -> Sequence[Fact]:
        """Return everything remembered of ``person``, newest first."""
        return await self._store.facts(person, now=self._clock.now())

    async def forget(self, person: Person, fact: int) -> bool:
        """Forget one fact; False if the person has none of that number."""
        return await self._store.forget(person, fact)

    async def edit(self, person: Person, fact: int, text: str) -> bool:
        """Replace the words of one fact."""
        return await self._store.edit(person, fact, text, now=self._clock.now())

    async def erase(self, person: Person) -> Erased:
        """Forget a person."""
        return await self._store.erase(person)

    async def seal(self, claim: Claim) -> None:
        """Forget the summary of the claim's episode; what was said in it is not read again."""
        state = claim.state
        up_to, now = state.last_message_id, self._clock.now()
        await self._store.seal(state.id, episode=state.episode, up_to=up_to, now=now)

    async def note(self, noted: Noted, *, keep_days: int) -> None:
        """Keep what a turn knows, and wake who remembers the rest."""
        await self._store.note(noted, now=self._clock.now(), keep_days=keep_days)
        if self._wake is not None:
            self._wake()
