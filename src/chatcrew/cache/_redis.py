"""The shared layer: Redis, which may die, hang, and come back with yesterday's values."""

import asyncio
import re
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError, ResponseError

from chatcrew.cache._keys import Scope, kind_of
from chatcrew.cache._redis_scripts import GET, SET, Script
from chatcrew.cache._store import Entry, Held, Holdings
from chatcrew.clock import Clock
from chatcrew.errors import StoreError

FAULTS = (RedisError, OSError)
"""What a call may raise where Redis is away; a TimeoutError is an OSError."""

_EPOCH_BYTES = 12
_TRIES = 3
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Session:
    """What is known about the Redis that answers now."""

    get: str
    set: str
    epoch: bytes


def client(url: str, *, timeout: float, max_connections: int) -> Redis:
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
        self._redis: Redis = client(url, timeout=self._timeout, max_connections=max_connections)
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

    async def forget(self, scope: Scope) -> None:
        """Forget what belongs to ``scope``, a few hundred keys at a time."""
        if scope.everything:
            await self.clear()
            return
        async for keys in self._batches(scope):
            async with self._guarded():
                await self._redis.unlink(*keys)

    async def holdings(self) -> Holdings:
        """Count what this epoch wrote; the bound is that of the whole server."""
        async with self._guarded():
            epoch: Any = await self._redis.get(self._epoch_key)
            bound = None
            with suppress(ResponseError):  # some providers forbid INFO
                bound = (await self._redis.info("memory")).get("maxmemory") or None
        entries, sizes = Counter[str](), Counter[str]()
        # SCAN may name a key twice
        seen: set[Any] = set()
        async for keys in self._batches(Scope()):
            new = [key for key in dict.fromkeys(keys) if key not in seen]
            seen.update(new)
            for key, size in await self._sizes(new, epoch or b"-"):
                entries[key] += 1
                sizes[key] += size
        return Holdings({k: Held(entries[k], sizes[k]) for k in sorted(entries)}, bound)

    async def values(self, scope: Scope) -> list[tuple[str, bytes]]:
        """Return what is kept of ``scope``, of earlier epochs too; each begins with its epoch."""
        found: dict[str, bytes] = {}
        start = len(self._namespace) + 1
        async for keys in self._batches(scope):
            async with self._guarded():
                told: list[Any] = await self._redis.mget(keys)
            for key, value in zip(keys, told, strict=True):
                if value is not None and key != self._epoch_key.encode():
                    found[key.decode(errors="replace")[start:]] = value
        return list(found.items())

    async def aclose(self) -> None:
        """End the probe and close the connections."""
        self._closed = True
        probe, self._probe = self._probe, None
        if probe is not None:
            probe.cancel()
            await asyncio.wait({probe})
        with suppress(*FAULTS):
            await self._redis.aclose()

    def _keys(self, key: str) -> tuple[str, str]:
        return self._epoch_key, f"{self._namespace}:{key}"

    async def _batches(self, scope: Scope) -> AsyncIterator[list[Any]]:
        """Yield the names of ``scope``, as Redis knows them."""
        tenant, kind = scope.tenant, scope.kind
        place = "*" if scope.everything else f"v1:{_plain(tenant)}:{_plain(kind)}:*"
        match = f"{_plain(self._namespace)}:{place}"
        cursor = 0
        while True:
            async with self._guarded():
                cursor, keys = await self._redis.scan(cursor, match=match, count=_AT_ONCE)
            if keys:
                yield keys
            if cursor == 0:
                return

    async def _sizes(self, keys: list[bytes], epoch: bytes) -> list[tuple[str, int]]:
        """Return kind and bytes of each of ``keys`` that was written in ``epoch``."""
        async with self._guarded(), self._redis.pipeline(transaction=False) as asked:
            for key in keys:
                asked.getrange(key, 0, len(epoch) - 1)
                asked.strlen(key)
            told = await asked.execute(raise_on_error=False) if keys else []
        start = len(self._namespace) + 1
        return [
            (kind_of(key.decode(errors="replace")[start:]), size - len(epoch))
            for key, begins, size in zip(keys, told[::2], told[1::2], strict=True)
            if begins == epoch and key != self._epoch_key.encode()
        ]

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
        except FAULTS as error:
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
            except FAULTS:
                continue
            self._probe = None
            return


def _plain(text: str | None) -> str:
    """Return ``text`` with nothing in it that Redis' patterns would read; None: anything."""
    return "*" if text is None else re.sub(r"([*?\[\]\\^-])", r"\\\1", text)
