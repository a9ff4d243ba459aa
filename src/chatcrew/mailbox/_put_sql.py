"""A group of deliveries as one transaction of set statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text

from chatcrew.database.rows import Key
from chatcrew.database.sealing import sealed_line
from chatcrew.mailbox import _rules
from chatcrew.mailbox._receipts import ORDER, later
from chatcrew.mailbox._rows_sql import (
    SAVE,
    Executes,
    add_missing,
    drafts_to_json,
    lock_drafts,
)
from chatcrew.mailbox._values import PutResult
from chatcrew.messages import Delivery, Effect, InputKind, clean_text, line_to_json
from chatcrew.privacy import Keyring

CHANNEL = "chatcrew_mailbox"
"""Where ``NOTIFY`` says that something is due."""

NOTIFY = text(f"select pg_notify('{CHANNEL}', '')")

# It answers with the exceptions: keys that were known, conversations that have no row yet.
_SEE = text("""
    with wanted as materialized (
        select bot, key
        from json_to_recordset(cast(cast(:keys as text) as json)) as item (bot text, key text)
    ), fresh as (
        insert into seen (bot, key, at)
        select bot, key, cast(:at as timestamptz) from wanted order by bot, key
        on conflict do nothing
        returning bot, key
    )
    select bot, key, cast(null as bigint) as number
    from wanted left join fresh using (bot, key)
    where fresh.bot is null
    union all
    select bot, null, number
    from json_to_recordset(cast(cast(:places as text) as json)) as place (bot text, number bigint)
    left join conversation using (bot, number)
    where conversation.bot is null
""")

_ADD_LINES = """
    insert into message (bot, message_id, part, number, episode, private, deleted, line)
    select bot, message_id, part, number, episode, private, deleted, line
    from json_to_recordset(cast(cast(:lines as text) as json)) as fresh (
        bot text, message_id bigint, part smallint, number bigint, episode integer,
        private boolean, deleted boolean, line jsonb
    )
    order by bot, message_id, part
    on conflict (bot, message_id, part) do update set
        line = excluded.line, private = excluded.private, deleted = excluded.deleted,
        provisional = false
    where not message.deleted
"""
_REPLACE_LINES = text(_ADD_LINES)

# One statement, so one way to the server and back: its parts write to different tables.
_WRITE = text(f"""
    with saved as ({SAVE}), kept as ({_ADD_LINES} and message.provisional), added as (
        insert into event (bot, number, account, kind, name, message_id, part, object_id,
                           delivery_id, received_at, digest, body)
        select bot, number, account, kind, name, message_id, part, object_id,
               delivery_id, received_at, decode(digest, 'hex'), body
        from rows from (
            json_to_recordset(cast(cast(:events as text) as json)) as (
                bot text, number bigint, account text, kind text, name text, message_id bigint,
                part smallint, object_id bigint, delivery_id text, received_at timestamptz,
                digest text
            ),
            unnest(cast(:bodies as bytea[]))
        ) as fresh (bot, number, account, kind, name, message_id, part, object_id, delivery_id,
                    received_at, digest, body)
    )
    select pg_notify('{CHANNEL}', '') where cast(:wakes as boolean)
""")  # noqa: S608 - constants of this house, no values

_RECEIPTS = text("""
    update message set status = fresh.status, status_error = fresh.error
    from json_to_recordset(cast(cast(:receipts as text) as json))
        as fresh (bot text, message_id bigint, status text, error text)
    where message.bot = fresh.bot and message.message_id = fresh.message_id and message.part = 0
      and coalesce(array_position(cast(:states as text[]), message.status), 0)
          <= array_position(cast(:states as text[]), fresh.status)
""")

_FORGET_LINE = text("""
    update message set deleted = true,
        line = line || jsonb_build_object('text', '', 'attachments', jsonb_build_array(),
                                          'deleted', true)
    where bot = :bot and message_id = :message_id
""")
_FORGET_BODY = text("update event set body = null where bot = :bot and message_id = :message_id")

_RATE = text("""
    insert into rating (bot, message_id, number, tenant, rating, feedback, at)
    values (:bot, :message_id, :number, :tenant, :rating, :feedback, :at)
    on conflict (bot, message_id) do update set rating = excluded.rating,
        feedback = excluded.feedback, at = excluded.at
""")

_ECHO = text("""
    update outbox_part set state = 'sent', message_id = :message_id, sent_at = :at, error = null
    where tag = :tag and bot = :bot and number = :number
      and state in ('planned', 'sending', 'unknown')
""")


@dataclass(slots=True)
class _Lines:
    """History lines of one group: PostgreSQL refuses to meet one row twice in a statement."""

    rows: dict[tuple[str, int, int], dict[str, Any]] = field(default_factory=dict)
    replacing: set[tuple[str, int, int]] = field(default_factory=set)

    def add(self, delivery: Delivery, episode: int, keys: Keyring) -> None:
        """Keep the newest text; the first report of a message replaces no later one."""
        line = delivery.change.line
        if line is None or delivery.conversation is None:
            return
        part = int(_rules.chose(delivery))
        place = (delivery.bot, line.message_id, part)
        known = self.rows.get(place)
        replaces = delivery.event != "message_created"
        if known is not None and (known["deleted"] or not replaces):
            return
        if replaces:
            self.replacing.add(place)
        self.rows[place] = {
            "bot": delivery.bot,
            "message_id": line.message_id,
            "part": part,
            "number": delivery.conversation.number,
            "episode": episode,
            "private": line.private,
            "deleted": line.deleted,
            "line": sealed_line(keys, delivery.bot, line_to_json(line)),
        }

    def to_json(self, *, replacing: bool) -> str:
        """Return the lines that replace what is stored, or those that do not."""
        rows = [row for place, row in self.rows.items() if (place in self.replacing) is replacing]
        return orjson.dumps(rows).decode()


async def write_group(
    connection: Executes, deliveries: Sequence[Delivery], now: datetime, *, keys: Keyring
) -> tuple[list[PutResult], int]:
    """Write a group; return what became of each, and how many inputs were added."""
    fresh, unseen = await _see(connection, deliveries, now)
    results = [PutResult.STORED if new else PutResult.DUPLICATE for new in fresh]
    new = [item for item, is_new in zip(deliveries, fresh, strict=True) if is_new]
    ids = [item.conversation for item in new if item.conversation is not None]
    if not ids:
        return results, 0
    if unseen:
        missing = [item for item in ids if (item.bot, item.number) in unseen]
        await add_missing(connection, missing)
    drafts = await lock_drafts(connection, [(item.bot, item.number) for item in ids])
    lines = _Lines()
    events: list[dict[str, Any]] = []
    bodies: list[bytes] = []
    for delivery in new:
        key = _key(delivery)
        if key is None:
            continue
        kinds = _rules.apply_to(drafts[key], delivery, now)
        lines.add(delivery, drafts[key].episode, keys)
        events += [_event(delivery, kind) for kind in kinds]
        body = keys.seal_bytes(delivery.body, f"body {delivery.bot}") if kinds else b""
        bodies += [body for _ in kinds]
    values = {
        "rows": drafts_to_json(drafts.values()),
        "lines": lines.to_json(replacing=False),
        "events": orjson.dumps(events).decode(),
        "bodies": bodies,
        "wakes": bool(events),
    }
    await connection.execute(_WRITE, values)
    if lines.replacing:
        await connection.execute(_REPLACE_LINES, {"lines": lines.to_json(replacing=True)})
    await _receive(connection, new)
    for delivery in new:
        await _effects(connection, delivery, now, keys)
    return results, len(events)


async def _receive(connection: Executes, deliveries: Sequence[Delivery]) -> None:
    """Note how far messages have come, each as far as the group says at most."""
    furthest: dict[tuple[str, int], dict[str, Any]] = {}
    for delivery in deliveries:
        receipt = delivery.change.receipt
        if receipt is None or delivery.conversation is None or receipt.status not in ORDER:
            continue
        place = (delivery.bot, receipt.message_id)
        known = furthest.get(place)
        if known is None or later(receipt.status, known["status"]):
            furthest[place] = {
                "bot": delivery.bot,
                "message_id": receipt.message_id,
                "status": receipt.status,
                "error": clean_text(receipt.error) if receipt.error else None,
            }
    if furthest:
        rows = orjson.dumps([furthest[place] for place in sorted(furthest)]).decode()
        await connection.execute(_RECEIPTS, {"receipts": rows, "states": list(ORDER)})


async def _see(
    connection: Executes, deliveries: Sequence[Delivery], now: datetime
) -> tuple[list[bool], set[Key]]:
    """Return for each delivery whether all its keys are new, and which conversations lack rows.

    Keys are added in sorted order, so writers never deadlock.
    """
    owned = [
        {(item.bot, clean_text(key)) for key in _rules.dedupe_keys(item)} for item in deliveries
    ]
    added = set().union(*owned)
    places = {key for item in deliveries if (key := _key(item)) is not None}
    values = {
        "keys": orjson.dumps([{"bot": bot, "key": key} for bot, key in added]).decode(),
        "places": orjson.dumps([{"bot": bot, "number": n} for bot, n in places]).decode(),
        "at": now,
    }
    unseen: set[Key] = set()
    for bot, key, number in await connection.execute(_SEE, values):
        if number is None:
            added.discard((bot, key))
        else:
            unseen.add((bot, number))
    fresh = []
    for own in owned:
        fresh.append(own <= added)
        added -= own
    return fresh, unseen


def _event(delivery: Delivery, kind: InputKind) -> dict[str, Any]:
    assert delivery.conversation is not None
    line = delivery.change.line if kind not in _rules.WORDLESS else None
    return {
        "bot": delivery.conversation.bot,
        "number": delivery.conversation.number,
        "account": delivery.conversation.account,
        "kind": kind.value,
        "name": clean_text(delivery.event),
        "message_id": line.message_id if line is not None else None,
        "part": int(_rules.chose(delivery)),
        "object_id": delivery.object_id,
        "delivery_id": clean_text(delivery.delivery_id) if delivery.delivery_id else None,
        "received_at": delivery.received_at,
        "digest": delivery.digest.hex(),
    }


async def _effects(connection: Executes, delivery: Delivery, now: datetime, keys: Keyring) -> None:
    """Write what is rare enough to be written one by one."""
    if delivery.conversation is None:
        return
    change, bot, number = delivery.change, delivery.bot, delivery.conversation.number
    if change.deleted_id is not None:
        values: dict[str, Any] = {"bot": bot, "message_id": change.deleted_id}
        await connection.execute(_FORGET_LINE, values)
        await connection.execute(_FORGET_BODY, values)
    if change.rating is not None:
        values = {"bot": bot, "message_id": change.rating.message_id, "number": number}
        values |= {"tenant": delivery.tenant, "rating": change.rating.rating, "at": now}
        values |= {"feedback": keys.seal(clean_text(change.rating.feedback), f"rating {bot}")}
        await connection.execute(_RATE, values)
    if change.effect is Effect.OWN_ECHO and change.line is not None and change.line.tag:
        values = {"bot": bot, "number": number, "tag": clean_text(change.line.tag), "at": now}
        values |= {"message_id": change.line.message_id}
        await connection.execute(_ECHO, values)


def _key(delivery: Delivery) -> Key | None:
    item = delivery.conversation
    return (item.bot, item.number) if item is not None else None
