"""Statements that fill a database with a year of a house: conversations, turns, calls, ratings."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, text

from chatcrew.database import Database

TENANTS = 10
BY_CONVERSATION = 5
"""Turns of a conversation."""

_MOMENT = """
    cast(:since as timestamptz) + (c * cast(:seconds as float8) / :conversations)
        * interval '1 second'
"""
# The same figures in every run: hashes of the number, no dice
_DICE = "(abs(hashint8(({0}) * 7919 + {1})) % {2})"


def _dice(of: str, salt: int, sides: int) -> str:
    return _DICE.format(of, salt, sides)


CONVERSATIONS = f"""
    insert into conversation (bot, number, account, tenant, channel, snapshot, status, episode)
    select 'bot' || c % {TENANTS}, c, 'acme', 'shop/t' || c % {TENANTS}, 'whatsapp',
           jsonb_build_object('version', extract(epoch from {_MOMENT}), 'status', 'pending',
               'owner', null, 'owner_known', true, 'inbox_id', 1, 'channel', null,
               'can_reply', true, 'labels', jsonb_build_array(),
               'custom_attributes', jsonb_build_object(), 'team_id', null, 'priority', null,
               'contact', jsonb_build_object('id', c / 2, 'name', 'Ana', 'phone', null,
                   'email', null, 'attributes', jsonb_build_object(), 'blocked', false)),
           case when {_dice("c", 1, 10)} < 7 then 'resolved' else 'pending' end, 1
    from generate_series(cast(:first as bigint), cast(:last as bigint)) as c
"""

MOVES = """
    update conversation_move set noted_at = at
"""

TURNS = f"""
    insert into turn (id, bot, number, account, state, worker, attempts, started_at, decided_at,
                      finished_at, outcome, reason, tenant, crew, function, engine, config,
                      stage_ms, details)
    select 't' || i, 'bot' || c % {TENANTS}, c, 'acme', 'finished', 'w', 1, at, at,
           at + interval '2 seconds',
           case when {_dice("i", 2, 100)} < 85 then 'replied'
                when {_dice("i", 2, 100)} < 93 then 'handed_off' else 'dropped' end,
           case when {_dice("i", 3, 20)} = 0 then 'slot:order:number' else 'crew' end,
           'shop/t' || c % {TENANTS}, 'whatsapp',
           (array['support', 'sales', 'scheduling'])[1 + {_dice("c", 4, 3)}],
           (array['intent', 'cache', 'compiled', 'compiled'])[1 + {_dice("i", 5, 4)}],
           'v' || i * 12 / :turns,
           jsonb_build_object('admit', 0.4, 'resolve', 0.2, 'guard', 1.1, 'recall', 3.5,
               'branch', 2.2, 'retrieve', {_dice("i", 6, 40)},
               'answer', 200 + {_dice("i", 7, 2500)},
               'check', 1.5, 'recheck', 2.0, 'decide', 4.5, 'deliver', 60 + {_dice("i", 8, 90)}),
           jsonb_build_object('episode', 1, 'heard', 1 + {_dice("i", 9, 2)}, 'said', 1,
               'intent', 'intent' || {_dice("i", 10, 15)}, 'language', 'pt-BR',
               'weight', 400 + {_dice("i", 16, 3000)},
               'waited_ms', 900 + {_dice("i", 7, 2500)}, 'promise', 'kept', 'burst', 1,
               'mood', ({_dice("i", 11, 21)} - 10) / 10.0, 'handoff', 'customer_asked',
               'rungs', jsonb_build_array(jsonb_build_object('name', 'crew', 'end', 'answered',
                   'ms', 200 + {_dice("i", 7, 2500)})))
    from (
        select i, c, {_MOMENT} + (i % {BY_CONVERSATION}) * interval '1 minute' as at
        from generate_series(cast(:first as bigint), cast(:last as bigint)) as i,
             lateral (select i / {BY_CONVERSATION} as c) as of
    ) as one
"""

CALLS = f"""
    insert into model_call (turn_id, tenant, role, model, prompt_tokens, completion_tokens,
                            cached_tokens, from_cache, seconds, at, cost)
    select turn.id, turn.tenant, turn.function, 'gpt-4o-mini', 1500, 90, 700,
           {_dice("turn.number", 12, 10)} = 0, 0.9, turn.finished_at,
           0.0002 + {_dice("turn.number", 13, 100)} / 1000000.0
    from turn where engine = 'compiled' and number between :first and :last
"""

RATINGS = f"""
    insert into rating (bot, message_id, number, tenant, rating, feedback, at)
    select bot, 10000000 + number, number, tenant, 1 + {_dice("number", 14, 5)}, '',
           to_timestamp(cast(snapshot ->> 'version' as float8)) + interval '10 minutes'
    from conversation where {_dice("number", 15, 8)} = 0
"""

GAPS = """
    insert into knowledge_gap (tenant, question, count, first_at, last_at)
    select 'shop/t' || g % 10, 'pergunta ' || g, 1 + g % 40, at - interval '2 days',
           at - interval '1 day'
    from generate_series(1, 5000) as g, (select cast(:until as timestamptz) as at) as now
"""

ANALYZE = "analyze"

_CHUNK = 50_000


async def fill(database: Database, *, turns: int, days: int, until: datetime) -> None:
    """Write conversations, turns, calls, ratings and gaps of so many days."""
    conversations = turns // BY_CONVERSATION
    span = {"since": until - timedelta(days=days), "seconds": days * 86_400.0 - 3_600}
    place = span | {"conversations": conversations}
    step = _CHUNK // BY_CONVERSATION
    for first in range(0, conversations, step):
        last = min(first + step, conversations) - 1
        part = {"first": first, "last": last}
        await run(database, CONVERSATIONS, place | part)
        ids = {"first": first * BY_CONVERSATION, "turns": turns}
        ids["last"] = (last + 1) * BY_CONVERSATION - 1
        await run(database, TURNS, place | ids)
        await run(database, CALLS, part)
    for statement in (MOVES, RATINGS, ANALYZE):
        await run(database, statement, {})
    await run(database, GAPS, {"until": until})


async def run(database: Database, statement: str, values: dict[str, object]) -> None:
    """Run one statement."""
    async with database.alone() as connection:
        await connection.execute(text(statement), values)


_TABLES = ("session_", "day_", "third_", "conversation", "turn", "debt", "knowledge_gap")
"""What the figures are read from, by how the names begin."""


async def plans(database: Database, ask: Callable[[Database], Awaitable[object]]) -> list[str]:
    """Return what PostgreSQL does for each query that ``ask`` makes: first rows, scans, time."""
    asked: list[tuple[str, Any]] = []

    def note(query: Any) -> None:
        if any(table in query.query for table in _TABLES):
            asked.append((query.query, query.args))

    def listen(connection: Any, *_: Any) -> None:
        connection.driver_connection.add_query_logger(note)

    # Queries go to the driver past SQLAlchemy, but over connections that it opened
    async with await Database.open(database.address, pool_size=1) as heard:
        event.listen(heard.engine.sync_engine.pool, "checkout", listen)
        await ask(heard)
    found = []
    for statement, values in asked:
        async with database.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            plan = await driver.fetch(f"explain (analyze, costs off) {statement}", *values)
        lines = [str(row[0]) for row in plan]
        kept = [one for one in lines[1:-1] if "Scan" in one]
        found.append("\n".join([lines[0], *kept, lines[-1]]))
    return found
