"""Corrections that people proposed: what each says, what it is about, what the admin made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chatcrew.clock import Clock, SystemClock
from chatcrew.ids import ConversationId


class Kind(StrEnum):
    """What a proposal changes."""

    FAQ = "faq"
    RULE = "rule"


class Cause(StrEnum):
    """What made a proposal."""

    COMMAND = "command"
    """An operator wrote ``/bot corrigir``, or said so in the tab."""
    EDITED = "edited"
    """A person changed figures or links of a draft before sending it."""
    DELETED = "deleted"
    """A person deleted a reply of the bot's."""


class State(StrEnum):
    """Life of a proposal; nothing is applied while it is open."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Content:
    """What is proposed; personal data that could be told from words is left out.

    Attributes:
        text: the right answer, or the rule; "" while nobody has said it.
        question: what it answers; for a rule, what the customer had said.
        reply: what the bot had said, or "".
        way: reason of that reply's turn, such as ``crew`` or ``intent:prices``, or "".
        channel: the crew's channel in which it was said.
    """

    text: str
    question: str = ""
    reply: str = ""
    way: str = ""
    channel: str = "whatsapp"


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A proposal before it has a number.

    Attributes:
        key: what it is about: of one reply there is one open proposal.
        tenant: whose files it is to change.
        conversation: where it comes from.
        kind: what it changes.
        cause: what made it.
        made_by: who.
        content: what is proposed.
    """

    key: str
    tenant: str
    conversation: ConversationId
    kind: Kind
    cause: Cause
    made_by: str
    content: Content


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it is kept.

    Attributes:
        id: what admins name it by.
        new: as it was made.
        made_at: when, UTC.
        state: what became of it.
        ended_at: when that was decided, or None.
        reason: why it was rejected, or "".
    """

    id: int
    new: NewProposal
    made_at: datetime
    state: State = State.OPEN
    ended_at: datetime | None = None
    reason: str = ""


class Proposals(Protocol):
    """Where proposals are kept.

    Every method raises ``StoreError`` while the storage is away.
    """

    async def make(self, new: NewProposal) -> Proposal:
        """Keep it; an open one of the same key gets the new content and keeps its number.

        What says only that something was wrong, without a text, changes nothing of an open one.
        """
        ...

    async def mark(self, new: NewProposal) -> bool:
        """Keep it if there never was one of its key; say whether there was none."""
        ...

    async def get(self, number: int) -> Proposal | None:
        """Return one."""
        ...

    async def listed(
        self, *, tenant: str | None = None, state: State | None = State.OPEN, limit: int = 100
    ) -> Sequence[Proposal]:
        """Return proposals, the oldest first."""
        ...

    async def answer(self, number: int, content: Content) -> bool:
        """Change what an open one says; False where there is none."""
        ...

    async def end(self, number: int, state: State, *, reason: str = "") -> bool:
        """Close an open one; False where there is none."""
        ...


class MemoryProposals:
    """Satisfies ``Proposals``; empty at start."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._kept: dict[int, Proposal] = {}

    async def make(self, new: NewProposal) -> Proposal:
        """See ``Proposals.make``."""
        for one in self._kept.values():
            if one.new.key == new.key and one.state is State.OPEN:
                self._kept[one.id] = replace(one, new=new if new.content.text else one.new)
                return self._kept[one.id]
        number = len(self._kept) + 1
        self._kept[number] = Proposal(number, new, self._clock.now())
        return self._kept[number]

    async def mark(self, new: NewProposal) -> bool:
        """See ``Proposals.mark``."""
        if any(one.new.key == new.key for one in self._kept.values()):
            return False
        await self.make(new)
        return True

    async def get(self, number: int) -> Proposal | None:
        """See ``Proposals.get``."""
        return self._kept.get(number)

    async def listed(
        self, *, tenant: str | None = None, state: State | None = State.OPEN, limit: int = 100
    ) -> Sequence[Proposal]:
        """See ``Proposals.listed``."""
        found = [
            one
            for one in self._kept.values()
            if tenant in (None, one.new.tenant) and state in (None, one.state)
        ]
        return found[:limit]

    async def answer(self, number: int, content: Content) -> bool:
        """See ``Proposals.answer``."""
        one = self._kept.get(number)
        if one is None or one.state is not State.OPEN:
            return False
        self._kept[number] = replace(one, new=replace(one.new, content=content))
        return True

    async def end(self, number: int, state: State, *, reason: str = "") -> bool:
        """See ``Proposals.end``."""
        one = self._kept.get(number)
        if one is None or one.state is not State.OPEN:
            return False
        self._kept[number] = replace(one, state=state, ended_at=self._clock.now(), reason=reason)
        return True
