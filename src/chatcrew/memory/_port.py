"""What memory offers: facts of people, running summaries, and the work of remembering."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Consent,
    Erased,
    Fact,
    NewFact,
    Noted,
    Person,
    Recollection,
    Work,
)

MOST_FACTS = 50
"""Facts kept of one person; beyond them those go that were longest of no use."""

LEASE = 120.0
"""Seconds for which one worker has the work of an episode: two model calls and their retries."""


class MemoryStore(Protocol):
    """Facts by (tenant, account, contact), summaries by episode; nothing is shared between tenants.

    Every method raises ``StoreError`` while the storage is away.
    """

    async def recall(
        self, person: Person | None, conversation: ConversationId, *, episode: int, now: datetime
    ) -> Recollection:
        """Return all a turn needs, in one round trip."""
        ...

    async def note(self, noted: Noted, *, now: datetime, keep_days: int) -> None:
        """Keep what a turn knows, and mark its episode as one with something to remember.

        Idempotent: a turn that is delivered again notes the same again.
        """
        ...

    async def claim(
        self, *, now: datetime, seconds: float = LEASE, limit: int = 1
    ) -> Sequence[Work]:
        """Lease the episodes that are due longest, ``limit`` at most."""
        ...

    async def finish(
        self,
        work: Work,
        *,
        now: datetime,
        facts: Sequence[NewFact] = (),
        summary: str | None = None,
        summary_up_to: int | None = None,
        extracted_up_to: int | None = None,
        read_up_to: int | None = None,
        keep_days: int = 365,
    ) -> bool:
        """Keep the results in one transaction and give the lease back; False: it was lost.

        What was noted meanwhile stays due.
        """
        ...

    async def finish_read(self, read: Mapping[Work, int], *, now: datetime) -> Collection[Work]:
        """Give the leases back of works of which nothing is to be kept, all in one round trip.

        As ``finish`` does with ``read_up_to`` alone, only that no row is waited for.

        Args:
            read: up to which line each was read.
            now: UTC.

        Returns:
            those that were given back; another's lease was lost, or its row was being written.
        """
        ...

    async def release(self, work: Work, *, due_at: datetime, counted: bool = True) -> None:
        """Give the lease back unfinished, due again at ``due_at``; a lost one is left alone.

        Args:
            work: which.
            due_at: UTC.
            counted: False: nobody has tried it.
        """
        ...

    async def facts(self, person: Person, *, now: datetime) -> tuple[Fact, ...]:
        """Return what is remembered of a person, newest first."""
        ...

    async def people(self, tenant: str, contact: int) -> tuple[Person, ...]:
        """Return who has this contact number, one for each account."""
        ...

    async def edit(self, person: Person, fact: int, text: str, *, now: datetime) -> bool:
        """Replace the words of one fact; False if the person has none of that number."""
        ...

    async def forget(self, person: Person, fact: int) -> bool:
        """Forget one fact; False if the person has none of that number."""
        ...

    async def seal(
        self, conversation: ConversationId, *, episode: int, up_to: int, now: datetime
    ) -> None:
        """Forget an episode's summary; what was said in it up to ``up_to`` is read no more."""
        ...

    async def consent(self, person: Person) -> Consent | None:
        """Return what the person said to being remembered."""
        ...

    async def export(self, person: Person) -> Mapping[str, Any]:
        """Return everything kept of a person as JSON values (LGPD art. 18, II)."""
        ...

    async def erase(self, person: Person) -> Erased:
        """Forget a person: facts, summaries and consent (LGPD art. 18, VI).

        What was said until now is not remembered anew from the history.
        """
        ...

    async def purge(self, *, now: datetime, episodes_before: datetime) -> int:
        """Delete expired facts, and summaries untouched since ``episodes_before``; return rows."""
        ...
