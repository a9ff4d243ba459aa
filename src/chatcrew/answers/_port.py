"""Where kept answers stand, each tenant's for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chatcrew.answers._basis import Rest


@dataclass(frozen=True, slots=True)
class Row:
    """One kept answer, or one question that was asked in vain.

    Attributes:
        tenant: whose.
        exact: digest of scope, house and the question's very words.
        shape: digest of scope, house and what the question asks, however it is dressed.
        scope: crew, channel, function, language and intent.
        question: the customer's words; nothing in them is of one customer.
        text: the answer; "" of a question that was asked in vain.
        rests: what it rests on.
        knowledge: version of everything that was searched.
        sure: the knowledge was certain of the question, so that other words may find it.
        turn: id of the turn that made it.
        made_at: when, UTC.
        expires_at: until when it may be given, UTC.
        id: set by the store.
        hits: how often it was given.
        last_hit_at: when last, UTC.
    """

    tenant: str
    exact: str
    shape: str
    scope: tuple[str, ...]
    question: str
    text: str
    rests: tuple[Rest, ...]
    knowledge: str
    sure: bool
    turn: str
    made_at: datetime
    expires_at: datetime
    id: int = 0
    hits: int = 0
    last_hit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What the calls of a turn used; ``cost`` in US dollars, None: not known of one of them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = 0.0


class Answers(Protocol):
    """Every method raises ``StoreError`` while the storage is away."""

    async def find(self, tenant: str, *, exact: str, shape: str, now: datetime) -> Sequence[Row]:
        """Return what holds now of a question, in the same words or others, the newest first."""
        ...

    async def put(self, row: Row) -> int:
        """Keep an answer in the place of the one with the same ``exact``; return its id."""
        ...

    async def hit(self, tenant: str, number: int, *, now: datetime) -> None:
        """Count that it was given."""
        ...

    async def spent(self, turn: str) -> Spent:
        """Return what the answer of a turn used: not what remembering it did beside that."""
        ...

    async def rows(self, tenant: str, *, now: datetime, limit: int) -> Sequence[Row]:
        """Return what holds now, the most given first."""
        ...

    async def asked(self, tenant: str, *, limit: int) -> Sequence[Row]:
        """Return what was asked lately, the newest first, whether it holds or not."""
        ...

    async def row(self, tenant: str, number: int) -> Row | None:
        """Return one of them, or None."""
        ...

    async def forget(self, tenant: str, number: int | None = None) -> int:
        """Delete one of a tenant's, or all; return how many."""
        ...

    async def purge(self, *, before: datetime, most: int) -> int:
        """Delete what held until ``before``, and of each tenant what is beyond ``most``; count."""
        ...
