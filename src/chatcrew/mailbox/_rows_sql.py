"""Conversation rows between PostgreSQL and the pure rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter, itemgetter
from typing import Any, Protocol

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database.rows import ConversationRow, Key
from chatcrew.ids import ConversationId
from chatcrew.mailbox._draft import Draft
from chatcrew.messages import (
    AuthorKind,
    ConversationState,
    Silence,
    snapshot_from_json,
    snapshot_to_json,
    topic_from_json,
    topic_to_json,
)


class Executes(Protocol):
    """What SQLAlchemy's connection and the quick one have in common."""

    async def execute(self, statement: TextClause, values: Mapping[str, Any], /) -> Iterable[Any]:
        """Return the rows."""
        ...


_STATE = {
    "tenant": "text",
    "channel": "text",
    "episode": "integer",
    "tenant_episode": "integer",
    "function": "text",
    "last_message_id": "bigint",
    "last_customer_id": "bigint",
    "arrivals": "bigint",
    "attempts": "integer",
    "due_at": "timestamptz",
    "first_at": "timestamptz",
    "silenced_at": "timestamptz",
    "silence_until": "timestamptz",
    "silence_by": "text",
    "silence_why": "text",
    "spoke_id": "bigint",
    "reopened": "text",
    "parked_at": "timestamptz",
    "silence": "text",
    "last_public_author": "text",
}
_QUEUE = {
    "last_public_id": "bigint",
    "last_answer_id": "bigint",
    "own_id": "bigint",
    "handed_id": "bigint",
    "customer_at": "timestamptz",
    "handed_version": "double precision",
    "swept_id": "bigint",
    "taken": "bigint",
    "waiting_since": "timestamptz",
    "retry_at": "timestamptz",
    "fence": "bigint",
    "lease_owner": "text",
    "lease_until": "timestamptz",
    "parked_reason": "text",
    "parked_turn": "text",
    "vip": "boolean",
    "erased_at": "timestamptz",
}
_SHOWN = {
    "snapshot": "jsonb",
    "topic": "jsonb",
    "status": "text",
    "owner_kind": "text",
    "priority": "text",
}
_TEXTS = ("snapshot::text as snapshot", "topic::text as topic")

COLUMNS = ", ".join(("bot", "number", "account", *_TEXTS, *_STATE, *_QUEUE))
"""What ``row_from`` reads, in this order."""
WIDTH = len(COLUMNS.split(", "))
"""How many values those are."""

_PLAIN = (*_STATE, *_QUEUE)
_PLAIN_VALUES = attrgetter(*_PLAIN)

_READ = ("bot", "id", "account", "snapshot", "topic", *_PLAIN)
_FIELDS = [item.name for item in fields(Draft)]
_IN_ORDER = itemgetter(*(_READ.index(name) for name in _FIELDS))
"""Values of a record as ``Draft`` takes them: by name that takes twice as long, per webhook."""
_ID, _SNAPSHOT, _TOPIC, _SILENCE, _AUTHOR = (
    _FIELDS.index(name) for name in ("id", "snapshot", "topic", "silence", "last_public_author")
)

_WRITTEN = {**_STATE, **_QUEUE, **_SHOWN}

_LOCK = text(f"""
    select {COLUMNS} from conversation
    where (bot, number) in (select * from unnest(cast(:bots as text[]), cast(:numbers as bigint[])))
    order by bot, number
    for update
""")  # noqa: S608 - column names of this file, no values

_ADD = text("""
    insert into conversation (bot, number, account, snapshot)
    select bot, number, account, cast(:snapshot as jsonb)
    from unnest(cast(:bots as text[]), cast(:numbers as bigint[]), cast(:accounts as text[]))
        as fresh (bot, number, account)
    order by bot, number
    on conflict do nothing
""")

_ROW = f"""
    json_to_record(cast(cast(:row as text) as json)) as fresh (
        bot text, number bigint, {", ".join(f"{name} {kind}" for name, kind in _WRITTEN.items())}
    )
"""
_ROWS = _ROW.replace("json_to_record", "json_to_recordset").replace(":row", ":rows")

SAVE = f"""
    update conversation set {", ".join(f"{name} = fresh.{name}" for name in _WRITTEN)}
    from {_ROWS}
    where conversation.bot = fresh.bot and conversation.number = fresh.number
"""  # noqa: S608 - column names of this file, no values
# PostgreSQL takes any set in JSON for a hundred rows, and would read the whole of a small table
SAVE_ONE = SAVE.replace(_ROWS, _ROW)
MAKE = f"""
    insert into conversation (bot, number, account, {", ".join(_WRITTEN)})
    select bot, number, :account, {", ".join(_WRITTEN)} from {_ROW}
    on conflict do nothing
    returning bot
"""  # noqa: S608 - column names of this file, no values
_SAVE, _SAVE_ONE = text(SAVE), text(SAVE_ONE)

_UNSEEN = orjson.dumps(snapshot_to_json(ConversationState(ConversationId("", "", 0)).snapshot))


def row_from(record: Iterable[Any]) -> ConversationRow:
    """Return the row that a ``select`` of ``COLUMNS`` read."""
    return draft_from(record).row()


def draft_from(record: Iterable[Any]) -> Draft:
    """Return what ``row_from`` does, to be changed."""
    read = tuple(record)
    values: list[Any] = list(_IN_ORDER(read))
    bot, number, account, snapshot, topic, *_ = read
    values[_ID] = ConversationId(account, bot, number)
    values[_SNAPSHOT] = snapshot_from_json(orjson.loads(snapshot))
    values[_TOPIC] = topic_from_json(orjson.loads(topic) if topic else None)
    if values[_SILENCE] is not None:
        values[_SILENCE] = Silence(values[_SILENCE])
    if values[_AUTHOR] is not None:
        values[_AUTHOR] = AuthorKind(values[_AUTHOR])
    return Draft(*values)


async def add_missing(connection: Executes, ids: Iterable[ConversationId]) -> None:
    """Make sure that each conversation has a row.

    Sorted, and before any is locked: two writers whose batches name the same conversations in
    another order would wait for each other for ever.
    """
    ordered = sorted({(item.bot, item.number): item for item in ids}.items())
    values = {
        "bots": [key[0] for key, _ in ordered],
        "numbers": [key[1] for key, _ in ordered],
        "accounts": [item.account for _, item in ordered],
        "snapshot": _UNSEEN.decode(),
    }
    await connection.execute(_ADD, values)


async def lock(connection: AsyncConnection, keys: Iterable[Key]) -> dict[Key, ConversationRow]:
    """Lock the rows of ``keys`` in sorted order and return them as they are now."""
    ordered = sorted(set(keys))
    values = {"bots": [key[0] for key in ordered], "numbers": [key[1] for key in ordered]}
    rows = [row_from(record) for record in await connection.execute(_LOCK, values)]
    return {row.key: row for row in rows}


async def save(connection: AsyncConnection, rows: Sequence[ConversationRow]) -> None:
    """Write rows that this transaction has locked, in one statement."""
    if rows:
        values = drafts_to_json([Draft.of(row) for row in rows])
        await connection.execute(_SAVE_ONE if "row" in values else _SAVE, values)


def drafts_to_json(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return ``:row`` of ``SAVE_ONE``, or ``:rows`` of ``SAVE``."""
    if len(drafts) == 1:
        return {"row": orjson.dumps(_to_json(drafts[0])).decode()}
    return {"rows": orjson.dumps([_to_json(draft) for draft in drafts]).decode()}


def _to_json(draft: Draft) -> dict[str, Any]:
    owner, shown = draft.snapshot.owner, snapshot_to_json(draft.snapshot)
    found: dict[str, Any] = dict(zip(_PLAIN, _PLAIN_VALUES(draft), strict=True))
    found["bot"], found["number"] = draft.id.bot, draft.id.number
    found["snapshot"] = shown
    found["topic"] = topic_to_json(draft.topic)
    found["status"] = shown["status"]
    found["owner_kind"] = owner.kind.value if owner is not None else None
    found["priority"] = shown["priority"]
    return found
