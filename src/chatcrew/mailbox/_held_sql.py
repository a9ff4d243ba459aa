"""The row of a conversation that a claim holds, or the word that it holds it no more."""

from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database.rows import ConversationRow
from chatcrew.errors import LeaseLost
from chatcrew.mailbox._burst import build_burst
from chatcrew.mailbox._events_sql import EVENT, stored
from chatcrew.mailbox._rows_sql import COLUMNS, WIDTH, lock, row_from
from chatcrew.messages import Burst, TurnKey, TurnState
from chatcrew.privacy import Keyring

STATE = text(f"select {COLUMNS} from conversation where bot = :bot and number = :number")  # noqa: S608 - constant
"""The row as it stands, whoever holds it."""
# One trip for the row, the turn and its events: a turn asks twice for all of it. The row comes once
# for each event.
_ALL = text(f"""
    with held as materialized (
        select {COLUMNS} from conversation where bot = :bot and number = :number
    )
    select held.*, turn.state as turn_state, {EVENT}
    from held
    left join turn on turn.id = :turn
    left join event on event.turn_id = :turn
    left join message on message.bot = event.bot and message.message_id = event.message_id
        and message.part = event.part
""")  # noqa: S608 - constant


async def lock_held(connection: AsyncConnection, key: TurnKey) -> ConversationRow:
    """Lock the conversation's row and return it.

    Raises:
        LeaseLost: another claim has it, or it was given back.
    """
    place = (key.conversation.bot, key.conversation.number)
    return _checked((await lock(connection, [place])).get(place), key)


async def read_held(
    connection: AsyncConnection, key: TurnKey, *, keys: Keyring
) -> tuple[ConversationRow, TurnState | None, Burst]:
    """Return the conversation's row, the turn's state and its burst as they stand, without a lock.

    Raises:
        LeaseLost: as ``lock_held``.
    """
    values = {"bot": key.conversation.bot, "number": key.conversation.number}
    found = (await connection.execute(_ALL, values | {"turn": key.turn_id})).mappings().all()
    if not found:
        raise lost(key)
    first = found[0]
    state = first["turn_state"]
    return (
        _checked(row_from(tuple(first.values())[:WIDTH]), key),
        None if state is None else TurnState(state),
        build_burst(stored(record, keys) for record in found if record["id"] is not None),
    )


def held(key: TurnKey) -> dict[str, Any]:
    """Return the values by which a statement finds a row that is still the claim's."""
    conversation = key.conversation
    return {"bot": conversation.bot, "number": conversation.number, "fence": key.fence}


async def update_held(
    connection: AsyncConnection, update: TextClause, key: TurnKey, **values: object
) -> None:
    """Run an update that names ``held``'s values in its condition.

    Raises:
        LeaseLost: as ``lock_held``; nothing was written.
    """
    if (await connection.execute(update, held(key) | values)).rowcount == 0:
        raise lost(key)


def lost(key: TurnKey) -> LeaseLost:
    """Return the error for a claim that holds its conversation no more."""
    return LeaseLost(f"conversation {str(key.conversation)!r} was claimed again or given back")


def _checked(row: ConversationRow | None, key: TurnKey) -> ConversationRow:
    if row is None or row.fence != key.fence or row.lease_owner is None:
        raise lost(key)
    return row
