"""What was given to whom, on PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.desk._port import RECENT, REMEMBERED, SCORED, WINDOW
from chatcrew.desk._values import Case, Choice, Given, Past, Score

_PREVIOUS = text("""
    select cast(m.line -> 'author' ->> 'id' as bigint) as agent_id
    from conversation c join message m on m.bot = c.bot and m.number = c.number
    where c.account = :account and c.tenant = :tenant
      and cast(c.snapshot -> 'contact' ->> 'id' as bigint) = :contact
      and not m.private and not m.deleted and m.episode >= c.tenant_episode
      and m.line -> 'author' ->> 'kind' = 'person' and m.line -> 'author' ->> 'id' is not null
    order by m.message_id desc limit 1
""")

# Two workers that choose at once would both see the past without the other's choice
_ALONE = text("select pg_advisory_xact_lock(hashtextextended('desk ' || :account, 0))")

_GIVEN = text("""
    select at, agent_id, team_id, unit, pool::text as pool from desk_given
    where account = :account and tenant = :tenant and at >= :since and turn_id <> :turn_id
    order by at desc, id desc limit :limit
""")

# Whatever the tenant: people of one account may serve several
_RECENT = text("""
    select at, agent_id, team_id, unit, pool::text as pool from desk_given
    where account = :account and at >= :recent and turn_id <> :turn_id
""")

_LAST = text("""
    select agent_id, max(at) as at from desk_given
    where account = :account and tenant = :tenant and agent_id is not null and turn_id <> :turn_id
    group by agent_id
""")

_RATED = text("""
    select cast(said.line -> 'author' ->> 'id' as bigint) as agent_id,
           count(*) as rated, count(*) filter (where r.rating >= 4) as content
    from (
        select bot, number, message_id, rating from rating
        where tenant = :tenant and at >= :since order by at desc limit :limit
    ) r
    join conversation c on c.bot = r.bot and c.number = r.number and c.account = :account
    join lateral (
        select m.line from message m
        where m.bot = r.bot and m.number = r.number and not m.private and not m.deleted
          and m.message_id < r.message_id and m.line -> 'author' ->> 'kind' = 'person'
        order by m.message_id desc limit 1
    ) said on true
    where said.line -> 'author' ->> 'id' is not null
    group by 1
""")

_FIRST_WORDS = text("""
    select agent_id, percentile_cont(0.5) within group (order by seconds) as seconds
    from (
        select g.agent_id,
               extract(epoch from min(cast(m.line ->> 'created_at' as timestamptz)) - g.at)
                   as seconds
        from (
            select id, bot, number, agent_id, at from desk_given
            where account = :account and tenant = :tenant and at >= :since
              and agent_id is not null order by at desc limit :limit
        ) g
        join message m on m.bot = g.bot and m.number = g.number
        where not m.private and not m.deleted
          and m.line -> 'author' ->> 'kind' = 'person'
          and cast(m.line -> 'author' ->> 'id' as bigint) = g.agent_id
          and cast(m.line ->> 'created_at' as timestamptz) > g.at
        group by g.id, g.agent_id, g.at
    ) waits group by agent_id
""")

_KEEP = text("""
    insert into desk_given (account, tenant, bot, number, turn_id, agent_id, team_id, method, unit,
                            pool, at)
    values (:account, :tenant, :bot, :number, :turn_id, :agent_id, :team_id, :method, :unit,
            cast(cast(:pool as text) as jsonb), :at)
    on conflict (turn_id) do update set agent_id = excluded.agent_id, team_id = excluded.team_id,
        method = excluded.method, unit = excluded.unit, pool = excluded.pool, at = excluded.at
""")

_TAKE_BACK = text("delete from desk_given where turn_id = :turn_id")

_PURGE = text("delete from desk_given where at < :before")


class PostgresAssignments:
    """``Assignments`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def previous(self, case: Case, contact_id: int) -> int | None:
        """See ``Assignments.previous``."""
        values = _place(case) | {"contact": contact_id}
        async with statement(self._database) as connection:
            found: int | None = (await connection.execute(_PREVIOUS, values)).scalar()
        return found

    async def give(self, case: Case, choose: Callable[[Past], Choice]) -> Choice:
        """See ``Assignments.give``."""
        async with transaction(self._database) as connection:
            await connection.execute(_ALONE, {"account": case.conversation.account})
            now = self._clock.now()  # after the wait: nobody chose later with an earlier time
            choice = choose(await self._past(connection, case, now))
            values = {
                **_place(case),
                "bot": case.conversation.bot,
                "number": case.conversation.number,
                "turn_id": case.turn_id,
                "agent_id": None if choice.agent is None else choice.agent.id,
                "team_id": None if choice.team is None else choice.team.id,
                "method": choice.method,
                "unit": choice.unit,
                "pool": orjson.dumps(choice.pool).decode(),
                "at": now,
            }
            await connection.execute(_KEEP, values)
        return choice

    async def take_back(self, turn_id: str) -> None:
        """See ``Assignments.take_back``."""
        async with transaction(self._database) as connection:
            await connection.execute(_TAKE_BACK, {"turn_id": turn_id})

    async def purge(self, before: datetime) -> int:
        """See ``Assignments.purge``."""
        async with transaction(self._database) as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount

    async def _past(self, connection: AsyncConnection, case: Case, now: datetime) -> Past:
        since = now - REMEMBERED
        values = _place(case) | {"turn_id": case.turn_id}
        window = {**values, "since": since, "limit": WINDOW}
        given = (await connection.execute(_GIVEN, window)).mappings().all()
        lately = {**values, "recent": now - RECENT}
        recent = (await connection.execute(_RECENT, lately)).mappings().all()
        last = (await connection.execute(_LAST, values)).mappings().all()
        scores: Mapping[int, Score] = {}
        if case.scored:
            asked = _place(case) | {"since": since, "limit": SCORED}
            rated = (await connection.execute(_RATED, asked)).mappings().all()
            words = (await connection.execute(_FIRST_WORDS, asked)).mappings().all()
            scores = _scores(rated, words)
        return Past(
            given=tuple(_given(row) for row in reversed(given)),
            recent=tuple(map(_given, recent)),
            last={row["agent_id"]: row["at"] for row in last},
            scores=scores,
        )


def _scores(rated: Sequence[RowMapping], words: Sequence[RowMapping]) -> dict[int, Score]:
    first = {row["agent_id"]: float(row["seconds"]) for row in words}
    stars = {row["agent_id"]: row for row in rated}
    return {
        agent: Score(
            rated=stars[agent]["rated"] if agent in stars else 0,
            content=stars[agent]["content"] if agent in stars else 0,
            first_word=first.get(agent),
        )
        for agent in {*first, *stars}
    }


def _given(row: RowMapping) -> Given:
    return Given(
        row["at"], row["agent_id"], row["team_id"], row["unit"], tuple(orjson.loads(row["pool"]))
    )


def _place(case: Case) -> dict[str, object]:
    return {"account": case.conversation.account, "tenant": case.tenant}
