"""Webhook delivery with Chatwoot's promises: timeout, retries, failure, and no order at all."""

import asyncio
import ipaddress
import random
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp

from chatcrew.clock import Clock
from chatcrew.testing._chatwoot.changes import ChangeLog
from chatcrew.testing._chatwoot.state import Conversation, Message
from chatcrew.testing._chatwoot.wire import signed_headers
from chatcrew.testing.wires import Wires

# Chatwoot AgentBots::WebhookJob: 3 attempts, 3 s apart, on 429 and 500; ActiveJob adds 15 % jitter.
_RETRIED = {429, 500}
_ATTEMPTS = 3
_RETRY_SECONDS = 3.0
_JITTER = 0.15
# Sidekiq's default number of threads.
_THREADS = 10


@dataclass(slots=True, eq=False)
class Delivery:
    """One webhook on its way.

    Attributes:
        attempts: a status code or the name of an error each.
        known_at: when it was answered with 2xx: from then on whoever it was for can know.
    """

    kind: Literal["agent_bot", "account", "api_inbox"]
    event: str
    url: str
    body: Callable[[], bytes]
    secret: str | None
    conversation: Conversation | None = None
    message: Message | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    attempts: list[int | str] = field(default_factory=list)
    known_at: datetime | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the last attempt was answered with 2xx."""
        last = self.attempts[-1] if self.attempts else None
        return isinstance(last, int) and 200 <= last < 300


@dataclass(slots=True)
class Disorder:
    """How badly deliveries behave; may be changed while FakeChatwoot runs.

    Attributes:
        shuffle: every delivery waits up to this many seconds first, so order is lost.
        duplicates: probability that a delivery is sent again under a new delivery id (#11901).
        seed: makes both repeatable.
    """

    shuffle: float = 0.0
    duplicates: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take.

    Attributes:
        speed: retry waits, receipts and shuffling are divided by it.
        timeout: Chatwoot's ``WEBHOOK_TIMEOUT``, real seconds, for connecting and for each read.
    """

    speed: float = 1.0
    timeout: float = 5.0


class Sender:
    """Delivers webhooks in the background, ten at a time.

    Args:
        clock: stamps signatures and waits between attempts.
        pace: how fast, and how patient.
        disorder: shuffling and duplicates.
        changes: is told whenever a delivery has ended.
        give_up: called with a delivery that finally failed.
        refuses_private: nothing is posted to private addresses (lib/safe_fetch, since 4.14.0).
        wires: carry what is posted; left out, sockets do.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        pace: Pace,
        disorder: Disorder,
        changes: ChangeLog,
        give_up: Callable[[Delivery], None],
        refuses_private: bool = False,
        wires: Wires | None = None,
    ) -> None:
        self._wires = wires
        self._refuses_private = refuses_private
        self.deliveries: list[Delivery] = []
        self._clock = clock
        self._pace = pace
        self._disorder = disorder
        self._random = random.Random(disorder.seed)  # noqa: S311 - repeatable disorder, no secret
        self._changes = changes
        self._give_up = give_up
        self._threads = asyncio.Semaphore(_THREADS)
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Get ready to post."""
        patience = self._pace.timeout
        if self._wires is not None:
            self._session = self._wires.session(timeout=patience)
            return
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=patience, sock_read=patience)
        # Chatwoot opens a connection for each delivery (RestClient keeps none alive).
        connector = aiohttp.TCPConnector(force_close=True)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)

    async def close(self) -> None:
        """Stop every delivery and close what is open."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` beside the deliveries; ``idle`` waits for it too."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def at_rest(self) -> bool:
        """Whether nothing is being delivered."""
        return not self._tasks

    async def idle(self) -> None:
        """Wait until nothing is being delivered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def enqueue(self, delivery: Delivery) -> None:
        """Send ``delivery`` soon, perhaps twice."""
        copies = [delivery]
        if self._random.random() < self._disorder.duplicates:
            copies.append(replace(delivery, id=str(uuid.uuid4()), attempts=[]))
        for copy in copies:
            self.deliveries.append(copy)
            self.spawn(self._deliver(copy))

    async def wait(self, seconds: float) -> None:
        """Wait ``seconds`` of Chatwoot's time, shortened by the pace."""
        await self._clock.sleep(seconds / self._pace.speed)

    async def post_raw(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Post exactly these bytes and headers once; returns status and text."""
        assert self._session is not None, "FakeChatwoot is not started"
        async with self._session.post(url, data=body, headers=headers) as response:
            return response.status, await response.text()

    async def _deliver(self, delivery: Delivery) -> None:
        if self._disorder.shuffle:
            await self.wait(self._random.uniform(0, self._disorder.shuffle))
        body = delivery.body()
        tries = _ATTEMPTS if delivery.kind == "agent_bot" else 1
        for left in reversed(range(tries)):
            async with self._threads:
                delivery.attempts.append(await self._attempt(delivery, body))
            if delivery.succeeded or delivery.attempts[-1] not in _RETRIED or not left:
                break
            await self.wait(_RETRY_SECONDS * (1 + self._random.uniform(0, _JITTER)))
        if delivery.succeeded:
            delivery.known_at = self._clock.now()
        else:
            self._give_up(delivery)
        self._changes.add("delivery")

    async def _attempt(self, delivery: Delivery, body: bytes) -> int | str:
        if self._refuses_private and _is_private(delivery.url):
            return "SafeFetch"
        now = self._clock.now()
        headers = signed_headers(delivery.secret, body, now=now, delivery=delivery.id)
        try:
            status, _ = await self.post_raw(delivery.url, body, headers)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__
        return status


def _is_private(url: str) -> bool:
    """Return whether an address is no public one; names other than localhost are public here."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"
