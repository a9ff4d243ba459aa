"""The first look at a group of deliveries: what of it is new, and where it belongs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text

from chatcrew.database.rows import Key
from chatcrew.mailbox import _rules
from chatcrew.mailbox._draft import Draft
from chatcrew.mailbox._rows_sql import COLUMNS, Executes, draft_from
from chatcrew.messages import Delivery, clean_text

_ADDED = """
    wanted as materialized (
        select bot, key
        from json_to_recordset(cast(cast(:keys as text) as json)) as item (bot text, key text)
    ), fresh as (
        insert into seen (bot, key, at)
        select bot, key, cast(:at as timestamptz) from wanted order by bot, key
        on conflict do nothing
        returning bot, key
    )
"""

# It answers with the exceptions: keys that were known, conversations that have no row yet.
_SEE = text(f"""
    with {_ADDED}
    select bot, key, cast(null as bigint) as number
    from wanted left join fresh using (bot, key)
    where fresh.bot is null
    union all
    select bot, null, number
    from json_to_recordset(cast(cast(:places as text) as json)) as place (bot text, number bigint)
    left join conversation using (bot, number)
    where conversation.bot is null
""")  # noqa: S608 - constants of this file, no values

# One conversation's row is locked on the same way. Of several it would not do: rows that are still
# to be made come before any that is locked, or two writers would wait for each other.
_SEE_ONE = text(f"""
    with {_ADDED}, locked as materialized (
        select {COLUMNS} from conversation where bot = :bot and number = :number for update
    )
    select known.keys, locked.* from (
        select cast(json_agg(json_build_array(wanted.bot, wanted.key)) as text) as keys
        from wanted left join fresh using (bot, key)
        where fresh.bot is null
    ) as known left join locked on true
""")  # noqa: S608 - constants of this house, no values


async def look(
    connection: Executes, deliveries: Sequence[Delivery], now: datetime
) -> tuple[list[bool], dict[Key, Draft], set[Key]]:
    """Note the keys of a group as seen.

    Keys are added in sorted order, so writers never deadlock.

    Returns:
        For each delivery whether all its keys are new; the conversation's row, locked, where the
        group is of one that has a row; and which conversations have none.
    """
    owned = [
        {(item.bot, clean_text(key)) for key in _rules.dedupe_keys(item)} for item in deliveries
    ]
    added = set().union(*owned)
    places = {
        (item.conversation.bot, item.conversation.number)
        for item in deliveries
        if item.conversation is not None
    }
    values = {"keys": _json([{"bot": bot, "key": key} for bot, key in added]), "at": now}
    if len(places) == 1:
        (place,) = places
        known, drafts = await _look_at(connection, place, values)
        unseen = places - drafts.keys()
    else:
        drafts = {}
        known, unseen = await _look_at_all(connection, places, values)
    added -= known
    fresh = []
    for own in owned:
        fresh.append(own <= added)
        added -= own
    return fresh, drafts, unseen


async def _look_at(
    connection: Executes, place: Key, values: dict[str, Any]
) -> tuple[set[tuple[str, str]], dict[Key, Draft]]:
    """Return the keys that were known, and the row of the only conversation, locked."""
    bot, number = place
    (found,) = await connection.execute(_SEE_ONE, {**values, "bot": bot, "number": number})
    keys, *row = found
    known = {(owner, key) for owner, key in orjson.loads(keys)} if keys else set()
    return known, {place: draft_from(row)} if row[0] is not None else {}


async def _look_at_all(
    connection: Executes, places: set[Key], values: dict[str, Any]
) -> tuple[set[tuple[str, str]], set[Key]]:
    """Return the keys that were known, and the conversations that have no row."""
    wanted = _json([{"bot": bot, "number": number} for bot, number in places])
    known: set[tuple[str, str]] = set()
    unseen: set[Key] = set()
    for bot, key, number in await connection.execute(_SEE, {**values, "places": wanted}):
        if number is None:
            known.add((bot, key))
        else:
            unseen.add((bot, number))
    return known, unseen


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()
