"""Claiming and rechecking: which events a turn holds, under locked conversation rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database.rows import ConversationRow
from chatcrew.ids import new_id
from chatcrew.mailbox import _rules
from chatcrew.mailbox._burst import Stored, build_burst
from chatcrew.mailbox._events_sql import EVENT, stored
from chatcrew.mailbox._rows_sql import COLUMNS, row_from, save
from chatcrew.messages import Burst, TurnState
from chatcrew.privacy import Keyring

_BOOST = " ".join(f"when '{name}' then {seconds}" for name, seconds in _rules.BOOST.items())

_DUE = f"""
    select {COLUMNS} from conversation
    where due_at <= :now and (lease_until is null or lease_until <= :now)
      and attempts %s :most
    order by coalesce(waiting_since, due_at)
             - make_interval(secs => case priority {_BOOST} else 0 end
                 + case when vip then {_rules.VIP_BOOST} else 0 end), due_at
    limit :limit
    for update skip locked
"""  # noqa: S608 - names and numbers of this house, no values
_CLAIMABLE = text(_DUE % "<")
_TO_PARK = text(_DUE % ">=")

_UNFINISHED = text("""
    select id, bot, number, state, started_at, reason from turn
    where state <> 'finished'
      and (bot, number) in (select * from unnest(cast(:bots as text[]), cast(:numbers as bigint[])))
""")

_ATTACH = text("""
    update event set turn_id = claimed.turn_id
    from unnest(cast(:bots as text[]), cast(:numbers as bigint[]), cast(:turns as text[]))
        as claimed (bot, number, turn_id)
    where event.bot = claimed.bot and event.number = claimed.number and event.turn_id is null
""")

_EVENTS = text(f"""
    select event.bot, {EVENT}
    from event
    left join message on message.bot = event.bot and message.message_id = event.message_id
        and message.part = event.part
    where event.turn_id = any(cast(:turns as text[]))
""")  # noqa: S608 - constant

_SAVE_TURNS = text("""
    insert into turn (id, bot, number, account, state, worker, attempts, started_at)
    select * from unnest(
        cast(:ids as text[]), cast(:bots as text[]), cast(:numbers as bigint[]),
        cast(:accounts as text[]), cast(:states as text[]), cast(:workers as text[]),
        cast(:attempts as integer[]), cast(:started as timestamptz[])
    )
    on conflict (id) do update set worker = excluded.worker, attempts = excluded.attempts
""")


@dataclass(frozen=True, slots=True)
class Leased:
    """A conversation under a new lease, with the turn it runs."""

    row: ConversationRow
    turn_id: str
    state: TurnState
    started_at: datetime
    burst: Burst
    decided: str | None


@dataclass(frozen=True, slots=True)
class _Turn:
    id: str
    state: TurnState
    started_at: datetime
    decided: str | None = None


async def lease_due(
    connection: AsyncConnection,
    worker: str,
    now: datetime,
    *,
    limit: int,
    most_attempts: int,
    lease_seconds: float,
    exhausted: bool,
    keys: Keyring,
) -> list[Leased]:
    """Lease due conversations, or (``exhausted``) those whose turn failed too often."""
    statement = _TO_PARK if exhausted else _CLAIMABLE
    values = {"now": now, "most": most_attempts, "limit": limit}
    found = await connection.execute(statement, values)
    rows = [row_from(record) for record in found]
    if not rows:
        return []
    turns = await _turns(connection, rows, now)
    taking = [row for row in rows if turns[row.key].state is TurnState.OPEN]
    await attach(connection, [(row, turns[row.key].id) for row in taking])
    bursts = await read_bursts(connection, [turn.id for turn in turns.values()], keys=keys)
    leased, saved = [], []
    for row in rows:
        turn = turns[row.key]
        burst = bursts.get(turn.id)
        if burst is None:  # its input was settled by a turn that took it at a recheck
            saved.append(_rules.empty(row))
            continue
        taken = _rules.take(row) if turn.state is TurnState.OPEN else row
        fresh = _rules.lease(taken, worker, now, seconds=lease_seconds)
        saved.append(fresh)
        leased.append(Leased(fresh, turn.id, turn.state, turn.started_at, burst, turn.decided))
    await save(connection, saved)
    await _save_turns(connection, worker, leased)
    return leased


async def attach(
    connection: AsyncConnection, taking: Sequence[tuple[ConversationRow, str]]
) -> None:
    """Give all free events of locked conversations to their turns."""
    values = {
        "bots": [row.state.id.bot for row, _ in taking],
        "numbers": [row.state.id.number for row, _ in taking],
        "turns": [turn_id for _, turn_id in taking],
    }
    await connection.execute(_ATTACH, values)


async def read_bursts(
    connection: AsyncConnection, turns: Sequence[str], *, keys: Keyring
) -> dict[str, Burst]:
    """Return the burst of each turn that has events."""
    found: dict[str, list[Stored]] = {}
    for record in (await connection.execute(_EVENTS, {"turns": list(turns)})).mappings():
        found.setdefault(record["turn_id"], []).append(stored(record, keys))
    return {turn_id: build_burst(events) for turn_id, events in found.items()}


async def _turns(
    connection: AsyncConnection, rows: Sequence[ConversationRow], now: datetime
) -> dict[tuple[str, int], _Turn]:
    """Return each conversation's unfinished turn, or a new one that is not stored yet."""
    values = {
        "bots": [row.state.id.bot for row in rows],
        "numbers": [row.state.id.number for row in rows],
    }
    turns = {row.key: _Turn(new_id(), TurnState.OPEN, now) for row in rows}
    for record in await connection.execute(_UNFINISHED, values):
        turn = _Turn(record.id, TurnState(record.state), record.started_at, record.reason)
        turns[(record.bot, record.number)] = turn
    return turns


async def _save_turns(connection: AsyncConnection, worker: str, leased: Sequence[Leased]) -> None:
    values = {
        "ids": [item.turn_id for item in leased],
        "bots": [item.row.state.id.bot for item in leased],
        "numbers": [item.row.state.id.number for item in leased],
        "accounts": [item.row.state.id.account for item in leased],
        "states": [item.state.value for item in leased],
        "workers": [worker] * len(leased),
        "attempts": [item.row.state.attempts for item in leased],
        "started": [item.started_at for item in leased],
    }
    await connection.execute(_SAVE_TURNS, values)
