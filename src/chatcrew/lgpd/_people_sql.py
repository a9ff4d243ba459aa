"""A person's rows in every table of the register: found, exported, erased."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.lgpd._given import own
from chatcrew.lgpd._holding import Holding, Link
from chatcrew.lgpd._opening import Reveal, Row, Unreadable
from chatcrew.lgpd._register_sql import REGISTER
from chatcrew.lgpd._views import words_of
from chatcrew.messages import Person

_AT_ONCE: Final = 500

_OF: Final = {
    Link.CONVERSATION: """(t.bot, t.number) in (
        select * from unnest(cast(:bots as text[]), cast(:numbers as bigint[])))""",
    Link.PERSON: "t.tenant = :tenant and t.account = :account and t.contact = :contact",
    Link.TENANT: "t.tenant = :tenant",
}

# A conversation that no turn has placed yet may be the tenant's
_PLACES = """
    select bot, number from conversation
    where account = :account and (tenant = :tenant or tenant is null)
      and cast(snapshot -> 'contact' ->> 'id' as bigint) = :contact
    order by bot, number
"""
_FIND_PLACES = text(_PLACES)
_LOCK_PLACES = text(f"{_PLACES} for update")
_UNDER_WAY = text(f"""
    select t.id, t.bot, t.number from turn t
    where t.state <> 'finished' and {_OF[Link.CONVERSATION]}
""")  # noqa: S608 - constants of this file, no values
_FILES = text(f"""
    select distinct t.tenant, t.digest from attachment_seen t where {_OF[Link.CONVERSATION]}
""")  # noqa: S608 - constants of this file, no values
_READ = text("""
    select cast(to_jsonb(t) as text) from attachment_content t where (t.tenant, t.digest) in (
        select * from unnest(cast(:tenants as text[]), cast(:digests as text[])))
""")
_UNREAD = text("""
    delete from attachment_content t
    where (t.tenant, t.digest) in (
        select * from unnest(cast(:tenants as text[]), cast(:digests as text[])))
      and not exists (select from attachment_seen as seen
                      where seen.tenant = t.tenant and seen.digest = t.digest)
""")
_CONTACTS = text("""
    select cast(to_jsonb(t) as text) from conversation t
    where (t.tenant = :tenant or (t.tenant is null and t.account in (
               select account from conversation where tenant = :tenant)))
      and t.snapshot -> 'contact' ->> 'id' is not null
""")
_FACTS = text("select cast(to_jsonb(t) as text) from contact_fact t where t.tenant = :tenant")
_LINES = text("""
    select cast(to_jsonb(t) as text), c.account, c.snapshot -> 'contact' ->> 'id'
    from message t join conversation c using (bot, number)
    where c.tenant = :tenant and t.line -> 'author' ->> 'kind' = 'customer'
      and c.snapshot -> 'contact' ->> 'id' is not null
""")
_ACCOUNTS = text("""
    select account from conversation
    where tenant = :tenant and cast(snapshot -> 'contact' ->> 'id' as bigint) = :contact
    union select account from contact_fact where tenant = :tenant and contact = :contact
    union select account from contact_consent where tenant = :tenant and contact = :contact
    union select account from contact_opt_out where tenant = :tenant and contact = :contact
    union select account from episode_memory where tenant = :tenant and contact = :contact
    order by 1
""")
_ALL_PEOPLE = text("""
    select tenant, account, cast(snapshot -> 'contact' ->> 'id' as bigint) as contact
    from conversation
    where tenant is not null and snapshot -> 'contact' ->> 'id' is not null
    union select tenant, account, contact from contact_fact
    union select tenant, account, contact from contact_consent
    union select tenant, account, contact from contact_opt_out
    union select tenant, account, contact from episode_memory
    where tenant is not null and contact is not null
""")


@dataclass(frozen=True, slots=True)
class Gone:
    """What was erased of a person in the database.

    Attributes:
        rows: deleted or emptied, by table.
        under_way: turns that had not ended: id, bot and number.
    """

    rows: dict[str, int] = field(default_factory=dict)
    under_way: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Everything kept of a person.

    Attributes:
        rows: by table.
        unreadable: what of them cannot be opened, and is empty in ``rows``.
    """

    rows: Mapping[str, Sequence[Row]]
    unreadable: Sequence[Unreadable] = ()


class People:
    """The rows of people.

    Args:
        database: migrated.
        reveal: opens what is sealed in a row.
    """

    def __init__(self, database: Database, reveal: Reveal) -> None:
        self._database = database
        self._reveal = reveal

    async def accounts(self, tenant: str, contact: int) -> list[str]:
        """Return in which accounts a tenant has a contact of this number."""
        async with statement(self._database) as connection:
            found = await connection.scalars(_ACCOUNTS, {"tenant": tenant, "contact": contact})
            return list(found)

    async def everybody(self) -> list[Person]:
        """Return everybody of whom anything is kept."""
        async with statement(self._database) as connection:
            return [Person(*tuple(row)) for row in await connection.execute(_ALL_PEOPLE)]

    async def contacts(self, tenant: str) -> AsyncIterator[list[tuple[Person, str]]]:
        """Yield a tenant's contacts by the hundred, with all that their conversations show."""

        def read(row: Row) -> tuple[Person, str]:
            contact = row["snapshot"]["contact"]
            return Person(tenant, row["account"], contact["id"]), "\n".join(leaves(contact))

        def page(some: Sequence[Any]) -> list[tuple[Person, str]]:
            return [read(orjson.loads(written)) for (written,) in some]

        async for some in self._partitions(_CONTACTS, tenant):
            yield await asyncio.to_thread(page, some)

    async def said(self, tenant: str) -> AsyncIterator[list[tuple[Person, str]]]:
        """Yield what is remembered of a tenant's customers, then what they wrote."""

        def facts(some: Sequence[Any]) -> list[tuple[Person, str]]:
            rows = [self._shown("contact_fact", orjson.loads(written)) for (written,) in some]
            return [(Person(tenant, row["account"], row["contact"]), row["body"]) for row in rows]

        def lines(some: Sequence[Any]) -> list[tuple[Person, str]]:
            return [
                (
                    Person(tenant, account, int(contact)),
                    self._shown("message", orjson.loads(written))["line"]["text"],
                )
                for written, account, contact in some
            ]

        for query, page in ((_FACTS, facts), (_LINES, lines)):
            async for some in self._partitions(query, tenant):
                yield await asyncio.to_thread(page, some)

    async def _partitions(self, query: Any, tenant: str) -> AsyncIterator[Sequence[Any]]:
        async with transaction(self._database) as connection:
            rows = await connection.stream(query, {"tenant": tenant})
            async for some in rows.partitions(_AT_ONCE):
                yield some

    async def rows(self, person: Person) -> Found:
        """Return everything kept of a person, by table, with all its columns."""
        unreadable: list[Unreadable] = []
        async with transaction(self._database) as connection:
            values = await _values(connection, person, _FIND_PLACES)
            found = {
                one.table: await self._read(connection, one, values, unreadable)
                for one in REGISTER.values()
                if one.link in (Link.CONVERSATION, Link.PERSON)
            }
            found = own(found, person.tenant)
            files = await _files(connection, values)
            read = (await connection.scalars(_READ, files)).all() if files["digests"] else ()
        found["attachment_content"] = await asyncio.to_thread(
            self._opened, "attachment_content", read, unreadable
        )
        return Found(found, tuple(unreadable))

    async def erase(self, person: Person, *, now: datetime) -> Gone:
        """Delete or empty a person's rows in one transaction; turns under way lose their lease."""
        rows: dict[str, int] = {}
        async with transaction(self._database) as connection:
            values = {**await _values(connection, person, _LOCK_PLACES), "now": now}
            under_way = tuple(
                (row.id, row.bot, row.number)
                for row in await connection.execute(_UNDER_WAY, values)
            )
            files = await _files(connection, values)
            for one in REGISTER.values():
                if (query := _erasing(one)) is not None:
                    rows[one.table] = (await connection.execute(text(query), values)).rowcount
            rows["attachment_content"] = (await connection.execute(_UNREAD, files)).rowcount
        return Gone(rows, under_way)

    async def _read(
        self,
        connection: AsyncConnection,
        one: Holding,
        values: Mapping[str, Any],
        unreadable: list[Unreadable],
    ) -> list[Row]:
        query = f"select cast(to_jsonb(t) as text) from {one.table} t where {_OF[one.link]}"  # noqa: S608 - names of the register, no values
        found = (await connection.scalars(text(query), dict(values))).all()
        return await asyncio.to_thread(self._opened, one.table, found, unreadable)

    def _opened(self, table: str, found: Sequence[str], unreadable: list[Unreadable]) -> list[Row]:
        return [self._shown(table, orjson.loads(written), unreadable) for written in found]

    def _shown(self, table: str, row: Row, unreadable: list[Unreadable] | None = None) -> Row:
        opened, closed = self._reveal(table, row)
        if unreadable is not None:
            unreadable += closed
        return opened


def leaves(value: Any) -> Sequence[str]:
    """Return every text in a JSON value, its keys too; bytes as what they say."""
    if isinstance(value, str):
        return (words_of(bytes.fromhex(value[2:])),) if value.startswith("\\x") else (value,)
    if isinstance(value, Mapping):
        return [one for pair in value.items() for part in pair for one in leaves(part)]
    if isinstance(value, list):
        return [one for part in value for one in leaves(part)]
    return (str(value),) if isinstance(value, int) and not isinstance(value, bool) else ()


def _erasing(one: Holding) -> str | None:
    """Return the statement that erases a person's rows of a table, None where they stay."""
    where = one.own or _OF.get(one.link)
    if where is None or (one.note and not one.blank):
        return None
    if one.blank:
        return f"update {one.table} t set {one.blank} where {where}"  # noqa: S608 - names of the register, no values
    return f"delete from {one.table} t where {where}"  # noqa: S608 - names of the register, no values


async def _values(connection: AsyncConnection, person: Person, places: Any) -> dict[str, Any]:
    who = {"tenant": person.tenant, "account": person.account, "contact": person.contact}
    found = (await connection.execute(places, who)).all()
    return {**who, "bots": [row.bot for row in found], "numbers": [row.number for row in found]}


async def _files(connection: AsyncConnection, values: Mapping[str, Any]) -> dict[str, Any]:
    found = (await connection.execute(_FILES, dict(values))).all()
    return {
        "tenants": [row.tenant for row in found],
        "digests": [row.digest for row in found],
    }
