"""Memory on PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.ids import ConversationId
from chatcrew.memory import _statements_sql as sql
from chatcrew.memory._places_sql import key_of, person_of, place, places, who
from chatcrew.memory._port import LEASE, MOST_FACTS
from chatcrew.memory._rows import consent_from, facts_from, readable_facts, readable_summaries
from chatcrew.memory._rules import expires, exported
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
from chatcrew.privacy import Unsealable
from chatcrew.telemetry import get_logger

_log = get_logger("memory")


class PostgresMemory:
    """``MemoryStore`` on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(
        self, person: Person | None, conversation: ConversationId, *, episode: int, now: datetime
    ) -> Recollection:
        """See ``MemoryStore.recall``."""
        values = {
            **who(person),
            "bot": conversation.bot,
            "number": conversation.number,
            "episode": episode,
            "now": now,
        }
        async with statement(self._database) as connection:
            found = (await connection.execute(sql.RECALL, values)).one()
        facts = orjson.loads(found.facts or "[]")
        consent = orjson.loads(found.consent) if found.consent else None
        episodes = {row["episode"]: row for row in orjson.loads(found.episodes or "[]")}
        keys, about = self._database.keys, f"summary {conversation.bot}"
        here, last = episodes.get(episode, {}), episodes.get(episode - 1, {})
        return Recollection(
            facts=facts_from(facts, keys, person.tenant if person else None),
            consent=consent_from(consent) if consent else None,
            summary=keys.open(here.get("summary", ""), about),
            up_to=here.get("summary_up_to", 0),
            before=keys.open(last.get("summary", ""), about),
            before_up_to=last.get("summary_up_to", 0),
        )

    async def note(self, noted: Noted, *, now: datetime, keep_days: int) -> None:
        """See ``MemoryStore.note``."""
        person = noted.person
        values: dict[str, Any] = {
            "tenant": noted.tenant or (person.tenant if person else None),
            "contact": person.contact if person else None,
            "account": noted.conversation.account,
            "bot": noted.conversation.bot,
            "number": noted.conversation.number,
            "episode": noted.episode,
            "remember": noted.remember,
            "marked": noted.up_to,
            "beyond": noted.beyond,
            "now": now,
        }
        how = sql.NOTE
        if noted.used and person is not None:
            how, values = sql.NOTE_USED, values | who(person) | {"ids": list(noted.used)}
        more = noted.consent is not None or (noted.remember and noted.facts)
        # nearly always one statement, which needs no transaction around it
        keep = transaction if person is not None and more else statement
        async with keep(self._database) as connection:
            await connection.execute(how, values)
            if person is None:
                return
            if noted.consent is not None:
                given = {
                    "given": noted.consent.given,
                    "at": noted.consent.at,
                    "version": noted.consent.version,
                    "source": noted.consent.source,
                }
                await connection.execute(sql.CONSENT, {**who(person), **given})
            if noted.remember:
                await self._keep(connection, person, noted.facts, now, keep_days)

    async def claim(
        self, *, now: datetime, seconds: float = LEASE, limit: int = 1
    ) -> Sequence[Work]:
        """See ``MemoryStore.claim``."""
        values = {"now": now, "until": now + timedelta(seconds=seconds), "limit": limit}
        async with statement(self._database) as connection:
            found = (await connection.execute(sql.CLAIM, values)).all()
        return [work for row in found if (work := self._readable_work(row)) is not None]

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
        values = {
            **place(work),
            "marked": work.marked,
            "summary": None if summary is None else self._summary(work, summary),
            "summary_up_to": summary_up_to or 0,
            "extracted_up_to": extracted_up_to or 0,
            "read_up_to": read_up_to or 0,
            "now": now,
        }
        keep = transaction if facts else statement
        async with keep(self._database) as connection:
            found = (await connection.execute(sql.FINISH, values)).one_or_none()
            if found is None:
                return False
            known = person_of(found)
            if known is not None and known == work.person and found.remember:
                await self._keep(connection, known, facts, now, keep_days)
        return True

    async def finish_read(self, read: Mapping[Work, int], *, now: datetime) -> Collection[Work]:
        """See ``MemoryStore.finish_read``."""
        async with statement(self._database) as connection:
            found = (await connection.execute(sql.FINISH_READ, {**places(read), "now": now})).all()
        ended = {(row.bot, row.number, row.episode) for row in found}
        return [work for work in read if key_of(work) in ended]

    async def release(self, work: Work, *, due_at: datetime, counted: bool = True) -> None:
        """See ``MemoryStore.release``."""
        values = {**place(work), "due_at": due_at, "uncounted": int(not counted)}
        async with statement(self._database) as connection:
            await connection.execute(sql.RELEASE, values)

    async def facts(self, person: Person, *, now: datetime) -> tuple[Fact, ...]:
        """See ``MemoryStore.facts``."""
        async with statement(self._database) as connection:
            rows = await connection.execute(sql.FACTS, {**who(person), "now": now})
            return facts_from(rows.mappings(), self._database.keys, person.tenant)

    async def people(self, tenant: str, contact: int) -> tuple[Person, ...]:
        """See ``MemoryStore.people``."""
        async with statement(self._database) as connection:
            found = await connection.scalars(sql.PEOPLE, {"tenant": tenant, "contact": contact})
            return tuple(Person(tenant, account, contact) for account in found)

    async def edit(self, person: Person, fact: int, text: str, *, now: datetime) -> bool:
        """See ``MemoryStore.edit``."""
        values = {**who(person), "id": fact, "now": now}
        values["body"] = self._database.keys.seal(clean_text(text), f"fact {person.tenant}")
        async with statement(self._database) as connection:
            return (await connection.execute(sql.EDIT, values)).rowcount > 0

    async def forget(self, person: Person, fact: int) -> bool:
        """See ``MemoryStore.forget``."""
        async with statement(self._database) as connection:
            found = await connection.execute(sql.FORGET, {**who(person), "id": fact})
            return found.rowcount > 0

    async def seal(
        self, conversation: ConversationId, *, episode: int, up_to: int, now: datetime
    ) -> None:
        """See ``MemoryStore.seal``."""
        values = {"bot": conversation.bot, "number": conversation.number, "episode": episode}
        values |= {"account": conversation.account, "up_to": up_to, "now": now}
        async with statement(self._database) as connection:
            await connection.execute(sql.SEAL, values)

    async def consent(self, person: Person) -> Consent | None:
        """See ``MemoryStore.consent``."""
        async with statement(self._database) as connection:
            row = (await connection.execute(sql.CONSENT_OF, who(person))).mappings().one_or_none()
        return None if row is None else consent_from(dict(row))

    async def export(self, person: Person) -> Mapping[str, Any]:
        """See ``MemoryStore.export``."""
        keys = self._database.keys
        async with transaction(self._database) as connection:
            rows = await connection.execute(sql.ALL_FACTS, who(person))
            facts = readable_facts(rows.mappings(), keys, person.tenant)
            consent = (await connection.execute(sql.CONSENT_OF, who(person))).mappings()
            given = consent.one_or_none()
            summaries = (await connection.execute(sql.SUMMARIES, who(person))).all()
        return exported(
            facts,
            None if given is None else consent_from(dict(given)),
            readable_summaries(summaries, keys),
        )

    async def erase(self, person: Person) -> Erased:
        """See ``MemoryStore.erase``."""
        async with transaction(self._database) as connection:
            found = (await connection.execute(sql.SUMMARIES, who(person))).all()
            # before the facts: work that holds its row has written more of them when it ends
            await connection.execute(sql.ERASE_SUMMARIES, who(person))
            facts = (await connection.execute(sql.ERASE_FACTS, who(person))).rowcount
            await connection.execute(sql.ERASE_QUOTES, who(person))
            consents = (await connection.execute(sql.ERASE_CONSENT, who(person))).rowcount
        return Erased(facts, sum(bool(row.summary) for row in found), consents)

    async def purge(self, *, now: datetime, episodes_before: datetime) -> int:
        """See ``MemoryStore.purge``."""
        async with transaction(self._database) as connection:
            facts = (await connection.execute(sql.PURGE_FACTS, {"now": now})).rowcount
            episodes = await connection.execute(sql.PURGE_EPISODES, {"before": episodes_before})
            return facts + episodes.rowcount

    async def _keep(
        self,
        connection: AsyncConnection,
        person: Person,
        facts: Sequence[NewFact],
        now: datetime,
        keep_days: int,
    ) -> None:
        """Write facts, newer over older, then forget what is too much."""
        keys, mine = self._database.keys, f"fact {person.tenant}"
        for one in facts:
            values = {
                **who(person),
                "kind": one.kind.value,
                "about": one.about,
                "body": keys.seal(clean_text(one.text), mine),
                "conversation": str(one.conversation),
                "message_id": one.message_id,
                "confidence": one.confidence,
                "now": now,
                "expires": expires(one, now=now, keep_days=keep_days),
            }
            if one.about is None:
                loose = (await connection.execute(sql.LOOSE, who(person))).all()
                said = clean_text(one.text)
                same = [row.id for row in loose if keys.open(row.body, mine) == said]
                if same:
                    await connection.execute(sql.RENEW, values | {"id": same[0]})
                    continue
            await connection.execute(sql.KEEP, values)
        if facts:
            await connection.execute(sql.BOUND, {**who(person), "most": MOST_FACTS})

    def _readable_work(self, row: Row[Any]) -> Work | None:
        """Return the work of a claimed row; None: its summary does not open, so that it waits.

        Raised here, it would keep from being done whatever was claimed with it.
        """
        try:
            return self._work(row)
        except Unsealable as error:
            _log.error("memory.unreadable", bot=row.bot, number=row.number, key=error.key)
            return None

    def _work(self, row: Row[Any]) -> Work:
        return Work(
            conversation=ConversationId(row.account, row.bot, row.number),
            episode=row.episode,
            person=person_of(row),
            remember=row.remember,
            marked=row.marked,
            beyond=row.beyond,
            summary=self._database.keys.open(row.summary, f"summary {row.bot}"),
            summary_up_to=row.summary_up_to,
            extracted_up_to=row.extracted_up_to,
            read_up_to=row.read_up_to,
            tenant=row.tenant,
            attempts=row.attempts,
            fence=row.fence,
        )

    def _summary(self, work: Work, summary: str) -> str:
        return self._database.keys.seal(clean_text(summary), f"summary {work.conversation.bot}")
