"""Putting, claiming and settling in memory."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from chatcrew.clock import Clock
from chatcrew.database.rows import ConversationRow, EventRow, Key, MemoryTables, TurnRow
from chatcrew.errors import LeaseLost, MailboxFull, StoreError
from chatcrew.ids import ConversationId, new_id
from chatcrew.mailbox import _rules
from chatcrew.mailbox._burst import Stored, build_burst
from chatcrew.mailbox._memory_put import store
from chatcrew.mailbox._tenants import moved
from chatcrew.mailbox._values import Claims, PutResult
from chatcrew.messages import (
    Claim,
    Delivery,
    Input,
    InputKind,
    Line,
    Outcome,
    Topic,
    TurnKey,
    TurnRecord,
    TurnState,
    Weight,
)


class MemoryQueue:
    """The queue half of ``MemoryMailbox``."""

    def __init__(
        self,
        tables: MemoryTables,
        clock: Clock,
        *,
        lease_seconds: float = 30.0,
        max_attempts: int = 5,
        max_pending: int = 20_000,
    ) -> None:
        self._tables = tables
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._max_attempts = max_attempts
        self._max_pending = max_pending
        self._listeners: set[asyncio.Event] = set()

    async def put(self, delivery: Delivery) -> PutResult:
        """See ``Mailbox.put``."""
        if delivery.weight is Weight.NOISE:
            return PutResult.NOISE
        if delivery.weight is Weight.TURN:
            if delivery.conversation is None:
                raise StoreError(f"a turn event {delivery.event!r} without a conversation")
            pending = sum(1 for event in self._tables.events.values() if event.turn_id is None)
            if pending >= self._max_pending:
                raise MailboxFull(f"{pending} turn events wait")
        keys = [(delivery.bot, key) for key in _rules.dedupe_keys(delivery)]
        fresh = not any(key in self._tables.seen for key in keys)
        for key in keys:
            self._tables.seen.setdefault(key, self._clock.now())
        if not fresh:
            return PutResult.DUPLICATE
        if store(self._tables, delivery, self._clock.now()):
            self._wake()
        return PutResult.STORED

    async def claim(self, worker: str, *, limit: int) -> Claims:
        """See ``Mailbox.claim``."""
        return self._claim(worker, limit, lambda row: row.state.attempts < self._max_attempts)

    async def to_park(self, worker: str, *, limit: int) -> Claims:
        """See ``Mailbox.to_park``."""
        return self._claim(worker, limit, lambda row: row.state.attempts >= self._max_attempts)

    async def renew(self, claim: Claim) -> Claim:
        """See ``Mailbox.renew``."""
        row = self._held(claim.key)
        until = self._clock.now() + timedelta(seconds=self._lease_seconds)
        self._save(replace(row, lease_until=until))
        return replace(claim, lease_until=self._clock.monotonic() + self._lease_seconds)

    async def recheck(self, claim: Claim, *, take: bool = True) -> Claim:
        """See ``Mailbox.recheck``."""
        row = self._held(claim.key)
        turn = self._tables.turns[claim.key.turn_id]
        if take and turn.state is TurnState.OPEN:
            row = self._attach(row, turn.id)
            self._save(row)
        return replace(
            claim,
            state=row.state,
            burst=self._burst(turn.id),
            turn_state=turn.state,
            arrivals=row.taken,
        )

    async def settle(
        self,
        key: TurnKey,
        record: TurnRecord | None,
        *,
        arrivals: int,
        unsaid: str | None = None,
    ) -> bool:
        """See ``Mailbox.settle``."""
        row = _rules.settle(self._held(key), self._clock.now(), arrivals=arrivals)
        self._save(row)
        turn = self._tables.turns[key.turn_id]
        turn.state, turn.record = TurnState.FINISHED, record or turn.record
        if unsaid is not None and turn.record is not None:
            turn.record = replace(turn.record, outcome=Outcome.DROPPED, reason=unsaid)
        turn.finished_at = self._clock.now()
        return row.state.due_at is not None

    async def release(self, claim: Claim, *, retry_in: float, counted: bool = True) -> None:
        """See ``Mailbox.release``."""
        row = self._held(claim.key)
        retry_at = self._clock.now() + timedelta(seconds=retry_in)
        attempts = row.state.attempts - (not counted)
        state = replace(row.state, due_at=retry_at, attempts=attempts)
        self._save(replace(row, state=state, retry_at=retry_at, lease_owner=None, lease_until=None))
        self._wake()

    async def set_function(self, key: TurnKey, function: str | None) -> None:
        """See ``Mailbox.set_function``."""
        row = self._held(key)
        self._save(replace(row, state=replace(row.state, function=function)))

    async def start_over(self, key: TurnKey) -> None:
        """See ``Mailbox.start_over``."""
        row = self._held(key)
        state = replace(row.state, episode=row.state.episode + 2, function=None, topic=Topic())
        self._save(replace(row, state=state))

    async def give(self, key: TurnKey, tenant: str) -> None:
        """See ``Mailbox.give``."""
        self._save(moved(self._held(key), tenant))

    async def park(self, claim: Claim, *, reason: str) -> bool:
        """See ``Mailbox.park``."""
        record = TurnRecord(outcome=Outcome.PARKED, reason=reason, tenant=claim.state.tenant)
        waits = await self.settle(claim.key, record, arrivals=claim.arrivals)
        row = self._tables.conversations[key_of(claim.key.conversation)]
        state = replace(row.state, parked_at=self._clock.now())
        self._save(replace(row, state=state, parked_reason=reason, parked_turn=claim.key.turn_id))
        return waits

    async def close(self) -> None:
        """Nothing to close; here so that both backends are closed alike."""

    def _claim(self, worker: str, limit: int, wanted: Callable[[ConversationRow], bool]) -> Claims:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        rows = [r for r in self._tables.conversations.values() if _rules.due(r, now) and wanted(r)]
        chosen = sorted(rows, key=_rules.order)[:limit]
        leased = [self._lease(row, worker, now, monotonic) for row in chosen]
        return Claims(
            (claim for claim in leased if claim is not None),
            next_due=self._due(but=[row.key for row in chosen]),
        )

    def _due(self, *, but: Collection[Key] = ()) -> datetime | None:
        """Return when a conversation that is none of ``but`` can next be claimed."""
        times = [
            max(row.state.due_at, row.lease_until or row.state.due_at)
            for row in self._tables.conversations.values()
            if row.state.due_at is not None and row.key not in but
        ]
        return min(times, default=None)

    def _lease(
        self, row: ConversationRow, worker: str, now: datetime, monotonic: float
    ) -> Claim | None:
        turn = self._unfinished(row)
        if turn is None:
            turn = TurnRow(id=new_id(), state_of=row.state, worker=worker, started_at=now)
        if turn.state is TurnState.OPEN:
            row = self._attach(row, turn.id)
        burst = self._burst(turn.id)
        if not burst:
            self._save(_rules.empty(row))
            return None
        row = _rules.lease(row, worker, now, seconds=self._lease_seconds)
        self._save(row)
        turn.worker, turn.attempts = worker, row.state.attempts
        self._tables.turns[turn.id] = turn
        return Claim(
            key=TurnKey(turn.id, row.state.id, row.fence),
            state=row.state,
            burst=burst,
            turn_state=turn.state,
            arrivals=row.taken,
            attempts=row.state.attempts,
            lease_until=monotonic + self._lease_seconds,
            started_at=turn.started_at,
            decided=turn.record.reason if turn.record is not None else None,
        )

    def _unfinished(self, row: ConversationRow) -> TurnRow | None:
        for turn in self._tables.turns.values():
            if turn.state is not TurnState.FINISHED and turn.state_of.id == row.state.id:
                return turn
        return None

    def _attach(self, row: ConversationRow, turn_id: str) -> ConversationRow:
        for event in self._tables.events.values():
            if event.key == row.key and event.turn_id is None:
                event.turn_id = turn_id
        return _rules.take(row)

    def _burst(self, turn_id: str) -> tuple[Input, ...]:
        return build_burst(
            Stored(
                event_id=event.id,
                kind=event.kind,
                message_id=event.message_id,
                part=event.part,
                received_at=event.received_at,
                line=self._line(event),
                payload=carried(event),
            )
            for event in self._tables.events.values()
            if event.turn_id == turn_id
        )

    def _line(self, event: EventRow) -> Line | None:
        if event.message_id is None:
            return None
        row = self._tables.messages.get((event.key[0], event.message_id, event.part))
        return row.line if row is not None else None

    def _held(self, key: TurnKey) -> ConversationRow:
        return held(self._tables, key)

    def _save(self, row: ConversationRow) -> None:
        self._tables.conversations[row.key] = row

    def _wake(self) -> None:
        for rung in self._listeners:
            rung.set()


def held(tables: MemoryTables, key: TurnKey) -> ConversationRow:
    """Return the row that a claim holds.

    Raises:
        LeaseLost: another claim has it, or it was given back.
    """
    row = tables.conversations.get(key_of(key.conversation))
    if row is None or row.fence != key.fence or row.lease_owner is None:
        raise LeaseLost(f"conversation {str(key.conversation)!r} was claimed again")
    return row


def carried(event: EventRow) -> dict[str, Any]:
    """Return what the event of a timer or of the tab carries; nothing for all others."""
    tab = event.kind is InputKind.COMMAND and event.message_id is None
    if not (event.kind is InputKind.TIMER or tab) or event.body is None:
        return {}
    payload: dict[str, Any] = orjson.loads(event.body)
    return payload


def key_of(conversation: ConversationId) -> tuple[str, int]:
    return conversation.bot, conversation.number
