"""The shared layer: Redis, which may die, hang, and come back with yesterday's values."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from chatcrew.cache._redis_scripts import GET, SET, Script
from chatcrew.cache._store import Entry
from chatcrew.clock import Clock
from chatcrew.errors import StoreError

_EPOCH_BYTES = 12
_TRIES = 3


@dataclass(frozen=True, slots=True)
class _Session:
    """What is known about the Redis that answers now."""

    get: str
    set: str
    epoch: bytes


def _client(url: str, *, timeout: float, max_connections: int) -> Redis:
    """Return a client whose every default that could surprise is set on purpose.

    redis-py 8.1 would retry ten times, wait 5 s for a socket and refuse above 100 connections.
    """
    pool: Any = BlockingConnectionPool.from_url(
        url,
        max_connections=max_connections,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        socket_keepalive=True,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
        retry_on_timeout=False,
        # else each new connection looks up redis-py's version on disk, on the event loop
        driver_info=None,
        client_name="chatcrew-cache",
    )
    return Redis.from_pool(pool)


class RedisStore:
    """Redis behind a breaker: the first failure opens it, a probe in the background closes it.

    Args:
        url: ``redis://``, ``rediss://`` or ``unix://``.
        clock: paces the probe.
        namespace: prefix of every key.
        timeout: most seconds one call may take; at most 1.
        max_connections: connections of this process.
        probe_every: seconds between probes while Redis is away.
    """

    name = "redis"

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        namespace: str = "chatcrew",
        timeout: float = 0.5,
        max_connections: int = 32,
        probe_every: float = 1.0,
    ) -> None:
        self._timeout = min(timeout, 1.0)
        self._redis = _client(url, timeout=self._timeout, max_connections=max_connections)
        self._clock = clock
        self._namespace = namespace
        self._epoch_key = f"{namespace}:epoch"
        self._probe_every = probe_every
        database = self._redis.connection_pool.connection_kwargs.get("db", 0)
        mark = f"{namespace} in database {database}"
        self._scripts = (Script.of(GET, mark=mark), Script.of(SET, mark=mark))
        self._session: _Session | None = None
        self._preparing = asyncio.Lock()
        self._probe: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def away(self) -> bool:
        """Whether the breaker is open: calls fail at once."""
        return self._probe is not None or self._closed

    async def get(self, key: str) -> Entry | None:
        """Return the live entry of ``key`` if it was written in this epoch, or None."""
        async with self._guarded():
            for _ in range(_TRIES):
                session = await self._prepared()
                try:
                    found = await self._redis.evalsha(session.get, 2, *self._keys(key))
                except NoScriptError:
                    self._forget(session)
                    continue
                if found is None or found[1] <= 0:
                    return None
                return Entry(found[0], found[1] / 1000)
        raise StoreError("Redis keeps forgetting its scripts")

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        """Keep ``value`` for ``ttl`` seconds (whole milliseconds, rounded down)."""
        milliseconds = int(ttl * 1000)
        if milliseconds <= 0:
            await self.delete(key)
            return
        async with self._guarded():
            for _ in range(_TRIES):
                session = await self._prepared()
                try:
                    if await self._redis.evalsha(
                        session.set, 2, *self._keys(key), session.epoch, value, milliseconds
                    ):
                        return
                except NoScriptError:
                    pass
                self._forget(session)
        raise StoreError("Redis keeps beginning new epochs")

    async def delete(self, key: str) -> None:
        """Forget ``key``."""
        async with self._guarded():
            await self._redis.delete(f"{self._namespace}:{key}")

    async def clear(self) -> None:
        """Begin a new epoch: nothing written so far will be read again, by any process."""
        async with self._guarded():
            await self._new_epoch()
            self._session = None

    async def aclose(self) -> None:
        """End the probe and close the connections."""
        self._closed = True
        probe, self._probe = self._probe, None
        if probe is not None:
            probe.cancel()
            await asyncio.wait({probe})
        with suppress(RedisError, OSError):
            await self._redis.aclose()

    def _keys(self, key: str) -> tuple[str, str]:
        return self._epoch_key, f"{self._namespace}:{key}"

    async def _prepared(self) -> _Session:
        """Load the scripts, beginning a new epoch where Redis did not know them."""
        async with self._preparing:
            if self._session is None:
                get, put = self._scripts
                known = await self._redis.script_exists(get.sha, put.sha)
                epoch: Any = await self._redis.get(self._epoch_key)
                if epoch is None or not all(known):
                    # in this order: whoever finds the scripts finds the new epoch too
                    epoch = await self._new_epoch()
                    await self._redis.script_load(get.text)
                    await self._redis.script_load(put.text)
                self._session = _Session(get.sha, put.sha, epoch)
            return self._session

    def _forget(self, session: _Session) -> None:
        if self._session is session:
            self._session = None

    async def _new_epoch(self) -> bytes:
        epoch = secrets.token_urlsafe(_EPOCH_BYTES).encode()
        await self._redis.set(self._epoch_key, epoch)
        return epoch

    @asynccontextmanager
    async def _guarded(self) -> AsyncIterator[None]:
        if self.away:
            raise StoreError("Redis is away")
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except (RedisError, OSError) as error:  # a TimeoutError is an OSError
            self._open_breaker()
            raise StoreError(f"Redis failed: {type(error).__name__}") from None

    def _open_breaker(self) -> None:
        if self._probe is None and not self._closed:
            self._session = None
            self._probe = asyncio.create_task(self._recover(), name="chatcrew-cache-redis-probe")

    async def _recover(self) -> None:
        """Wait until Redis answers again, then begin a new epoch and let calls through."""
        while True:
            await self._clock.sleep(self._probe_every)
            try:
                async with asyncio.timeout(self._timeout):
                    # connections from before may be half dead
                    await self._redis.connection_pool.disconnect()
                    await self._new_epoch()
                    await self._prepared()
            except (RedisError, OSError):
                continue
            self._probe = None
            return


class RedisInvalidations:
    """Invalidation messages over Redis publish/subscribe; at most once, so gaps are told."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        namespace: str = "chatcrew",
        timeout: float = 0.5,
        retry_every: float = 1.0,
    ) -> None:
        self._timeout = min(timeout, 1.0)
        self._redis = _client(url, timeout=self._timeout, max_connections=4)
        self._clock = clock
        self._channel = f"{namespace}:invalidations"
        self._retry_every = retry_every
        self._callbacks: list[Callable[[str | None], None]] = []
        self._listener: asyncio.Task[None] | None = None
        self._has_listened = False

    async def publish(self, message: str) -> None:
        """Send ``message`` to every process that listens now.

        Raises:
            StoreError: Redis did not take it.
        """
        try:
            async with asyncio.timeout(self._timeout):
                await self._redis.publish(self._channel, message)
        except (RedisError, OSError) as error:
            raise StoreError(f"Redis failed: {type(error).__name__}") from None

    def subscribe(self, callback: Callable[[str | None], None]) -> Callable[[], None]:
        """Call ``callback`` with each message; with None where a broken connection left a gap."""
        self._callbacks.append(callback)
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name="chatcrew-cache-redis-listen")

        def end() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return end

    async def aclose(self) -> None:
        """Stop listening and close the connections."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.cancel()
            await asyncio.wait({listener})
        with suppress(RedisError, OSError):
            await self._redis.aclose()

    async def _listen(self) -> None:
        while True:
            with suppress(RedisError, OSError):
                async with self._redis.pubsub() as channel:
                    await self._hear(channel)
            await self._clock.sleep(self._retry_every)

    async def _hear(self, channel: PubSub) -> None:
        await channel.subscribe(self._channel)
        while True:
            message = await channel.get_message(timeout=None)
            if message is None:
                continue
            if message["type"] == "subscribe":
                if self._has_listened:
                    self._tell(None)
                self._has_listened = True
            elif message["type"] == "message":
                self._tell(message["data"].decode(errors="replace"))

    def _tell(self, message: str | None) -> None:
        for callback in list(self._callbacks):
            callback(message)
