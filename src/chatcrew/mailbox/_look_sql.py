"""The look at a group of deliveries before it is written: what is new, and what rows it meets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text

from chatcrew.database.rows import Key
from chatcrew.mailbox import _rules
from chatcrew.mailbox._draft import Draft
from chatcrew.mailbox._rows_sql import COLUMNS, Executes, draft_from
from chatcrew.messages import Delivery, clean_text

Owned = tuple[str, str]
"""A bot, and a key by which one of its deliveries is known again."""

WANTED = "json_to_recordset(cast(cast(:keys as text) as json)) as wanted (bot text, key text)"
"""The keys of a group, as rows."""

PLACES = "json_to_recordset(cast(cast(:places as text) as json)) as place"
"""The conversations of a group, where there are several."""


def _row(columns: str, how: str = "") -> str:
    return f"select {columns} from conversation where bot = :bot and number = :number {how}"  # noqa: S608 - constants


def _rows(columns: str, how: str = "limit 1") -> str:
    """Return what reads each row by itself, in sorted order.

    Not a join: PostgreSQL takes a set in JSON for a hundred rows and would read the whole table,
    and arrays for ten, or for as many as there are, for which it would plan anew each time.
    """
    return f"""
        select found.* from (
            select bot, number from {PLACES} (bot text, number bigint) order by bot, number
        ) as place cross join lateral (
            select {columns} from conversation
            where conversation.bot = place.bot and conversation.number = place.number {how}
        ) as found
    """  # noqa: S608 - constants of this house, no values


_LOOK = f"""
    select known.keys, read.* from (
        select cast(json_agg(json_build_array(wanted.bot, wanted.key)) as text) as keys
        from {WANTED} cross join lateral (
            select from seen where seen.bot = wanted.bot and seen.key = wanted.key limit 1
        ) as noted
    ) as known left join (%s) as read on true
"""  # noqa: S608 - constants of this house, no values
_LOOK_ONE = text(_LOOK % _row(f"xmin, {COLUMNS}"))
_LOOK_SEVERAL = text(_LOOK % _rows(f"xmin, {COLUMNS}"))

# The rows come first, because they do so everywhere: who held a key and waited for a row, while
# another held the row and waited for the key, would wait for ever.
_LOCK = f"""
    with held as materialized (%s), fresh as (
        insert into seen (bot, key, at)
        select bot, key, cast(:at as timestamptz) from {WANTED}
        where (select count(*) from held) >= 0
        order by bot, key
        on conflict do nothing
        returning bot, key
    )
    select known.keys, held.* from (
        select cast(json_agg(json_build_array(wanted.bot, wanted.key)) as text) as keys
        from {WANTED} left join fresh using (bot, key)
        where fresh.bot is null
    ) as known left join held on true
"""  # noqa: S608 - constants of this house, no values
_LOCK_ONE = text(_LOCK % _row(COLUMNS, "for update"))
_LOCK_SEVERAL = text(_LOCK % _rows(COLUMNS, "limit 1 for update"))


@dataclass(slots=True)
class Look:
    """What the database says of a group.

    Attributes:
        fresh: for each delivery whether all its keys are new.
        drafts: the conversations that have a row.
        versions: of these rows as they were read (``xmin``, another after every change).
        unknown: keys that are not noted as seen.
    """

    fresh: list[bool]
    drafts: dict[Key, Draft] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)
    unknown: set[Owned] = field(default_factory=set)


async def look(connection: Executes, deliveries: Sequence[Delivery]) -> Look:
    """Read what is known of a group, and lock nothing: all of it may change right after."""
    owned = _owned(deliveries)
    wanted = set().union(*owned)
    values = {"keys": keys_to_json(wanted), **_places(deliveries)}
    statement = _LOOK_SEVERAL if "places" in values else _LOOK_ONE
    known: set[Owned] = set()
    looked = Look([])
    for keys, version, *row in await connection.execute(statement, values):
        known = _known(keys)
        if version is not None:
            draft = draft_from(row)
            place = (draft.id.bot, draft.id.number)
            looked.drafts[place], looked.versions[place] = draft, version
    looked.unknown = wanted - known
    looked.fresh = _fresh(owned, looked.unknown)
    return looked


async def look_and_lock(
    connection: Executes, deliveries: Sequence[Delivery], now: datetime
) -> tuple[list[bool], dict[Key, Draft]]:
    """Lock the rows of a group, then note its keys as seen, each in sorted order.

    Returns:
        For each delivery whether all its keys are new; and the conversations that have a row.
    """
    owned = _owned(deliveries)
    wanted = set().union(*owned)
    values = {"keys": keys_to_json(wanted), "at": now, **_places(deliveries)}
    statement = _LOCK_SEVERAL if "places" in values else _LOCK_ONE
    known: set[Owned] = set()
    drafts: dict[Key, Draft] = {}
    for keys, *row in await connection.execute(statement, values):
        known = _known(keys)
        if row[0] is not None:
            draft = draft_from(row)
            drafts[(draft.id.bot, draft.id.number)] = draft
    return _fresh(owned, wanted - known), drafts


def keys_to_json(keys: Iterable[Owned]) -> str:
    """Return the value of ``:keys`` in ``WANTED``."""
    return orjson.dumps([{"bot": bot, "key": key} for bot, key in keys]).decode()


def places_to_json(places: Iterable[tuple[Key, int | None]]) -> str:
    """Return the value of ``:places`` in ``PLACES``, each with the version it must have."""
    rows = [{"bot": bot, "number": number, "version": one} for (bot, number), one in places]
    return orjson.dumps(rows).decode()


def _owned(deliveries: Sequence[Delivery]) -> list[set[Owned]]:
    return [
        {(item.bot, clean_text(key)) for key in _rules.dedupe_keys(item)} for item in deliveries
    ]


def _places(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    ids = (item.conversation for item in deliveries if item.conversation is not None)
    places = {(item.bot, item.number) for item in ids}
    if len(places) != 1:
        return {"places": places_to_json((place, None) for place in places)}
    ((bot, number),) = places
    return {"bot": bot, "number": number}


def _known(keys: str | None) -> set[Owned]:
    return {(bot, key) for bot, key in orjson.loads(keys)} if keys else set()


def _fresh(owned: Sequence[set[Owned]], unknown: set[Owned]) -> list[bool]:
    """Return which deliveries are new; of two alike in one group only the first is."""
    left = set(unknown)
    fresh = []
    for own in owned:
        fresh.append(own <= left)
        left -= own
    return fresh
