"""The audit log on PostgreSQL."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.audit._chain import KEY_BYTES, START, entry, mark, opened, walked
from chatcrew.audit._port import Deed, Entry, Verdict
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.messages import Person

_AT_ONCE: Final = 2000

# Whoever appends has the only row of the head: entries come one after the other, without gaps.
_HEAD = text("select seq, hash, cut_seq, cut_hash from audit_head for update")
_BEGIN = text("""
    insert into audit_head (one, seq, hash, cut_seq, cut_hash)
    values (1, 0, :start, 0, :start) on conflict do nothing
""")
_MAKE_KEY = text("""
    insert into person_key (tenant, account, contact, key)
    values (:tenant, :account, :contact, :key) on conflict do nothing
""")
_KEY = text("""
    select key from person_key
    where tenant = :tenant and account = :account and contact = :contact
""")
_ADD = text("""
    with head as (update audit_head set seq = :seq, hash = :hash)
    insert into audit_entry (seq, at, actor, action, tenant, target, person, detail, hash)
    values (:seq, :at, :actor, :action, :tenant, :target, :person, :detail, :hash)
""")
_COLUMNS = "seq, at, actor, action, tenant, target, person, detail, hash"
_ENTRIES = text(f"""
    select {_COLUMNS} from audit_entry
    where (cast(:tenants as text[]) is null or tenant = any(cast(:tenants as text[])))
      and (cast(:person as text) is null or person = cast(:person as text))
      and (cast(:action as text) is null or action = cast(:action as text))
      and (cast(:before as bigint) is null or seq < cast(:before as bigint))
    order by seq desc limit :limit
""")  # noqa: S608 - column names of this file, no values
_NEXT = text(f"""
    select {_COLUMNS} from audit_entry where seq > :after and seq <= :upto
    order by seq limit :limit
""")  # noqa: S608 - column names of this file, no values
_BEYOND = text("select coalesce(max(seq), 0) from audit_entry")
# An entry tells its person to nobody who has not his key, so each is tried
_KEYS = text("""
    select tenant, account, contact, key from person_key
    where tenant = any(cast(:tenants as text[]))
""")
_FORGET = text("""
    delete from person_key
    where tenant = :tenant and account = :account and contact = :contact
""")
_LAST_OLD = text("""
    select seq, hash from audit_entry
    where seq < coalesce((select min(seq) from audit_entry where at >= :before), 9e18)
    order by seq desc limit 1
""")
_TRIM = text("""
    with head as (update audit_head set cut_seq = :seq, cut_hash = :hash)
    delete from audit_entry where seq <= :seq
""")
_OLD = text("select count(*) from audit_entry where seq <= :seq")


class PostgresAudit:
    """``AuditLog`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(self, deed: Deed) -> None:
        """See ``Audit.note``."""
        async with transaction(self._database) as connection:
            head = await _head(connection)
            key = await _key(connection, deed.person)
            now = self._clock.now()
            fresh = entry(deed, seq=head.seq + 1, at=now, previous=head.hash, key=key)
            values = {name: getattr(fresh, name) for name in _COLUMNS.split(", ")}
            await connection.execute(_ADD, values)

    async def entries(
        self,
        *,
        tenants: frozenset[str] | None = None,
        person: Person | None = None,
        action: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[Entry]:
        """See ``AuditLog.entries``."""
        async with transaction(self._database) as connection:
            asked, keys = None, list[tuple[Person, bytes]]()
            if person is not None:
                key = await connection.scalar(_KEY, _who(person))
                if key is None:
                    return ()
                asked, keys = mark(person, key), [(person, key)]
            values = {
                "tenants": None if tenants is None else sorted(tenants),
                "person": asked,
                "action": action,
                "before": before,
                "limit": limit,
            }
            found = [_entry(row) for row in await connection.execute(_ENTRIES, values)]
            if person is None and any(one.person for one in found):
                whose = sorted({one.tenant for one in found if one.tenant is not None})
                rows = await connection.execute(_KEYS, {"tenants": whose})
                keys = [(Person(row.tenant, row.account, row.contact), row.key) for row in rows]
        return await asyncio.to_thread(opened, found, keys)

    async def verify(self) -> Verdict:
        """See ``AuditLog.verify``."""
        async with transaction(self._database) as connection:
            ends = await _head(connection)
            newest = max(ends.seq, await connection.scalar(_BEYOND) or 0)

        async def all_of_them() -> AsyncIterator[list[Entry]]:
            after = ends.cut_seq
            while True:
                async with statement(self._database) as connection:
                    values = {"after": after, "upto": newest, "limit": _AT_ONCE}
                    some = [_entry(row) for row in await connection.execute(_NEXT, values)]
                if not some:
                    return
                yield some
                after = some[-1].seq

        return await walked(
            all_of_them(), seq=ends.seq, head=ends.hash, cut=ends.cut_seq, previous=ends.cut_hash
        )

    async def forget(self, person: Person) -> bool:
        """See ``AuditLog.forget``."""
        async with statement(self._database) as connection:
            return (await connection.execute(_FORGET, _who(person))).rowcount > 0

    async def trim(self, before: datetime, *, dry_run: bool = False) -> int:
        """See ``AuditLog.trim``."""
        async with transaction(self._database) as connection:
            await _head(connection)
            last = (await connection.execute(_LAST_OLD, {"before": before})).one_or_none()
            if last is None:
                return 0
            if dry_run:
                return await connection.scalar(_OLD, {"seq": last.seq}) or 0
            done = await connection.execute(_TRIM, {"seq": last.seq, "hash": last.hash})
            return done.rowcount


async def _head(connection: AsyncConnection) -> Row[Any]:
    """Return both ends of the chain, locked."""
    found = (await connection.execute(_HEAD)).one_or_none()
    if found is None:
        await connection.execute(_BEGIN, {"start": START})
        found = (await connection.execute(_HEAD)).one()
    return found


async def _key(connection: AsyncConnection, person: Person | None) -> bytes | None:
    """Return a person's key; he gets one where he has none yet."""
    if person is None:
        return None
    fresh = {**_who(person), "key": secrets.token_bytes(KEY_BYTES)}
    await connection.execute(_MAKE_KEY, fresh)
    found: bytes = (await connection.execute(_KEY, _who(person))).scalar_one()
    return found


def _who(person: Person) -> dict[str, Any]:
    return {"tenant": person.tenant, "account": person.account, "contact": person.contact}


def _entry(row: Row[Any]) -> Entry:
    return Entry(*tuple(row))
