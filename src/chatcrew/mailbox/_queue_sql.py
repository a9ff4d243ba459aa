"""Putting, claiming and settling on PostgreSQL."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import TextClause, text

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.rows import turn_facts
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import MailboxFull, StoreError
from chatcrew.mailbox import _rules
from chatcrew.mailbox._claims_sql import attach, lease_due, read_bursts
from chatcrew.mailbox._held_sql import held, lock_held, lost, read_held, update_held
from chatcrew.mailbox._look_sql import look
from chatcrew.mailbox._put_sql import write_at_once, write_group
from chatcrew.mailbox._rows_sql import save
from chatcrew.mailbox._settle_sql import HELD, SETTLE, SETTLE_AS_DECIDED, SETTLE_UNSAID
from chatcrew.mailbox._values import Claims, PutResult
from chatcrew.mailbox._write_sql import CHANNEL
from chatcrew.mailbox._writer import GroupWriter
from chatcrew.messages import (
    Claim,
    Delivery,
    Outcome,
    TurnKey,
    TurnRecord,
    TurnState,
    Weight,
)
from chatcrew.points import Step, stepped

_RENEW = text(f"update conversation set lease_until = :until where {HELD}")  # noqa: S608 - constant
_FUNCTION = text(f"update conversation set function = :function where {HELD}")  # noqa: S608 - constant
_RELEASE = text(f"""
    with released as (
        update conversation set lease_owner = null, lease_until = null, due_at = :retry_at,
            retry_at = :retry_at, attempts = attempts - :uncounted
        where {HELD}
        returning 1
    )
    select pg_notify('{CHANNEL}', '') from released
""")  # noqa: S608 - constant

_TURN_STATE = text("select state from turn where id = :turn")

_PENDING = text("select count(*) from event where turn_id is null")

_RECOUNT_SECONDS = 5.0
_WRITERS = 2
"""While the database works for one, this process works for the other."""


class PostgresQueue:
    """The queue half of ``PostgresMailbox``."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lease_seconds: float = 30.0,
        max_attempts: int = 5,
        max_pending: int = 20_000,
        rest: float = 0.0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._max_attempts = max_attempts
        self._max_pending = max_pending
        self._pending = 0
        self._counted_at: float | None = None
        self._writers: list[GroupWriter[Delivery, PutResult]] = [
            GroupWriter(
                self._write, away=_is_away, weigh=lambda delivery: len(delivery.body), rest=rest
            )
            for _ in range(_WRITERS)
        ]

    async def put(self, delivery: Delivery) -> PutResult:
        """See ``Mailbox.put``."""
        if delivery.weight is Weight.NOISE:
            return PutResult.NOISE
        if delivery.weight is Weight.TURN:
            if delivery.conversation is None:
                raise StoreError(f"a turn event {delivery.event!r} without a conversation")
            await self._refuse_if_full()
        try:
            return await self._writer_of(delivery).submit(delivery)
        except (asyncpg.PostgresError, TypeError, ValueError) as error:
            # TypeError and ValueError: an id beyond 64 bits has no form in JSON or SQL
            raise StoreError(f"a delivery cannot be stored: {type(error).__name__}") from error

    async def claim(self, worker: str, *, limit: int) -> Claims:
        """See ``Mailbox.claim``."""
        return await self._claim(worker, limit=limit, exhausted=False)

    async def to_park(self, worker: str, *, limit: int) -> Claims:
        """See ``Mailbox.to_park``."""
        return await self._claim(worker, limit=limit, exhausted=True)

    async def renew(self, claim: Claim) -> Claim:
        """See ``Mailbox.renew``."""
        # Before the query: an answer that comes late must not make the lease look longer
        until = self._clock.monotonic() + self._lease_seconds
        stored_until = self._clock.now() + timedelta(seconds=self._lease_seconds)
        await self._update_held(_RENEW, claim.key, until=stored_until)
        return replace(claim, lease_until=until)

    async def recheck(self, claim: Claim, *, take: bool = True) -> Claim:
        """See ``Mailbox.recheck``."""
        key = claim.key
        quiet = await self._unchanged(claim, take=take)
        if quiet is not None:
            return quiet
        async with transaction(self._database, step=Step.RECHECK) as connection:
            row = await lock_held(connection, key)
            state = TurnState(await connection.scalar(_TURN_STATE, {"turn": key.turn_id}))
            if take and state is TurnState.OPEN:
                await attach(connection, [(row, key.turn_id)])
                row = _rules.take(row)
                await save(connection, [row])
            bursts = await read_bursts(connection, [key.turn_id], keys=self._database.keys)
        return replace(
            claim,
            state=row.state,
            burst=bursts.get(key.turn_id, ()),
            turn_state=state,
            arrivals=row.taken,
        )

    async def _unchanged(self, claim: Claim, *, take: bool) -> Claim | None:
        """Return the claim with the newest state where nothing came since, else None.

        Nearly always so, and then nothing is locked and nothing written: input that comes after
        this look would as well have come after the lock.
        """
        async with statement(self._database) as connection:
            row, state, burst = await read_held(connection, claim.key, keys=self._database.keys)
        if take and row.state.arrivals != claim.arrivals:
            return None
        if state is not claim.turn_state:
            return None
        return replace(claim, state=row.state, burst=burst)

    async def settle(
        self,
        key: TurnKey,
        record: TurnRecord | None,
        *,
        arrivals: int,
        unsaid: str | None = None,
    ) -> bool:
        """See ``Mailbox.settle``."""
        return await self._settle(key, record, arrivals=arrivals, parked_at=None, unsaid=unsaid)

    async def park(self, claim: Claim, *, reason: str) -> bool:
        """See ``Mailbox.park``."""
        record = TurnRecord(outcome=Outcome.PARKED, reason=reason, tenant=claim.state.tenant)
        now = self._clock.now()
        return await self._settle(claim.key, record, arrivals=claim.arrivals, parked_at=now)

    async def release(self, claim: Claim, *, retry_in: float, counted: bool = True) -> None:
        """See ``Mailbox.release``."""
        retry_at = self._clock.now() + timedelta(seconds=retry_in)
        await self._update_held(_RELEASE, claim.key, retry_at=retry_at, uncounted=int(not counted))

    async def set_function(self, key: TurnKey, function: str | None) -> None:
        """See ``Mailbox.set_function``."""
        await self._update_held(_FUNCTION, key, function=function)

    async def close(self) -> None:
        """Wait until every put that was called is written."""
        await asyncio.gather(*(writer.close() for writer in self._writers))

    def _writer_of(self, delivery: Delivery) -> GroupWriter[Delivery, PutResult]:
        """Return the writer of the conversation: always one, so its deliveries keep their order."""
        conversation = delivery.conversation
        return self._writers[conversation.number % _WRITERS if conversation is not None else 0]

    async def _write(self, deliveries: Sequence[Delivery]) -> Sequence[PutResult]:
        # Not ``transaction``: the writer has to tell a refused statement from a lost connection
        stepped(Step.PUT, "asked")
        now, keys = self._clock.now(), self._database.keys
        async with self._database.quick_alone() as connection:
            looked = await look(connection, deliveries)
            written = await write_at_once(connection, deliveries, looked, now, keys=keys)
            if written is not None:
                stepped(Step.PUT, "written")
        if written is None:
            async with self._database.quick() as connection:
                written = await write_group(connection, deliveries, looked, now, keys=keys)
                stepped(Step.PUT, "written")
        results, added = written
        stepped(Step.PUT, "committed")
        self._pending += added
        return results

    async def _refuse_if_full(self) -> None:
        """Compare with the bound; between counts this process adds what it puts itself.

        So the figure is never too small by more than what other processes put within 5 s.
        """
        age = None if self._counted_at is None else self._clock.monotonic() - self._counted_at
        full = self._pending >= self._max_pending
        if age is None or age > (0.1 if full else _RECOUNT_SECONDS):
            self._counted_at = self._clock.monotonic()
            async with statement(self._database) as connection:
                self._pending = await connection.scalar(_PENDING) or 0
        if self._pending >= self._max_pending:
            raise MailboxFull(f"{self._pending} turn events wait")

    async def _claim(self, worker: str, *, limit: int, exhausted: bool) -> Claims:
        async with statement(self._database, step=Step.CLAIM) as connection:
            return await lease_due(
                connection,
                worker,
                self._clock,
                limit=limit,
                most_attempts=self._max_attempts,
                lease_seconds=self._lease_seconds,
                exhausted=exhausted,
                keys=self._database.keys,
            )

    async def _settle(
        self,
        key: TurnKey,
        record: TurnRecord | None,
        *,
        arrivals: int,
        parked_at: datetime | None,
        unsaid: str | None = None,
    ) -> bool:
        values = held(key) | {
            "turn": key.turn_id,
            "arrivals": arrivals,
            "now": self._clock.now(),
            "parked_at": parked_at,
            "reason": None,
        }
        settling = SETTLE_AS_DECIDED
        if record is not None:
            settling, values = SETTLE, values | turn_facts(record)
        elif unsaid is not None:
            settling, values = SETTLE_UNSAID, values | {"unsaid": unsaid}
        async with statement(self._database, step=Step.SETTLE) as connection:
            waits = await connection.scalar(settling, values)
            if waits is None:
                raise lost(key)
        return bool(waits)

    async def _update_held(self, update: TextClause, key: TurnKey, **values: object) -> None:
        async with statement(self._database, step=Step.HOLD) as connection:
            await update_held(connection, update, key, **values)


def _is_away(failure: BaseException) -> bool:
    return isinstance(failure, StoreError)
