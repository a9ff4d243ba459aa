"""A group of deliveries as one transaction of set statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import TextClause, text

from chatcrew.database.rows import Key
from chatcrew.database.sealing import sealed_line
from chatcrew.mailbox import _rules
from chatcrew.mailbox._look_sql import look
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

_ADD_EVENTS = """
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
"""

_RECEIVE = """
    update message set status = fresh.status, status_error = fresh.error
    from json_to_recordset(cast(cast(:receipts as text) as json))
        as fresh (bot text, message_id bigint, status text, error text)
    where message.bot = fresh.bot and message.message_id = fresh.message_id and message.part = 0
      and coalesce(array_position(cast(:states as text[]), message.status), 0)
          <= array_position(cast(:states as text[]), fresh.status)
"""
_RECEIPTS = text(_RECEIVE)

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

_ECHO = """
    update outbox_part set state = 'sent', message_id = fresh.message_id,
        sent_at = cast(:at as timestamptz), error = null
    from json_to_recordset(cast(cast(:echoes as text) as json))
        as fresh (bot text, number bigint, tag text, message_id bigint)
    where outbox_part.tag = fresh.tag and outbox_part.bot = fresh.bot
      and outbox_part.number = fresh.number
      and outbox_part.state in ('planned', 'sending', 'unknown')
"""

_PARTS = {
    "lines": f"kept as ({_ADD_LINES} and message.provisional)",
    "events": f"added as ({_ADD_EVENTS})",
    "receipts": f"received as ({_RECEIVE})",
    "echoes": f"echoed as ({_ECHO})",
}


@lru_cache(maxsize=16)
def _write(parts: tuple[str, ...]) -> TextClause:
    """Return what writes a group: conversations and those ``_PARTS`` for which it has rows.

    One statement, so one way to the server and back: its parts write to different rows.
    """
    written = ", ".join([f"saved as ({SAVE})", *(_PARTS[part] for part in parts)])
    woken = f"pg_notify('{CHANNEL}', '')" if "events" in parts else "where false"
    return text(f"with {written} select {woken}")


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

    def of(self, *, replacing: bool) -> list[dict[str, Any]]:
        """Return the lines that replace what is stored, or those that do not."""
        return [row for place, row in self.rows.items() if (place in self.replacing) is replacing]


async def write_group(
    connection: Executes, deliveries: Sequence[Delivery], now: datetime, *, keys: Keyring
) -> tuple[list[PutResult], int]:
    """Write a group; return what became of each, and how many inputs were added."""
    fresh, drafts, unseen = await look(connection, deliveries, now)
    results = [PutResult.STORED if new else PutResult.DUPLICATE for new in fresh]
    new = [item for item, is_new in zip(deliveries, fresh, strict=True) if is_new]
    ids = [item.conversation for item in new if item.conversation is not None]
    if not ids:
        return results, 0
    if unseen:
        missing = [item for item in ids if (item.bot, item.number) in unseen]
        await add_missing(connection, missing)
    if not drafts:
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
    receipts, echoes = _receipts(new), _echoes(new)
    # The line may be new in this very statement, which would not see it
    apart = any((one["bot"], one["message_id"], 0) in lines.rows for one in receipts)
    kept = lines.of(replacing=False)
    values: dict[str, Any] = {"rows": drafts_to_json(drafts.values())}
    values |= {"lines": _json(kept)} if kept else {}
    values |= {"events": _json(events), "bodies": bodies} if events else {}
    received = {"receipts": _json(receipts), "states": list(ORDER)}
    values |= received if receipts and not apart else {}
    values |= {"echoes": _json(echoes), "at": now} if echoes else {}
    await connection.execute(_write(tuple(part for part in _PARTS if part in values)), values)
    if lines.replacing:
        await connection.execute(_REPLACE_LINES, {"lines": _json(lines.of(replacing=True))})
    if apart:
        await connection.execute(_RECEIPTS, received)
    for delivery in new:
        await _effects(connection, delivery, now, keys)
    return results, len(events)


def _receipts(deliveries: Sequence[Delivery]) -> list[dict[str, Any]]:
    """Return how far messages have come, each as far as the group says at most."""
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
    return [furthest[place] for place in sorted(furthest)]


def _echoes(deliveries: Sequence[Delivery]) -> list[dict[str, Any]]:
    """Return our own messages that came back, by the tags of their parts."""
    found: dict[tuple[str, str, int], int] = {}
    for delivery in deliveries:
        line, place = delivery.change.line, delivery.conversation
        if delivery.change.effect is not Effect.OWN_ECHO or line is None or place is None:
            continue
        if line.tag:
            key = (clean_text(line.tag), delivery.bot, place.number)
            found.setdefault(key, line.message_id)
    return [
        {"tag": tag, "bot": bot, "number": number, "message_id": found[tag, bot, number]}
        for tag, bot, number in sorted(found)
    ]


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


def _key(delivery: Delivery) -> Key | None:
    item = delivery.conversation
    return (item.bot, item.number) if item is not None else None


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()
