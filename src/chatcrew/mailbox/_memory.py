"""The mailbox in memory: the same rules over plain dictionaries, for tests and simulations."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from chatcrew.database.rows import ConversationRow, EventRow
from chatcrew.ids import ConversationId
from chatcrew.mailbox import _rules
from chatcrew.mailbox._memory_quarantine import MemoryQuarantine
from chatcrew.mailbox._memory_queue import MemoryQueue, key_of
from chatcrew.mailbox._memory_silence import MemorySilences
from chatcrew.mailbox._values import Depth, Parked
from chatcrew.messages import (
    ConversationState,
    InputKind,
    Snapshot,
    TurnState,
    clean_json,
    snapshot_from_json,
    snapshot_to_json,
)


class MemoryMailbox(MemoryQueue, MemorySilences, MemoryQuarantine):
    """In-memory twin of ``PostgresMailbox``; see ``Mailbox`` for what each method promises."""

    async def parked(self, *, limit: int = 100) -> list[Parked]:
        """See ``Mailbox.parked``."""
        found = [
            Parked(
                conversation=row.state.id,
                tenant=row.state.tenant,
                turn_id=row.parked_turn or "",
                reason=row.parked_reason or "",
                at=row.state.parked_at,
            )
            for row in self._tables.conversations.values()
            if row.state.parked_at is not None
        ]
        return sorted(found, key=lambda item: item.at)[:limit]

    async def retry_parked(self, conversation: ConversationId) -> bool:
        """See ``Mailbox.retry_parked``."""
        row = self._unpark(conversation)
        if row is None:
            return False
        for event in self._tables.events.values():
            if event.turn_id == row.parked_turn:
                event.turn_id = None
        self._save(_rules.retry(row, self._clock.now()))
        self._wake()
        return True

    async def discard_parked(self, conversation: ConversationId, *, reason: str) -> bool:
        """See ``Mailbox.discard_parked``."""
        row = self._unpark(conversation)
        if row is None:
            return False
        turn = self._tables.turns[row.parked_turn or ""]
        if turn.record is not None:
            details = {**turn.record.details, "discarded": reason}
            turn.record = replace(turn.record, details=details)
        self._save(_rules.unpark(row))
        return True

    async def enqueue(self, conversation: ConversationId, *, kind: InputKind) -> bool:
        """See ``Mailbox.enqueue``."""
        row = self._tables.conversations.get(key_of(conversation))
        if row is None or not _rules.may_enqueue(row, kind):
            return False
        self._save(_rules.enqueue(row, kind, self._clock.now()))
        self._add_input(row, kind)
        return True

    async def wake(
        self,
        conversation: ConversationId,
        *,
        key: str,
        payload: Mapping[str, Any],
        kind: InputKind = InputKind.TIMER,
    ) -> bool:
        """See ``Mailbox.wake``."""
        row = self._tables.conversations.get(key_of(conversation))
        if row is None:
            return False
        seen = (conversation.bot, f"t:{key}")
        if seen not in self._tables.seen:
            self._tables.seen[seen] = self._clock.now()
            self._save(_rules.enqueue(row, kind, self._clock.now()))
            self._add_input(row, kind, body=orjson.dumps(clean_json(payload)))
        return True

    async def observe(self, conversation: ConversationId, snapshot: Snapshot) -> None:
        """See ``Mailbox.observe``."""
        row = self._tables.conversations.get(key_of(conversation))
        if row is None:
            return
        seen = snapshot_from_json(snapshot_to_json(snapshot))
        applied = _rules.observe(row, seen, self._clock.now())
        self._save(applied.row)
        for kind in applied.kinds:
            self._add_input(row, kind)

    async def unanswered(self, *, before: datetime, limit: int = 100) -> list[ConversationState]:
        """See ``Mailbox.unanswered``."""
        now = self._clock.now()
        rows = [
            row
            for row in self._tables.conversations.values()
            if _rules.unanswered(row, now, before=before)
        ]
        rows.sort(key=lambda row: row.customer_at or now)
        return [row.state for row in rows[:limit]]

    async def told(self, conversation: ConversationId) -> bool:
        """See ``Mailbox.told``."""
        row = self._tables.conversations.get(key_of(conversation))
        if row is None:
            return False
        records = [
            turn.record
            for turn in self._tables.turns.values()
            if turn.state_of.id == conversation and turn.record is not None
        ]
        return any(
            int(str(record.details.get("announced", 0))) > row.last_answer_id
            and record.details.get("episode") == row.state.episode
            for record in records
        )

    async def free(self, worker: str) -> int:
        """See ``Mailbox.free``."""
        held = [row for row in self._tables.conversations.values() if row.lease_owner == worker]
        for row in held:
            self._save(replace(row, lease_owner=None, lease_until=None))
        if held:
            self._wake()
        return len(held)

    async def state(self, conversation: ConversationId) -> ConversationState | None:
        """See ``Mailbox.state``."""
        row = self._tables.conversations.get(key_of(conversation))
        return row.state if row is not None else None

    async def next_due(self) -> datetime | None:
        """See ``Mailbox.next_due``."""
        return self._due()

    async def depth(self) -> Depth:
        """See ``Mailbox.depth``."""
        rows = list(self._tables.conversations.values())
        now = self._clock.now()
        waits = [row.waiting_since or now for row in rows if row.state.due_at is not None]
        return Depth(
            waiting=len(waits),
            oldest=max(((now - since).total_seconds() for since in waits), default=0.0),
            parked=sum(row.state.parked_at is not None for row in rows),
        )

    async def wakes(self) -> AsyncIterator[None]:
        """See ``Mailbox.wakes``."""
        rung = asyncio.Event()
        rung.set()
        self._listeners.add(rung)
        try:
            while True:
                await rung.wait()
                rung.clear()
                yield None
        finally:
            self._listeners.discard(rung)

    async def purge_seen(self, before: datetime) -> int:
        """See ``Mailbox.purge_seen``."""
        old = [key for key, at in self._tables.seen.items() if at < before]
        for key in old:
            del self._tables.seen[key]
        return len(old)

    async def purge_bodies(self, before: datetime) -> int:
        """See ``Mailbox.purge_bodies``."""
        count = self._purge_quarantine(before)
        for event in self._tables.events.values():
            turn = self._tables.turns.get(event.turn_id or "")
            finished = turn is not None and turn.state is TurnState.FINISHED
            if event.body is not None and finished and event.received_at < before:
                event.body = None
                count += 1
        return count

    def _add_input(
        self, row: ConversationRow, kind: InputKind, *, body: bytes | None = None
    ) -> None:
        event_id = next(self._tables.numbers)
        self._tables.events[event_id] = EventRow(
            id=event_id,
            key=row.key,
            kind=kind,
            name=kind.value,
            message_id=None,
            part=0,
            received_at=self._clock.now(),
            body=body,
        )
        self._wake()

    def _unpark(self, conversation: ConversationId) -> ConversationRow | None:
        row = self._tables.conversations.get(key_of(conversation))
        return row if row is not None and row.state.parked_at is not None else None
