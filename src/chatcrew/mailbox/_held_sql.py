"""The row of a conversation that a claim holds, or the word that it holds it no more."""

from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database.rows import ConversationRow
from chatcrew.errors import LeaseLost
from chatcrew.mailbox._rows_sql import COLUMNS, lock, row_from
from chatcrew.messages import TurnKey, TurnState

STATE = text(f"select {COLUMNS} from conversation where bot = :bot and number = :number")  # noqa: S608 - constant
"""The row as it stands, whoever holds it."""
_BOTH = text(f"""
    select {COLUMNS}, (select state from turn where id = :turn) as turn_state
    from conversation where bot = :bot and number = :number
""")  # noqa: S608 - constant


async def lock_held(connection: AsyncConnection, key: TurnKey) -> ConversationRow:
    """Lock the conversation's row and return it.

    Raises:
        LeaseLost: another claim has it, or it was given back.
    """
    place = (key.conversation.bot, key.conversation.number)
    return _checked((await lock(connection, [place])).get(place), key)


async def read_held(
    connection: AsyncConnection, key: TurnKey
) -> tuple[ConversationRow, TurnState | None]:
    """Return the conversation's row and the turn's state as they stand, without a lock.

    Raises:
        LeaseLost: as ``lock_held``.
    """
    values = {"bot": key.conversation.bot, "number": key.conversation.number}
    found = (await connection.execute(_BOTH, values | {"turn": key.turn_id})).one_or_none()
    if found is None:
        raise lost(key)
    *row, state = found
    return _checked(row_from(row), key), None if state is None else TurnState(state)


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
