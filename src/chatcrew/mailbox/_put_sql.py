"""A group of deliveries as one statement, or as one transaction of set statements (ADR 0039)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg
import orjson
from sqlalchemy import TextClause

from chatcrew.database.rows import Key
from chatcrew.database.sealing import sealed_line
from chatcrew.mailbox import _rules
from chatcrew.mailbox._draft import Draft
from chatcrew.mailbox._look_sql import Look, keys_to_json, look_and_lock, places_to_json
from chatcrew.mailbox._receipts import ORDER, later
from chatcrew.mailbox._rows_sql import Executes, add_missing, drafts_to_json
from chatcrew.mailbox._values import PutResult
from chatcrew.mailbox._write_sql import (
    FORGET_BODY,
    FORGET_LINE,
    NOTE,
    PARTS,
    RATE,
    RECEIPTS,
    Way,
    write,
)
from chatcrew.messages import Delivery, Effect, InputKind, clean_text, line_to_json
from chatcrew.privacy import Keyring


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


@dataclass(slots=True)
class _Changes:
    """What new deliveries write, beside what is rare.

    Attributes:
        values: of the statement; of the parts, those with something to write.
        added: inputs for the queue.
        receipts: of messages whose line is new in that very statement, which would not see it.
    """

    values: dict[str, Any]
    added: int
    receipts: dict[str, Any] = field(default_factory=dict)

    def statement(self, way: Way) -> TextClause:
        """Return what writes them."""
        return write(way, tuple(part for part in PARTS if part in self.values))


async def write_at_once(
    connection: Executes,
    deliveries: Sequence[Delivery],
    looked: Look,
    now: datetime,
    *,
    keys: Keyring,
) -> tuple[list[PutResult], int] | None:
    """Write a group in one statement by itself, if nothing changed since it was looked at.

    Returns:
        As ``write_group``; None: nothing was written, and it is for ``write_group`` to do.
    """
    results = _results(looked.fresh)
    new = [item for item, is_new in zip(deliveries, looked.fresh, strict=True) if is_new]
    if not new:
        if looked.unknown:
            noted = {"keys": keys_to_json(looked.unknown), "at": now}
            await connection.execute(NOTE, noted)
        return results, 0
    places = {key for item in new if (key := _key(item)) is not None}
    made = not places <= looked.drafts.keys()
    if any(map(_is_rare, new)) or (made and len(places) > 1):
        return None
    drafts = _begun(new) if made else {place: looked.drafts[place] for place in places}
    changes = _changes(new, drafts, now, keys)
    # That a person spoke is told of a row that changes (the trigger of ADR 0032)
    if changes.receipts or (made and any(draft.spoke_id for draft in drafts.values())):
        return None
    changes.values |= {"keys": keys_to_json(looked.unknown)} if looked.unknown else {}
    if made:
        way = Way.NONE_YET
        changes.values["account"] = next(iter(drafts.values())).id.account
    elif len(drafts) == 1:
        way = Way.READ_ONE
        changes.values["version"] = next(looked.versions[place] for place in drafts)
    else:
        way = Way.READ
        read = ((place, looked.versions[place]) for place in drafts)
        changes.values |= {"places": places_to_json(read), "count": len(drafts)}
    try:
        written = await connection.execute(changes.statement(way), changes.values)
    except asyncpg.UniqueViolationError:  # a key, noted by a delivery of another conversation
        return None
    return (results, changes.added) if any(True for _ in written) else None


async def write_group(
    connection: Executes,
    deliveries: Sequence[Delivery],
    looked: Look,
    now: datetime,
    *,
    keys: Keyring,
) -> tuple[list[PutResult], int]:
    """Write a group in a transaction, with its rows locked before anything is decided.

    Returns:
        What became of each delivery, and how many inputs were added.
    """
    pairs = zip(deliveries, looked.fresh, strict=True)
    named = [item.conversation for item, is_new in pairs if is_new]
    missing = [item for item in named if item and (item.bot, item.number) not in looked.drafts]
    if missing:
        await add_missing(connection, missing)
    fresh, drafts = await look_and_lock(connection, deliveries, now)
    results = _results(fresh)
    new = [item for item, is_new in zip(deliveries, fresh, strict=True) if is_new]
    places = {key for item in new if (key := _key(item)) is not None}
    if not places:
        return results, 0
    changes = _changes(new, {place: drafts[place] for place in places}, now, keys)
    way = Way.LOCKED_ONE if len(places) == 1 else Way.LOCKED
    await connection.execute(changes.statement(way), changes.values)
    if changes.receipts:
        await connection.execute(RECEIPTS, changes.receipts)
    for delivery in new:
        await _effects(connection, delivery, now, keys)
    return results, changes.added


def _changes(
    new: Sequence[Delivery], drafts: dict[Key, Draft], now: datetime, keys: Keyring
) -> _Changes:
    """Apply new deliveries to the rows of their conversations."""
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
    apart = any((one["bot"], one["message_id"], 0) in lines.rows for one in receipts)
    kept, replaced = lines.of(replacing=False), lines.of(replacing=True)
    values: dict[str, Any] = {"at": now, **drafts_to_json(list(drafts.values()))}
    values |= {"lines": _json(kept)} if kept else {}
    values |= {"replaced": _json(replaced)} if replaced else {}
    values |= {"events": _json(events), "bodies": bodies} if events else {}
    values |= _set("echo", "echoes", echoes)
    if apart:
        later_on = {"receipts": _json(receipts), "states": list(ORDER)}
        return _Changes(values, len(events), later_on)
    values |= _set("receipt", "receipts", receipts) | {"states": list(ORDER)}
    return _Changes(values, len(events))


def _set(one: str, several: str, rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return rows as the value of that one of two ``PARTS`` which is for so many, if any."""
    if len(rows) == 1:
        return {one: orjson.dumps(rows[0]).decode()}
    return {several: _json(rows)} if rows else {}


def _begun(new: Sequence[Delivery]) -> dict[Key, Draft]:
    """Return the row of the only conversation, which has none yet."""
    ids = (item.conversation for item in new)
    return {(item.bot, item.number): Draft.of(_rules.new_row(item)) for item in ids if item}


def _is_rare(delivery: Delivery) -> bool:
    """Return whether it needs more than the one statement."""
    change = delivery.change
    rare = change.deleted_id is not None or change.rating is not None
    return rare or delivery.conversation is None


def _results(fresh: Sequence[bool]) -> list[PutResult]:
    return [PutResult.STORED if new else PutResult.DUPLICATE for new in fresh]


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
        await connection.execute(FORGET_LINE, values)
        await connection.execute(FORGET_BODY, values)
    if change.rating is not None:
        values = {"bot": bot, "message_id": change.rating.message_id, "number": number}
        values |= {"tenant": delivery.tenant, "rating": change.rating.rating, "at": now}
        values |= {"feedback": keys.seal(clean_text(change.rating.feedback), f"rating {bot}")}
        await connection.execute(RATE, values)


def _key(delivery: Delivery) -> Key | None:
    item = delivery.conversation
    return (item.bot, item.number) if item is not None else None


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()
