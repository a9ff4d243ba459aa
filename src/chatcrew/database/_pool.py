"""Connections that stay checked out of SQLAlchemy's pool, so that taking one costs next to nothing.

SQLAlchemy's own checkout runs in a greenlet, through events and resets: 0.3 ms of CPU for a
statement that takes PostgreSQL 0.03 ms, some forty times in each turn.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.database._addresses import CONNECTION_ERRORS

_IDLE_SECONDS = 30.0
"""As in ``_database``: whoever was idle for longer is asked before it is used."""
_PING_SECONDS = 5.0
_CLOSING_SECONDS = 5.0
"""As long as the server may take to acknowledge that a statement was given up."""


@dataclass(slots=True, eq=False)
class Held:
    """One connection.

    Attributes:
        alchemy: as SQLAlchemy has it, without transactions of its own.
        driver: the same connection, as the driver has it.
        idle_since: monotonic seconds.
    """

    alchemy: AsyncConnection
    driver: asyncpg.Connection
    idle_since: float = 0.0


class Pool:
    """Gives connections to one user at a time, the one that was used last first.

    Args:
        open_one: checks a connection out of SQLAlchemy's pool, which may take its time over it.
        size: connections that are kept.
        most: at once; who gets none within ``timeout`` seconds fails.
        timeout: seconds.
    """

    def __init__(
        self,
        open_one: Callable[[], Awaitable[AsyncConnection]],
        *,
        size: int,
        most: int,
        timeout: float,
    ) -> None:
        self._open_one = open_one
        self._size = size
        self._most = most
        self._timeout = timeout
        self._idle: deque[Held] = deque()
        self._waiting: deque[asyncio.Future[Held | None]] = deque()
        self._closing: set[asyncio.Task[None]] = set()
        self._count = 0
        self._closed = False

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Held]:
        """Give a connection that nobody else has, outside of any transaction.

        Raises:
            sqlalchemy.exc.TimeoutError: none became free in time.
            Exception: what SQLAlchemy or the driver say when they cannot connect.
        """
        held = await self._taken()
        try:
            yield held
        except BaseException as error:
            if isinstance(error, Exception) and not isinstance(error, TimeoutError):
                await self._give_back(held)
            else:
                self._give_up(held)
            raise
        await self._give_back(held)

    async def make_room(self) -> None:
        """Return an idle connection to SQLAlchemy where all that may be open are held here."""
        if self._count >= self._most and self._idle:
            await self._drop(self._idle.popleft())

    async def close(self) -> None:
        """Return every idle connection; those in use follow as soon as they are given back."""
        self._closed = True
        while self._idle:
            await self._drop(self._idle.pop())
        await asyncio.gather(*self._closing)

    async def _taken(self) -> Held:
        while True:
            if self._idle:
                held = self._idle.pop()
                try:
                    well = await _is_well(held)
                except BaseException:  # whoever gives up here has no connection to give back
                    self._give_up(held)
                    raise
                if well:
                    return held
                await self._drop(held)
            elif self._count < self._most:
                return await self._opened()
            else:
                handed = await self._handed()
                if handed is not None:
                    return handed

    async def _opened(self) -> Held:
        self._count += 1
        try:
            alchemy = await self._open_one()
        except BaseException:
            self._count -= 1
            self._wake()
            raise
        raw = await alchemy.get_raw_connection()
        assert raw.driver_connection is not None, "checked out just now"
        return Held(alchemy, raw.driver_connection)

    async def _handed(self) -> Held | None:
        """Wait until somebody hands a connection over, or (None) there is room for another."""
        waits: asyncio.Future[Held | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waits)
        try:
            async with asyncio.timeout(self._timeout):
                return await waits
        except (TimeoutError, asyncio.CancelledError) as error:
            if waits.done() and not waits.cancelled():
                await self._pass_on(waits.result())  # it came in the very moment of giving up
            if isinstance(error, TimeoutError):
                raise PoolTimeoutError(f"all {self._most} connections are in use") from None
            raise

    async def _pass_on(self, held: Held | None) -> None:
        if held is None:
            self._wake()
        else:
            await self._give_back(held)

    async def _give_back(self, held: Held) -> None:
        if held.driver.is_closed() or held.driver.is_in_transaction() or self._closed:
            held.driver.terminate()
            await self._drop(held)
            return
        if held.alchemy.in_transaction():
            await held.alchemy.rollback()  # only in SQLAlchemy's books: the driver has none
        while self._waiting:
            waits = self._waiting.popleft()
            if not waits.done():
                waits.set_result(held)
                return
        if self._count > self._size:
            await self._drop(held)
            return
        held.idle_since = monotonic()
        self._idle.append(held)

    def _give_up(self, held: Held) -> None:
        """Close a connection in the middle of whose use somebody gave up; nobody waits for it.

        What was sent last may still take effect there. After a ``BEGIN`` the driver would not know
        of it: the next user's work would go into that transaction, and be undone with it.
        """
        closing = asyncio.create_task(self._end(held), name="database-give-up")
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _end(self, held: Held) -> None:
        # not terminate(): the server would go on with the statement, and hold its locks
        try:
            await held.driver.close(timeout=_CLOSING_SECONDS)
        except (*CONNECTION_ERRORS, RuntimeError):
            held.driver.terminate()
        await self._drop(held)

    async def _drop(self, held: Held) -> None:
        self._count -= 1
        self._wake()
        # as SQLAlchemy does it: whoever is cancelled now leaves no connection behind
        await asyncio.shield(held.alchemy.close())

    def _wake(self) -> None:
        while self._waiting:
            waits = self._waiting.popleft()
            if not waits.done():
                waits.set_result(None)
                return


async def _is_well(held: Held) -> bool:
    if held.driver.is_closed():
        return False
    if monotonic() - held.idle_since < _IDLE_SECONDS:
        return True
    try:
        await held.driver.fetchval("select 1", timeout=_PING_SECONDS)
    except (*CONNECTION_ERRORS, RuntimeError):
        held.driver.terminate()
        return False
    return True
