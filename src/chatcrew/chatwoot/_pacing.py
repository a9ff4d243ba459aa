"""Keeps all calls to one Chatwoot below its own limit, the important ones first."""

import asyncio
import heapq
import itertools
from enum import IntEnum

from chatcrew.clock import Clock
from chatcrew.errors import ChatwootUnavailable

PER_MINUTE = 2700
"""Default pace: nine tenths of rack-attack's 3,000 requests a minute per client address (§4.7)."""

_ROUNDING = 1e-6


class Urgency(IntEnum):
    """Which calls go first when the pace is used up."""

    MESSAGE = 0
    STATUS = 1
    LABEL = 2
    TYPING = 3


class Pacer:
    """A token bucket for one Chatwoot address, shared by all bots that talk to it.

    A full bucket holds a ninth of a minute's calls: with the steady pace of nine tenths, no minute
    can then see more than Chatwoot allows.

    Args:
        clock: time.
        per_minute: steady pace of all processes together.
        share: how many live processes share it.
    """

    def __init__(self, clock: Clock, *, per_minute: int = PER_MINUTE, share: int = 1) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._share = max(1, share)
        self._tokens = self._capacity
        self._filled_at = clock.monotonic()
        self._resume_at = self._filled_at
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._pump: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many calls wait for their turn."""
        return sum(not future.done() for _, _, future in self._waiting)

    def divide(self, share: int) -> None:
        """Take a new share of the pace: ``share`` live processes now talk to this Chatwoot."""
        self._fill()
        self._share = max(1, share)
        self._tokens = min(self._tokens, self._capacity)

    def back_off(self, seconds: float) -> None:
        """Let nothing through for ``seconds``: Chatwoot answered 429."""
        self._fill()
        self._tokens = min(self._tokens, 1.0)
        self._resume_at = max(self._resume_at, self._clock.monotonic() + seconds)

    async def acquire(self, urgency: Urgency, *, patience: float = 20.0) -> None:
        """Wait until one call may be made.

        Typing never waits: it is refused while others wait or less than a fifth of the bucket is
        left.

        Args:
            urgency: lower ones go first.
            patience: longest wait that makes sense, in seconds.

        Raises:
            ChatwootUnavailable: the wait would be longer; nothing was sent.
        """
        self._fill()
        expected = self._expected_wait()
        if urgency is Urgency.TYPING and (expected > 0 or self._tokens < self._capacity / 5):
            raise ChatwootUnavailable("pace used up: typing is dropped first", retryable=False)
        if expected > patience:
            raise ChatwootUnavailable(
                "pace used up", retryable=True, retry_after=expected, maybe_done=False
            )
        if expected <= 0:
            self._tokens -= 1
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (int(urgency), next(self._numbers), future))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._release(), name="chatwoot-pace")
        await future

    @property
    def _capacity(self) -> float:
        return max(1.0, self._per_minute / 9 / self._share)

    @property
    def _per_second(self) -> float:
        return self._per_minute / 60 / self._share

    def _fill(self) -> None:
        now = self._clock.monotonic()
        gained = (now - self._filled_at) * self._per_second
        self._tokens = min(self._capacity, self._tokens + gained)
        self._filled_at = now

    def _expected_wait(self) -> float:
        paused = max(0.0, self._resume_at - self._clock.monotonic())
        missing = max(0.0, self.waiting + 1 - self._tokens) / self._per_second
        return max(paused, missing)

    async def _release(self) -> None:
        """Wake the most urgent waiter for each token; ends when nobody waits."""
        while self._waiting:
            self._fill()
            paused = self._resume_at - self._clock.monotonic()
            missing = (1 - self._tokens) / self._per_second
            delay = max(paused, missing)
            if delay > _ROUNDING:
                await self._clock.sleep(delay)
                continue
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                self._tokens -= 1
                future.set_result(None)


class Pacing:
    """One pacer per Chatwoot address.

    Args:
        clock: time.
        per_minute: steady pace of all processes together, per address.
        share: how many live processes share it.
    """

    def __init__(self, clock: Clock, *, per_minute: int = PER_MINUTE, share: int = 1) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._share = share
        self._pacers: dict[str, Pacer] = {}

    def of(self, base_url: str) -> Pacer:
        """Return the pacer of a Chatwoot address."""
        pacer = self._pacers.get(base_url)
        if pacer is None:
            pacer = Pacer(self._clock, per_minute=self._per_minute, share=self._share)
            self._pacers[base_url] = pacer
        return pacer

    def divide(self, share: int) -> None:
        """Tell all pacers how many live processes there are."""
        self._share = share
        for pacer in self._pacers.values():
            pacer.divide(share)
