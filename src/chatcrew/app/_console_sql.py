"""What the console's pages of operations read that no other part has asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text

from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.web.console import Ended, Load, Stuck, Tenants, Waiting

# Conversations that only a simulation has are nobody's customers
_MINE = """
    (cast(:tenants as text[]) is null or tenant = any(cast(:tenants as text[])))
    and bot not like 'sim:%'
"""

_LOAD = text(f"""
    select
        count(*) filter (where due_at is not null) as waiting,
        coalesce(extract(epoch from :now - min(waiting_since)
            filter (where due_at is not null)), 0) as oldest,
        count(*) filter (where due_at is not null and lease_until > :now) as running,
        count(*) filter (where parked_at is not null) as parked
    from conversation
    where (due_at is not null or parked_at is not null) and {_MINE}
""")  # noqa: S608 - constant

_UNSENT = text("""
    select count(*) filter (where outbox_part.state <> 'unknown') as unsent,
        count(*) filter (where outbox_part.state = 'unknown') as unknown
    from outbox_part join turn on turn.id = outbox_part.turn_id
    where outbox_part.state in ('planned', 'sending', 'unknown')
        and outbox_part.bot not like 'sim:%'
        and (cast(:tenants as text[]) is null or turn.tenant = any(cast(:tenants as text[])))
""")

_WAITING = text(f"""
    select account, bot, number, tenant, channel, waiting_since, due_at, attempts,
        coalesce(lease_until > :now, false) as running
    from conversation where due_at is not null and {_MINE}
    order by waiting_since nulls last, due_at limit :limit
""")  # noqa: S608 - constant

_STUCK = text(f"""
    select account, bot, number, tenant, parked_turn, parked_reason, parked_at
    from conversation where parked_at is not null and {_MINE}
    order by parked_at desc limit :limit
""")  # noqa: S608 - constant

_ONE_STUCK = text("""
    select account, bot, number, tenant, parked_turn, parked_reason, parked_at
    from conversation
    where bot = :bot and number = :number and account = :account and parked_at is not null
""")

_OWING = text("""
    select count(*) as n, count(*) filter (where next_at <= :now) as late from debt
    where ended_at is null and kind <> 'resolution' and bot not like 'sim:%'
        and (cast(:tenants as text[]) is null or tenant = any(cast(:tenants as text[])))
""")

_TURN = """
    id, account, bot, number, tenant, finished_at, outcome, reason, engine, function,
    cast(details ->> 'waited_ms' as double precision) / 1000 as seconds
"""
_ENDED = "finished_at is not null and outcome is not null and bot not like 'sim:%'"

_NEWEST = text(f"""
    select {_TURN} from turn where {_ENDED} order by finished_at desc limit :limit
""")  # noqa: S608 - constant

# A few steps into the index of each tenant. By ``tenant = …`` the planner may walk over all turns
# there are to find none of a tenant that has none (0.4 s with a million), so that the inner query
# takes what stands before the tenant's end in the index, and the outer one what is the tenant's.
_BEFORE_END = """
    finished_at is not null
    and (turn.tenant, finished_at) <= (wanted.key, cast('infinity' as timestamptz))
"""

_NEWEST_OF = text(f"""
    select found.* from unnest(cast(:tenants as text[])) as wanted (key)
    cross join lateral (
        select {_TURN} from turn where {_BEFORE_END} and {_ENDED}
        order by turn.tenant desc, finished_at desc limit :limit
    ) as found
    where found.tenant = wanted.key order by finished_at desc limit :limit
""")  # noqa: S608 - constant

# The newest of them where they are too many for one look
_SINCE = text(f"""
    select {_TURN} from turn where {_ENDED} and {_MINE} and finished_at > :after
    order by finished_at desc limit :limit
""")  # noqa: S608 - constant

_LAST = text(f"""
    select last.tenant, last.started_at, last.config
    from unnest(cast(:tenants as text[])) as wanted (key)
    cross join lateral (
        select tenant, started_at, config from turn
        where {_BEFORE_END} and turn.bot not like 'sim:%'
        order by turn.tenant desc, finished_at desc limit 1
    ) as last
    where last.tenant = wanted.key
""")  # noqa: S608 - constant


class ConsoleRecords:
    """Reads of the mailbox and of turns, cut down to the tenants that somebody may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, tenants: Tenants, *, now: datetime) -> Load:
        """Return what waits, all in all."""
        values = {"tenants": _list(tenants), "now": now}
        async with statement(self._database) as connection:
            found = (await connection.execute(_LOAD, values)).mappings().one()
        async with statement(self._database) as connection:
            sent = (await connection.execute(_UNSENT, {"tenants": _list(tenants)})).mappings().one()
        oldest = max(0.0, float(found["oldest"]))
        return Load(
            found["waiting"],
            oldest,
            found["running"],
            found["parked"],
            sent["unsent"],
            sent["unknown"],
        )

    async def waiting(self, tenants: Tenants, *, now: datetime, limit: int) -> Sequence[Waiting]:
        """Return conversations with input that no turn has dealt with."""
        values = {"tenants": _list(tenants), "now": now, "limit": limit}
        return [
            Waiting(
                _conversation(row),
                row["tenant"],
                row["channel"],
                row["waiting_since"],
                row["due_at"],
                row["attempts"],
                row["running"],
            )
            for row in await self._all(_WAITING, values)
        ]

    async def stuck(self, tenants: Tenants, *, limit: int) -> Sequence[Stuck]:
        """Return parked conversations, the newest first."""
        rows = await self._all(_STUCK, {"tenants": _list(tenants), "limit": limit})
        return [_stuck(row) for row in rows]

    async def one(self, conversation: ConversationId) -> Stuck | None:
        """Return what is parked in one conversation."""
        place = {"account": conversation.account, "bot": conversation.bot}
        rows = await self._all(_ONE_STUCK, {**place, "number": conversation.number})
        return _stuck(rows[0]) if rows else None

    async def owing(self, tenants: Tenants, *, now: datetime) -> tuple[int, int]:
        """Return how many customers wait for people, and of how many the next step is late."""
        (found,) = await self._all(_OWING, {"tenants": _list(tenants), "now": now})
        return found["n"], found["late"]

    async def newest(self, tenants: Tenants, *, limit: int) -> Sequence[Ended]:
        """Return the newest turns that ended, newest first."""
        if tenants is None:
            rows = await self._all(_NEWEST, {"limit": limit})
        else:
            rows = await self._all(_NEWEST_OF, {"tenants": sorted(tenants), "limit": limit})
        return [_ended(row) for row in rows]

    async def since(self, tenants: Tenants, *, after: datetime, limit: int) -> Sequence[Ended]:
        """Return turns that ended after a moment, the oldest first."""
        values = {"tenants": _list(tenants), "after": after, "limit": limit}
        return [_ended(row) for row in reversed(await self._all(_SINCE, values))]

    async def last(self, tenants: Sequence[str]) -> Mapping[str, tuple[datetime, str]]:
        """Return when each tenant's newest turn began, and which version it ran with."""
        rows = await self._all(_LAST, {"tenants": list(tenants)})
        return {row["tenant"]: (row["started_at"], row["config"] or "") for row in rows}

    async def _all(self, query: Any, values: Mapping[str, Any]) -> Sequence[RowMapping]:
        async with statement(self._database) as connection:
            return (await connection.execute(query, values)).mappings().all()


def _conversation(row: RowMapping) -> ConversationId:
    return ConversationId(row["account"], row["bot"], row["number"])


def _stuck(row: RowMapping) -> Stuck:
    return Stuck(
        _conversation(row),
        row["tenant"],
        row["parked_turn"] or "",
        row["parked_reason"] or "",
        row["parked_at"],
    )


def _ended(row: RowMapping) -> Ended:
    return Ended(
        row["id"],
        _conversation(row),
        row["tenant"],
        row["finished_at"],
        row["outcome"],
        row["reason"] or "",
        row["engine"],
        row["function"],
        row["seconds"],
    )


def _list(tenants: Tenants) -> list[str] | None:
    return None if tenants is None else sorted(tenants)
