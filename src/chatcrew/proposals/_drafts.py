"""Where the bot's suggestions are kept until it is known what people made of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from chatcrew.clock import Clock, SystemClock
from chatcrew.conversations import History
from chatcrew.ids import ConversationId
from chatcrew.messages import AuthorKind, Fate, Line, Suggested, Suggestion
from chatcrew.proposals._compare import fate_of

OPEN_FOR = timedelta(hours=24)
"""After so long a suggestion that nobody used was ignored."""

LINES = 60
"""Newest lines among which a person's answer to a suggestion is looked for."""

_PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """What people made of the suggestions of one business.

    Attributes:
        tenant: tenant key.
        fates: how many of each fate; None: still open.
        likeness: mean likeness of those that were edited, or None.
    """

    tenant: str
    fates: Mapping[Fate | None, int] = field(default_factory=dict)
    likeness: float | None = None

    @property
    def made(self) -> int:
        """How many were made."""
        return sum(self.fates.values())

    @property
    def used(self) -> float | None:
        """Share of those with a fate that were sent, as they were or edited; None without any."""
        known = self.made - self.fates.get(None, 0)
        sent = self.fates.get(Fate.SENT, 0) + self.fates.get(Fate.EDITED, 0)
        return sent / known if known else None


class DraftStore(Protocol):
    """Suggestions, each tenant's for itself.

    Every method raises ``StoreError`` while the storage is away.
    """

    async def keep(self, suggestion: Suggestion) -> None:
        """Keep it; of one turn the newest text counts."""
        ...

    async def open(self, *, limit: int = 200) -> Sequence[Suggested]:
        """Return suggestions without a fate, the oldest first."""
        ...

    async def latest(self, conversation: ConversationId, *, tenant: str) -> Suggested | None:
        """Return the newest suggestion of a conversation that has no fate yet."""
        ...

    async def settle(self, turn_id: str, fate: Fate, likeness: float | None) -> None:
        """Write down a fate and forget the text; a fate that is known stays."""
        ...

    async def figures(self, *, since: datetime, tenant: str | None = None) -> list[DraftFigures]:
        """Return what became of those made since then, by tenant."""
        ...

    async def purge(self, before: datetime) -> int:
        """Forget what was made before; return how many."""
        ...


class MemoryDrafts:
    """Satisfies ``DraftStore``; empty at start."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._kept: dict[str, Suggested] = {}

    async def keep(self, suggestion: Suggestion) -> None:
        """See ``DraftStore.keep``."""
        known = self._kept.get(suggestion.turn_id)
        if known is None or known.fate is None:
            made = known.made_at if known else self._clock.now()
            self._kept[suggestion.turn_id] = Suggested(suggestion, made)

    async def open(self, *, limit: int = 200) -> Sequence[Suggested]:
        """See ``DraftStore.open``."""
        return self._of(None)[:limit]

    async def latest(self, conversation: ConversationId, *, tenant: str) -> Suggested | None:
        """See ``DraftStore.latest``."""
        ours = [
            one
            for one in self._of(None)
            if one.suggestion.conversation == conversation and one.suggestion.tenant == tenant
        ]
        return ours[-1] if ours else None

    async def settle(self, turn_id: str, fate: Fate, likeness: float | None) -> None:
        """See ``DraftStore.settle``."""
        known = self._kept.get(turn_id)
        if known is not None and known.fate is None:
            told = replace(known.suggestion, text="")
            self._kept[turn_id] = Suggested(told, known.made_at, fate, likeness)

    async def figures(self, *, since: datetime, tenant: str | None = None) -> list[DraftFigures]:
        """See ``DraftStore.figures``."""
        found = [one for one in self._kept.values() if one.made_at >= since]
        names = sorted({one.suggestion.tenant for one in found} & ({tenant} if tenant else set()))
        if tenant is None:
            names = sorted({one.suggestion.tenant for one in found})
        return [
            _figures(name, [one for one in found if one.suggestion.tenant == name])
            for name in names
        ]

    async def purge(self, before: datetime) -> int:
        """See ``DraftStore.purge``."""
        old = [turn for turn, one in self._kept.items() if one.made_at < before]
        for turn in old:
            del self._kept[turn]
        return len(old)

    def _of(self, fate: Fate | None) -> list[Suggested]:
        found = [one for one in self._kept.values() if one.fate is fate]
        return sorted(found, key=lambda one: (one.made_at, one.suggestion.turn_id))


def _figures(tenant: str, found: Sequence[Suggested]) -> DraftFigures:
    fates: dict[Fate | None, int] = {}
    for one in found:
        fates[one.fate] = fates.get(one.fate, 0) + 1
    edited = [one.likeness for one in found if one.fate is Fate.EDITED and one.likeness is not None]
    return DraftFigures(tenant, fates, sum(edited) / len(edited) if edited else None)


async def settle_drafts(
    drafts: DraftStore,
    history: History,
    *,
    now: datetime,
    told: Callable[[Suggested, str, Fate], Awaitable[None]] | None = None,
) -> int:
    """Look what people said after each open suggestion; return how many have a fate now.

    The first public words of a person after it decide. It is ignored where the customer was
    answered otherwise, a newer suggestion stands in its place, or a day has passed.

    Args:
        drafts: the suggestions.
        history: the conversations.
        now: the moment.
        told: told of each that a person answered, with what he sent.

    Raises:
        StoreError: the storage is away.
    """
    waiting = await drafts.open()
    newest = {one.suggestion.conversation: one.suggestion.turn_id for one in waiting}
    count = 0
    for one in waiting:
        known = one.suggestion
        lines = await history.window(known.conversation, limit=LINES)
        answer = next((line for line in lines if _answers(line, known)), None)
        if answer is not None:
            fate, likeness = fate_of(known.text, answer.text)
            if told is not None:
                await told(one, answer.text, fate)
            await drafts.settle(known.turn_id, fate, likeness)
        elif newest[known.conversation] != known.turn_id or now - one.made_at > OPEN_FOR:
            await drafts.settle(known.turn_id, Fate.IGNORED, None)
        else:
            continue
        count += 1
    return count


def _answers(line: Line, suggestion: Suggestion) -> bool:
    return line.message_id > suggestion.after and line.author.kind in _PEOPLE and bool(line.text)
