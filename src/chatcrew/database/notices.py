"""Short messages between all processes that share the database, over NOTIFY."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import text

from chatcrew.database._database import Database

_NOTIFY = text("select pg_notify(:channel, :message)")

Callback = Callable[[str | None], None]
"""Called with a message, or with None where some may have been missed."""


class Notices:
    """One channel of messages; an async context manager that listens while it is entered.

    Satisfies ``cache.Invalidations`` by shape, for set-ups without Redis.

    Args:
        database: shared by the processes.
        channel: name of the channel.
    """

    def __init__(self, database: Database, *, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._callbacks: list[Callback] = []
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._listening = asyncio.create_task(self._listen(), name=f"notices {self._channel}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def publish(self, message: str) -> None:
        """Send ``message`` (under 8 kB, PostgreSQL's bound) to every process, this one included.

        Raises:
            StoreError: the database is away.
        """
        async with self._database.begin() as connection:
            await connection.execute(_NOTIFY, {"channel": self._channel, "message": message})

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call ``callback`` with each message; return a function that ends the subscription."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def _listen(self) -> None:
        async with self._database.listen(self._channel) as listener:
            async for notice in listener:
                for callback in list(self._callbacks):
                    callback(None if notice.missed else notice.payload)
