"""What a worker does by time: sweep, fire timers, share the pace, renew, forget what is old."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self

from chatcrew.app.corrections import StoredCorrections
from chatcrew.chatwoot import Pacing
from chatcrew.clock import Clock
from chatcrew.conduct import ConductStore
from chatcrew.conversations import History
from chatcrew.desk import REMEMBERED, Assignments
from chatcrew.errors import StoreError
from chatcrew.mailbox import Mailbox
from chatcrew.pairing import Pairings
from chatcrew.proposals import DraftStore, settle_drafts
from chatcrew.telemetry import get_logger, place
from chatcrew.tools import ToolCalls
from chatcrew.why import Judgements
from chatcrew.worker import Alarms, DebtWatch, Sweep

_log = get_logger("chores")

SWEEP_EVERY = 60.0
SHARE_EVERY = 15.0
PURGE_EVERY = 3600.0
RENEW_EVERY = 3600.0
ALARM_EVERY = 2.0
SETTLE_EVERY = 60.0
DEBTS_EVERY = 5.0
WORKERS = "chatcrew-worker"
"""What the names of all workers' pools begin with."""
KEEP_KEYS = timedelta(days=30)
"""Chatwoot retries within seconds; a month also covers a replayed backup of its queue."""
KEEP_BODIES = timedelta(days=7)
KEEP_CALLS = timedelta(days=90)
"""What a tool did is asked for in disputes, not for ever."""

KEEP_DRAFTS = timedelta(days=180)
"""Without their words: what became of them is counted over half a year."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """The bot's words in people's hands.

    Attributes:
        store: its suggestions.
        history: the conversations in which people used them or did not.
        corrections: proposes what they changed or deleted.
    """

    store: DraftStore
    history: History
    corrections: StoredCorrections


class Peers(Protocol):
    """Who else works on this database."""

    async def peers(self, prefix: str) -> int:
        """Return how many pools whose names begin with ``prefix`` are connected.

        Raises:
            StoreError: it was not answered.
        """
        ...


class Chores:
    """Background tasks of one worker, as an async context.

    Args:
        sweep: finds who was not answered.
        peers: who else works.
        mailbox: whose oldest is deleted.
        pacing: what is shared.
        clock: time.
        alarms: fires timers; left out, none fires here.
        renew: says which knowledge this worker uses, which is kept for as long as somebody does.
        calls: whose oldest is deleted; left out, none is.
        drafts: what was proposed to people; left out, nobody looks what became of it.
        conduct: whose old notices are forgotten; left out, none is.
        assignments: whose oldest are forgotten; left out, none is.
        debts: looks after who waits for people; left out, nobody does.
        pairings: whose codes and sessions that ran out are forgotten; left out, none is.
        judgements: whose oldest are forgotten; left out, none is.
    """

    def __init__(  # noqa: PLR0913 - what each chore is done with
        self,
        sweep: Sweep,
        *,
        peers: Peers,
        mailbox: Mailbox,
        pacing: Pacing,
        clock: Clock,
        alarms: Alarms | None = None,
        renew: Callable[[], Awaitable[None]] | None = None,
        calls: ToolCalls | None = None,
        drafts: Drafts | None = None,
        conduct: ConductStore | None = None,
        assignments: Assignments | None = None,
        debts: DebtWatch | None = None,
        pairings: Pairings | None = None,
        judgements: Judgements | None = None,
    ) -> None:
        self._sweep = sweep
        self._alarms = alarms
        self._peers = peers
        self._mailbox = mailbox
        self._pacing = pacing
        self._clock = clock
        self._renew = renew
        self._calls = calls
        self._drafts = drafts
        self._conduct = conduct
        self._assignments = assignments
        self._debts = debts
        self._pairings = pairings
        self._judgements = judgements
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self._sweeping(), name="sweep"),
            asyncio.create_task(self._sharing(), name="share"),
            asyncio.create_task(self._purging(), name="purge"),
            asyncio.create_task(self._renewing(), name="renew"),
            asyncio.create_task(self._alarming(), name="alarms"),
            asyncio.create_task(self._settling(), name="drafts"),
            asyncio.create_task(self._dunning(), name="debts"),
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _sweeping(self) -> None:
        while True:
            try:
                await self._sweep.run()
                if self._debts is not None:
                    await self._debts.find()
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error("sweep.failed", error=type(error).__name__, place=place(error))
            await self._clock.sleep(SWEEP_EVERY)

    async def _alarming(self) -> None:
        while self._alarms is not None:
            try:
                await self._alarms.run()
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error("timers.away", error=type(error).__name__, place=place(error))
            await self._clock.sleep(ALARM_EVERY)

    async def _settling(self) -> None:
        while self._drafts is not None:
            try:
                now, care = self._clock.now(), self._drafts
                await settle_drafts(care.store, care.history, now=now, told=care.corrections.edited)
                await care.corrections.deleted(now=now)
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error("drafts.not_settled", error=type(error).__name__, place=place(error))
            await self._clock.sleep(SETTLE_EVERY)

    async def _dunning(self) -> None:
        while self._debts is not None:
            try:
                await self._debts.run()
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error("debts.away", error=type(error).__name__, place=place(error))
            await self._clock.sleep(DEBTS_EVERY)

    async def _sharing(self) -> None:
        """Divide the pace by the workers that live now, on whatever machines they do."""
        while True:
            try:
                live = await self._peers.peers(WORKERS)
            except StoreError as error:
                _log.error("pace.not_shared", error=type(error).__name__)
            else:
                self._pacing.divide(max(1, live))
            await self._clock.sleep(SHARE_EVERY)

    async def _purging(self) -> None:
        while True:
            now = self._clock.now()
            try:
                await self._mailbox.purge_seen(now - KEEP_KEYS)
                await self._mailbox.purge_bodies(now - KEEP_BODIES)
                if self._alarms is not None:
                    await self._alarms.purge()
                if self._debts is not None:
                    await self._debts.purge()
                if self._calls is not None:
                    await self._calls.purge(now - KEEP_CALLS)
                if self._drafts is not None:
                    await self._drafts.store.purge(now - KEEP_DRAFTS)
                if self._conduct is not None:
                    await self._conduct.purge()
                if self._assignments is not None:
                    await self._assignments.purge(now - REMEMBERED)
                if self._pairings is not None:
                    await self._pairings.purge()
                if self._judgements is not None:
                    await self._judgements.purge(now - KEEP_CALLS)
            except StoreError as error:
                _log.error("purge.failed", error=type(error).__name__)
            await self._clock.sleep(PURGE_EVERY)

    async def _renewing(self) -> None:
        while self._renew is not None:
            try:
                await self._renew()
            except StoreError as error:
                _log.error("knowledge.not_renewed", error=type(error).__name__)
            await self._clock.sleep(RENEW_EVERY)
