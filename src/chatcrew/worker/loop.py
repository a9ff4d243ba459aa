"""The worker's loop: claim what is due, run it, renew its lease, settle or give back."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from chatcrew.clock import Clock
from chatcrew.errors import ChatwootUnavailable, LeaseLost, StoreError
from chatcrew.hub import Hub
from chatcrew.hub.ended import Ended
from chatcrew.mailbox import Mailbox
from chatcrew.messages import Claim, Outcome
from chatcrew.points import Point, passed
from chatcrew.telemetry import Metrics, get_logger, place
from chatcrew.worker.facts import Facts
from chatcrew.worker.leases import Leases
from chatcrew.worker.limits import Limits
from chatcrew.worker.turns import Booked
from chatcrew.worker.typing import Typing

_log = get_logger("worker")

RENEW_EVERY = 10.0
"""Seconds between renewals of a 30-second lease (design §3)."""

AGAIN = 1.0
"""Seconds between two tries while storage is away."""

PARK_EVERY = 1.0
"""Seconds between two looks for what failed too often."""

CONTENDED = 0.02
"""Pause after something was due that another worker was quicker to take."""

AWAY = 0.25
"""Seconds between two tries to give a conversation back while the database is away."""

GIVE_BACK = 20.0
"""Seconds for which that is tried."""


class Worker:
    """Drains the mailbox until it is stopped.

    Args:
        name: unique among live workers.
        mailbox: where conversations wait.
        hub: runs one turn.
        leases: shared with the courier.
        typing: shows that the bot is at it.
        metrics: counters.
        clock: time.
        limits: bounds.
        booked: waits until the model calls of a turn are on the books; None: it makes none.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        name: str,
        *,
        mailbox: Mailbox,
        hub: Hub,
        leases: Leases,
        typing: Typing,
        metrics: Metrics,
        clock: Clock,
        limits: Limits | None = None,
        booked: Booked | None = None,
    ) -> None:
        self._booked = booked
        self.name = name
        self._mailbox = mailbox
        self._hub = hub
        self._leases = leases
        self._typing = typing
        self._metrics = metrics
        self._clock = clock
        self._limits = limits or Limits()
        self._facts = Facts(metrics, clock)
        self._running: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = False
        self._full = False
        self._parked_at = float("-inf")
        self._due: datetime | None = None

    async def run(self) -> None:
        """Work until ``stop``; then finish what runs (graceful drain, S1-12)."""
        listener = asyncio.create_task(self._listen(), name="mailbox-wakes")
        try:
            while not self._stopping:
                self._woken.clear()
                try:
                    pause = await self._look()
                except StoreError as error:
                    _log.error("mailbox.away", error=type(error).__name__)
                    await self._clock.sleep(AGAIN)
                    continue
                self._facts.tick()
                if pause > 0:
                    await self._rest(pause)
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
            await asyncio.gather(*self._running, return_exceptions=True)

    def stop(self) -> None:
        """Claim nothing more; ``run`` returns when the running turns have ended."""
        self._stopping = True
        self._woken.set()

    @property
    def running(self) -> int:
        """Turns at this moment."""
        return len(self._running)

    async def _look(self) -> float:
        """Start what is due; return the seconds until there may be more.

        Most wake-ups are of messages whose quiet period has just begun: for those one small query
        has to do. What comes due at the moment that was known is claimed without one, and the
        claim tells the next.
        """
        free = self._limits.concurrency - len(self._running)
        self._full = free <= 0
        if self._full:
            return self._limits.idle
        if not self._is_due():
            self._due = await self._mailbox.next_due()
            if not self._is_due():
                return self._left()
        claims = await self._mailbox.claim(self.name, limit=free)
        self._due = claims.next_due
        self._start(claims, give_up=False)
        failing: Sequence[Claim] = ()
        now = self._clock.monotonic()
        # What failed too often is due as well, and no claim takes it.
        left_over = not claims and self._is_due()
        if left_over or now - self._parked_at >= PARK_EVERY:
            self._parked_at = now
            # One at least: where many wait, claims have taken every place each time
            failing = await self._mailbox.to_park(self.name, limit=max(1, free - len(claims)))
            self._start(failing, give_up=True)
        return CONTENDED if left_over and not failing else self._left()

    def _is_due(self) -> bool:
        return self._due is not None and self._due <= self._clock.now()

    def _left(self) -> float:
        """Return the seconds until the known moment, or until a look for what was not told."""
        idle = self._limits.idle
        if self._due is None:
            return idle
        return min(idle, max(0.0, (self._due - self._clock.now()).total_seconds()))

    def _start(self, claims: Sequence[Claim], *, give_up: bool) -> None:
        for claim in claims:
            task = asyncio.create_task(self._turn(claim, give_up=give_up))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._full:
            self._woken.set()

    async def _rest(self, pause: float) -> None:
        """Wait for a wake-up, a free place or the next due time."""
        ways = {
            asyncio.create_task(self._woken.wait(), name="woken"),
            asyncio.create_task(self._clock.sleep(pause), name="due"),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()

    async def _listen(self) -> None:
        while True:
            try:
                async for _ in self._mailbox.wakes():
                    self._woken.set()
            except StoreError:
                pass  # the next look says so
            except Exception as error:  # noqa: BLE001 - design §5: the worker loop outlives any turn; deaf, it looks each second
                _log.error("mailbox.deaf", error=type(error).__name__, place=place(error))
            await self._clock.sleep(AGAIN)

    async def _turn(self, claim: Claim, *, give_up: bool) -> None:
        """Run one claimed turn to its end, whatever happens in it."""
        passed(Point.CLAIMED)
        try:
            # Parking has nothing to type, and needs no crew of the tenant's that could be amiss.
            typing = contextlib.nullcontext() if give_up else self._typing.shown(claim)
            async with self._leased(claim), typing:
                ended = await self._run(claim, give_up=give_up)
                await self._settle(ended)
            passed(Point.SETTLED)
        except LeaseLost:
            _log.warning("turn.lease_lost", conversation=str(claim.key.conversation))
        except ChatwootUnavailable as error:
            # Not the burst's fault, so it is not parked for it, until that is the better end.
            age = (self._clock.now() - claim.started_at).total_seconds()
            chance = random.random()  # noqa: S311 - spreads who comes back when, no secret
            again = self._limits.again(error, age=age, chance=chance)
            await self._again(claim, error, wait=again.pause, counted=again.counted)
        except Exception as error:  # noqa: BLE001 - design §5: the worker loop outlives any turn; the burst is tried again, then parked
            await self._again(claim, error)

    async def _run(self, claim: Claim, *, give_up: bool) -> Ended:
        """Run the turn; what it asked models for is on the books when it ends, however it ends."""
        try:
            return await self._hub.run(claim, give_up=give_up)
        finally:
            if self._booked is not None:
                await self._booked(claim.key.turn_id)

    async def _settle(self, ended: Ended) -> None:
        claim = ended.claim
        if ended.park is not None:
            waits = await self._mailbox.park(claim, reason=ended.park)
            self._metrics.count("chatcrew_parked")
        else:
            facts = None if ended.recorded else ended.record
            dropped = ended.recorded and ended.record.outcome is Outcome.DROPPED
            waits = await self._mailbox.settle(
                claim.key,
                facts,
                arrivals=claim.arrivals,
                unsaid=ended.record.reason if dropped else None,
            )
        self._facts.ended(ended)
        if waits:
            self._woken.set()

    async def _again(
        self, claim: Claim, error: Exception, *, wait: float = 0.0, counted: bool = True
    ) -> None:
        """Give the conversation back, to be claimed again after a growing pause."""
        name = type(error).__name__
        self._metrics.count("chatcrew_turn_failures", error=name)
        retry_in = max(self._limits.pause_after(claim.attempts), wait)
        _log.error(
            "turn.failed",
            conversation=str(claim.key.conversation),
            turn=claim.key.turn_id,
            error=name,
            place=place(error),
            attempts=claim.attempts,
            retry_in=retry_in,
        )
        await self._give_back(claim, retry_in=retry_in, counted=counted)

    async def _give_back(self, claim: Claim, *, retry_in: float, counted: bool) -> None:
        """Release the conversation, waiting for a database that restarts.

        If it stays away the lease runs out by itself, but that takes the customer 30 s.
        """
        last = self._clock.monotonic() + GIVE_BACK
        while True:
            try:
                await self._mailbox.release(claim, retry_in=retry_in, counted=counted)
            except LeaseLost:
                return
            except StoreError:
                if self._stopping or self._clock.monotonic() >= last:
                    return
                await self._clock.sleep(AWAY)
            else:
                return

    @contextlib.asynccontextmanager
    async def _leased(self, claim: Claim) -> AsyncIterator[None]:
        self._leases.hold(claim)
        renewing = asyncio.create_task(self._renew(claim), name="renew")
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            self._leases.drop(claim)

    async def _renew(self, claim: Claim) -> None:
        """Renew until cancelled; a lost lease shows itself at the next fenced write."""
        while True:
            await self._clock.sleep(RENEW_EVERY)
            with contextlib.suppress(StoreError):
                self._leases.hold(await self._mailbox.renew(claim))
