"""Notifications from PostgreSQL on a connection that repairs itself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import asyncpg

from chatcrew.database._addresses import CONNECTION_ERRORS, connect
from chatcrew.errors import StoreError
from chatcrew.telemetry import get_logger

_log = get_logger("database")

_HEARTBEAT_SECONDS = 20.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
_WAITING_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Notification:
    """A ``NOTIFY``, or (``missed``) the news that some may have been missed."""

    channel: str
    payload: str
    missed: bool = False
    """The connection is new, or we could not keep up: look at the tables once. Channel is ''."""


class Listener:
    """Subscription to some channels: an async context manager and an async iterator.

    The first item, and the first one after each reconnect, has ``missed=True``: from there on
    nothing is missed, so a caller that looks at its tables at each such item loses nothing.
    """

    def __init__(self, address: str, channels: Sequence[str], *, name: str) -> None:
        self._address = address
        self._channels = tuple(channels)
        self._name = f"{name}-listen"
        self._waiting: list[Notification] = []
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_listening(), name="database-listen")
        self._task.add_done_callback(lambda _: self._arrived.set())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Notification:
        return await self.next()

    async def next(self, within: float | None = None) -> Notification:
        """Return the next notification.

        Raises:
            TimeoutError: there was none within ``within`` seconds; none is lost by that.
            StoreError: the subscription is closed.
        """
        async with asyncio.timeout(within):
            while not self._waiting:
                if self._task is None or self._task.done():
                    raise StoreError("nothing listens for notifications (any more)")
                self._arrived.clear()
                await self._arrived.wait()
        return self._waiting.pop(0)

    def _add(self, notification: Notification) -> None:
        if len(self._waiting) >= _WAITING_LIMIT:
            # Nobody reads: what they would find out one by one, they find by looking once
            self._waiting = [Notification("", "", missed=True)]
        else:
            self._waiting.append(notification)
        self._arrived.set()

    def _received(self, _: Any, __: int, channel: str, payload: str) -> None:
        self._add(Notification(channel, payload))

    async def _keep_listening(self) -> None:
        pause = _SHORTEST_PAUSE
        while True:
            try:
                connection = await connect(self._address, name=self._name)
                try:
                    for channel in self._channels:
                        await connection.add_listener(channel, self._received)
                    self._add(Notification("", "", missed=True))
                    pause = _SHORTEST_PAUSE
                    await self._until_lost(connection)
                finally:
                    connection.terminate()
                _log.warning("database.listen_lost", channels=self._channels)
            except CONNECTION_ERRORS as error:
                _log.warning("database.listen_failed", reason=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _until_lost(self, connection: asyncpg.Connection) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        while not (lost.is_set() or connection.is_closed()):
            try:
                async with asyncio.timeout(_HEARTBEAT_SECONDS):
                    await lost.wait()
            except TimeoutError:
                # A machine that vanished closes no connection; this finds out
                await connection.fetchval("select 1", timeout=_HEARTBEAT_SECONDS)
