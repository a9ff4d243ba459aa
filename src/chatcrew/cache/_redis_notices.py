"""How processes that share a Redis tell each other that a key is no longer true."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from chatcrew.cache._redis import FAULTS, client
from chatcrew.clock import Clock
from chatcrew.errors import StoreError


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
        self._redis = client(url, timeout=self._timeout, max_connections=4)
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
        except FAULTS as error:
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
        with suppress(*FAULTS):
            await self._redis.aclose()

    async def _listen(self) -> None:
        while True:
            with suppress(*FAULTS):
                async with self._redis.pubsub() as channel:
                    await self._hear(channel)
            await self._clock.sleep(self._retry_every)

    async def _hear(self, channel: Any) -> None:
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
