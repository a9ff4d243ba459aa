"""Calls a minute counted in Redis, for all workers together; without it each has its part."""

import time
from typing import Any

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from chatcrew.budgets._pace import Pace
from chatcrew.telemetry import get_logger

_log = get_logger("budgets")
_PATIENCE = 0.5
"""Seconds a call waits for Redis at most."""


class RedisPace:
    """``Pace`` in Redis by the library ``limits``; while Redis is away another pace holds.

    To be made in a thread: the library reads its scripts from the disk.

    Args:
        url: ``redis://…``.
        else_by: holds while Redis is away.
    """

    def __init__(self, url: str, *, else_by: Pace) -> None:
        self._pool: Any = ConnectionPool.from_url(
            url,
            max_connections=64,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            # else each new connection looks up redis-py's version on disk, on the event loop
            driver_info=None,
            client_name="chatcrew-pace",
        )
        # the library's own types know only words and numbers here
        pooled: dict[str, Any] = {"connection_pool": self._pool}
        storage = RedisStorage(
            f"async+{url}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="chatcrew:pace",
            **pooled,
        )
        self._limiter = MovingWindowRateLimiter(storage)
        self._else_by = else_by
        self._away = False

    async def enter(self, key: str, most: int) -> float:
        """See ``Pace.enter``."""
        item = RateLimitItemPerMinute(most)
        try:
            if await self._limiter.hit(item, key):
                waits = 0.0
            else:
                # the library takes the time from Redis' clients, not from our clock
                found = await self._limiter.get_window_stats(item, key)
                waits = max(0.05, found.reset_time - time.time())
        except StorageError as error:
            if not self._away:
                _log.warning("budget.pace_away", error=type(error).__name__)
            self._away = True
            return await self._else_by.enter(key, most)
        self._away = False
        return waits

    def divide(self, workers: int) -> None:
        """See ``Pace.divide``."""
        self._else_by.divide(workers)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.disconnect()
