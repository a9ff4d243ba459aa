"""Memory in memory, for tests and simulations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from chatcrew.ids import ConversationId
from chatcrew.memory._port import LEASE, MOST_FACTS
from chatcrew.memory._rules import expires, exported, usefulness
from chatcrew.messages import (
    Consent,
    Erased,
    Fact,
    NewFact,
    Noted,
    Person,
    Recollection,
    Work,
    clean_text,
)

_Key = tuple[str, int, int]


@dataclass(slots=True)
class _Episode:
    """A row of ``episode_memory``."""

    work: Work
    due_at: datetime | None
    lease_until: datetime | None
    touched_at: datetime


class MemoryMemory:
    """In-memory twin of ``PostgresMemory``; see ``MemoryStore`` for what each method promises."""

    def __init__(self) -> None:
        self._facts: dict[int, tuple[Person, Fact]] = {}
        self._consents: dict[Person, Consent] = {}
        self._episodes: dict[_Key, _Episode] = {}
        self._ids = count(1)

    async def recall(
        self, person: Person | None, conversation: ConversationId, *, episode: int, now: datetime
    ) -> Recollection:
        """See ``MemoryStore.recall``."""
        here = self._episodes.get((conversation.bot, conversation.number, episode))
        last = self._episodes.get((conversation.bot, conversation.number, episode - 1))
        return Recollection(
            facts=() if person is None else await self.facts(person, now=now),
            consent=None if person is None else self._consents.get(person),
            summary=here.work.summary if here else "",
            up_to=here.work.summary_up_to if here else 0,
            before=last.work.summary if last else "",
            before_up_to=last.work.summary_up_to if last else 0,
        )

    async def note(self, noted: Noted, *, now: datetime, keep_days: int) -> None:
        """See ``MemoryStore.note``."""
        key = (noted.conversation.bot, noted.conversation.number, noted.episode)
        known = self._episodes.get(key)
        if known is None:
            fresh = Work(
                noted.conversation,
                noted.episode,
                person=noted.person,
                remember=noted.remember,
                marked=0,
                beyond=0,
                attempts=0,
                fence=0,
            )
            known = self._episodes[key] = _Episode(fresh, None, None, now)
        known.work = replace(
            known.work,
            person=noted.person,
            tenant=noted.tenant or (noted.person.tenant if noted.person else None),
            remember=noted.remember,
            marked=max(known.work.marked, noted.up_to),
            beyond=max(known.work.beyond, noted.beyond),
        )
        known.due_at = known.due_at or now
        known.touched_at = now
        if noted.person is None:
            return
        if noted.consent is not None:
            self._consents[noted.person] = noted.consent
        for number in noted.used:
            found = self._facts.get(number)
            if found is not None and found[0] == noted.person:
                self._facts[number] = (found[0], replace(found[1], used_at=now))
        if noted.remember:
            self._keep(noted.person, noted.facts, now, keep_days)

    async def claim(
        self, *, now: datetime, seconds: float = LEASE, limit: int = 1
    ) -> Sequence[Work]:
        """See ``MemoryStore.claim``."""
        due = [
            row
            for row in self._episodes.values()
            if row.due_at is not None
            and row.due_at <= now
            and (row.lease_until is None or row.lease_until <= now)
        ]
        first = sorted(due, key=lambda row: row.due_at or now)[:limit]
        for row in first:
            row.lease_until = now + timedelta(seconds=seconds)
            row.work = replace(row.work, attempts=row.work.attempts + 1, fence=row.work.fence + 1)
        return [row.work for row in first]

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
        """See ``MemoryStore.finish``."""
        row = self._held(work)
        if row is None:
            return False
        known = row.work
        row.work = replace(
            known,
            summary=known.summary if summary is None else clean_text(summary),
            summary_up_to=max(known.summary_up_to, summary_up_to or 0),
            extracted_up_to=max(known.extracted_up_to, extracted_up_to or 0),
            read_up_to=max(known.read_up_to, read_up_to or 0),
            attempts=0,
        )
        row.lease_until = None
        row.due_at = now if known.marked > work.marked else None
        if known.person is not None and known.person == work.person and known.remember:
            self._keep(known.person, facts, now, keep_days)
        return True

    async def finish_read(self, read: Mapping[Work, int], *, now: datetime) -> Collection[Work]:
        """See ``MemoryStore.finish_read``."""
        return [
            work
            for work, up_to in read.items()
            if await self.finish(work, now=now, read_up_to=up_to)
        ]

    async def release(self, work: Work, *, due_at: datetime, counted: bool = True) -> None:
        """See ``MemoryStore.release``."""
        row = self._held(work)
        if row is not None:
            row.lease_until, row.due_at = None, due_at
            row.work = replace(row.work, attempts=row.work.attempts - int(not counted))

    async def facts(self, person: Person, *, now: datetime) -> tuple[Fact, ...]:
        """See ``MemoryStore.facts``."""
        own = [fact for who, fact in self._facts.values() if who == person]
        live = [fact for fact in own if fact.expires_at > now]
        return tuple(sorted(live, key=lambda fact: (fact.created_at, fact.id), reverse=True))

    async def people(self, tenant: str, contact: int) -> tuple[Person, ...]:
        """See ``MemoryStore.people``."""
        known = {who for who, _ in self._facts.values()} | set(self._consents)
        known |= {row.work.person for row in self._episodes.values() if row.work.person}
        found = [who for who in known if (who.tenant, who.contact) == (tenant, contact)]
        return tuple(sorted(found, key=lambda who: who.account))

    async def edit(self, person: Person, fact: int, text: str, *, now: datetime) -> bool:
        """See ``MemoryStore.edit``."""
        found = self._facts.get(fact)
        if found is None or found[0] != person:
            return False
        changed = replace(
            found[1], text=clean_text(text), message_id=0, confidence=1.0, created_at=now
        )
        self._facts[fact] = (person, changed)
        return True

    async def forget(self, person: Person, fact: int) -> bool:
        """See ``MemoryStore.forget``."""
        found = self._facts.get(fact)
        if found is None or found[0] != person:
            return False
        del self._facts[fact]
        return True

    async def seal(
        self, conversation: ConversationId, *, episode: int, up_to: int, now: datetime
    ) -> None:
        """See ``MemoryStore.seal``."""
        key = (conversation.bot, conversation.number, episode)
        known = self._episodes.get(key)
        fresh = Work(conversation, episode, person=None, remember=False, marked=0, beyond=0)
        work = known.work if known is not None else replace(fresh, attempts=0, fence=0)
        sealed = replace(
            work,
            summary="",
            marked=max(work.marked, up_to),
            summary_up_to=up_to,
            extracted_up_to=up_to,
            read_up_to=up_to,
            fence=work.fence + 1,
        )
        self._episodes[key] = _Episode(sealed, None, None, now)

    async def consent(self, person: Person) -> Consent | None:
        """See ``MemoryStore.consent``."""
        return self._consents.get(person)

    async def export(self, person: Person) -> Mapping[str, Any]:
        """See ``MemoryStore.export``."""
        facts = [fact for who, fact in self._facts.values() if who == person]
        works = [row.work for row in self._episodes.values() if row.work.person == person]
        summaries = [(str(one.conversation), one.episode, one.summary) for one in works]
        return exported(facts, self._consents.get(person), summaries)

    async def erase(self, person: Person) -> Erased:
        """See ``MemoryStore.erase``."""
        numbers = [number for number, (who, _) in self._facts.items() if who == person]
        for number in numbers:
            del self._facts[number]
        summaries = 0
        for row in self._episodes.values():
            if row.work.person != person:
                continue
            summaries += bool(row.work.summary)
            marked = row.work.marked
            row.work = replace(
                row.work,
                summary="",
                summary_up_to=marked,
                extracted_up_to=marked,
                read_up_to=marked,
                fence=row.work.fence + 1,
            )
            row.due_at = row.lease_until = None
        consents = self._consents.pop(person, None)
        return Erased(len(numbers), summaries, int(consents is not None))

    async def purge(self, *, now: datetime, episodes_before: datetime) -> int:
        """See ``MemoryStore.purge``."""
        facts = [number for number, (_, fact) in self._facts.items() if fact.expires_at <= now]
        old = [key for key, row in self._episodes.items() if row.touched_at < episodes_before]
        for number in facts:
            del self._facts[number]
        for key in old:
            del self._episodes[key]
        return len(facts) + len(old)

    def _held(self, work: Work) -> _Episode | None:
        key = (work.conversation.bot, work.conversation.number, work.episode)
        row = self._episodes.get(key)
        held = row is not None and row.work.fence == work.fence and row.lease_until is not None
        return row if held else None

    def _keep(
        self, person: Person, facts: Sequence[NewFact], now: datetime, keep_days: int
    ) -> None:
        for one in facts:
            same = [
                number
                for number, (who, fact) in self._facts.items()
                if who == person
                and (fact.about == one.about if one.about else fact.text == clean_text(one.text))
            ]
            number = same[0] if same else next(self._ids)
            known = self._facts.get(number)
            self._facts[number] = (
                person,
                Fact(
                    number,
                    one.kind,
                    clean_text(one.text),
                    one.about,
                    str(one.conversation),
                    one.message_id,
                    one.confidence,
                    now,
                    known[1].used_at if known else None,
                    expires(one, now=now, keep_days=keep_days),
                ),
            )
        own = [fact for who, fact in self._facts.values() if who == person]
        for fact in sorted(own, key=usefulness, reverse=True)[MOST_FACTS:]:
            del self._facts[fact.id]
