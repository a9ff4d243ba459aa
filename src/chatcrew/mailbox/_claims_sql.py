"""Claiming and rechecking: which events a turn holds, under locked conversation rows."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.clock import Clock
from chatcrew.database.rows import ConversationRow
from chatcrew.ids import new_id
from chatcrew.mailbox import _rules
from chatcrew.mailbox._burst import Stored, build_burst
from chatcrew.mailbox._events_sql import EVENT, stored
from chatcrew.mailbox._rows_sql import COLUMNS, WIDTH, row_from
from chatcrew.mailbox._values import Claims
from chatcrew.messages import Burst, Claim, TurnKey, TurnState
from chatcrew.privacy import Keyring

_INPUT = """
    event.turn_id, event.id, event.bot, event.kind, event.message_id, event.part,
    event.received_at, event.body
"""
_BOOST = " ".join(f"when '{name}' then {seconds}" for name, seconds in _rules.BOOST.items())

# Everything a claim does in one statement, so in one way to the server and back. All its parts but
# the locks see one moment, the one before any row was locked: a conversation that somebody changed
# between that moment and the lock (``place`` is then a version that nobody sees yet) is left to the
# next claim, or events that came with the change would count as taken and belong to no turn. A turn
# is locked as well, for the end of its being open leaves its conversation as it was.
_LEASE = f"""
    with due as materialized (
        select bot, number, ctid as place from conversation
        where due_at <= :now and (lease_until is null or lease_until <= :now)
          and attempts %s :most
        order by coalesce(waiting_since, due_at)
                 - make_interval(secs => case priority {_BOOST} else 0 end
                     + case when vip then {_rules.VIP_BOOST} else 0 end), due_at
        limit :limit
        for update skip locked
    ), unfinished as materialized (
        select turn.id, turn.bot, turn.number, turn.state, turn.started_at, turn.reason
        from due join turn using (bot, number)
        where turn.state <> 'finished'
        for update of turn
    ), chosen as materialized (
        select ranked.place, ranked.rank, ranked.bot as of_bot, ranked.number as of_number,
               coalesce(unfinished.id, (cast(:ids as text[]))[ranked.rank]) as turn_id,
               coalesce(unfinished.state, 'open') as turn_state,
               coalesce(unfinished.started_at, cast(:now as timestamptz)) as started_at,
               unfinished.reason as decided
        from (select bot, number, place, row_number() over () as rank from due) as ranked
        join conversation as seen on seen.ctid = ranked.place
        left join unfinished on unfinished.bot = ranked.bot and unfinished.number = ranked.number
    ), attached as (
        update event set turn_id = chosen.turn_id from chosen
        where event.bot = chosen.of_bot and event.number = chosen.of_number
          and event.turn_id is null and chosen.turn_state = 'open'
        returning {_INPUT}
    ), input as materialized (
        select * from attached
        union all
        select {_INPUT} from chosen join event on event.turn_id = chosen.turn_id
    ), wanted as materialized (
        select *, exists(select from input where input.turn_id = chosen.turn_id) as asked
        from chosen
    ), leased as (
        update conversation set
            due_at = case when asked then due_at end,
            first_at = case when asked and turn_state <> 'open' then first_at end,
            waiting_since = case when asked then waiting_since end,
            retry_at = null,
            taken = case when asked and turn_state = 'open' then arrivals else taken end,
            attempts = case when asked then attempts + 1 else 0 end,
            fence = fence + cast(asked as integer),
            lease_owner = case when asked then :worker else lease_owner end,
            lease_until = case when asked then :until else lease_until end
        from wanted
        where conversation.ctid = wanted.place
        returning {COLUMNS}, asked, rank, wanted.turn_id, turn_state, started_at, decided
    ), kept as (
        insert into turn (id, bot, number, account, state, worker, attempts, started_at)
        select turn_id, bot, number, account, turn_state, :worker, attempts, started_at
        from leased where asked
        on conflict (id) do update set worker = excluded.worker, attempts = excluded.attempts
    )
    select leased.*, {EVENT}, next.due as next_due
    from (
        select min(greatest(due_at, coalesce(lease_until, due_at))) as due from conversation
        where due_at is not null and ctid not in (select place from chosen)
    ) as next
    left join (
        leased join input as event on event.turn_id = leased.turn_id
        left join message on message.bot = event.bot and message.message_id = event.message_id
            and message.part = event.part
    ) on true
    order by leased.rank
"""  # noqa: S608 - names and numbers of this house, no values
_CLAIMABLE = text(_LEASE % "<")
_TO_PARK = text(_LEASE % ">=")

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


async def lease_due(
    connection: AsyncConnection,
    worker: str,
    clock: Clock,
    *,
    limit: int,
    most_attempts: int,
    lease_seconds: float,
    exhausted: bool,
    keys: Keyring,
) -> Claims:
    """Lease due conversations, or (``exhausted``) those whose turn failed too often."""
    # Before the query: an answer that comes late must not make the lease look longer
    lease_until = clock.monotonic() + lease_seconds
    now = clock.now()
    values = {
        "now": now,
        "most": most_attempts,
        "limit": limit,
        "ids": [new_id() for _ in range(limit)],
        "worker": worker,
        "until": now + timedelta(seconds=lease_seconds),
    }
    claiming = _TO_PARK if exhausted else _CLAIMABLE
    found = (await connection.execute(claiming, values)).mappings().all()
    turns: dict[str, list[RowMapping]] = {}
    for record in found:
        if record["turn_id"] is not None:
            turns.setdefault(record["turn_id"], []).append(record)
    return Claims(
        (_claim(records, lease_until, keys) for records in turns.values()),
        next_due=found[0]["next_due"],
    )


def _claim(records: Sequence[RowMapping], lease_until: float, keys: Keyring) -> Claim:
    """Return the claim of a turn from a record for each of its events."""
    first = records[0]
    row = row_from(tuple(first.values())[:WIDTH])
    return Claim(
        key=TurnKey(first["turn_id"], row.state.id, row.fence),
        state=row.state,
        burst=build_burst(stored(record, keys) for record in records),
        turn_state=TurnState(first["turn_state"]),
        arrivals=row.taken,
        attempts=row.state.attempts,
        lease_until=lease_until,
        started_at=first["started_at"],
        decided=first["decided"],
    )


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
