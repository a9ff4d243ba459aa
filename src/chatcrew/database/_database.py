"""A pool of connections to PostgreSQL that outlives restarts of the server."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from types import TracebackType
from typing import Any, Self

import orjson
from sqlalchemy import URL, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chatcrew.database._addresses import COMMAND_SECONDS, connect, driver_address
from chatcrew.database._failures import while_connected, while_connecting
from chatcrew.database._listen import Listener
from chatcrew.database._pool import Held, Pool
from chatcrew.database._quick import QuickConnection
from chatcrew.privacy import Keyring

# A connection that was idle for longer is asked before it is used: a firewall may have dropped
# it without a word. Below that the driver already knows whether the server closed it.
_IDLE_SECONDS = 30.0
_RETURNED = "chatcrew_returned"

# A listener's connection is named after its pool, with an ending.
_PEERS = text("""
    select count(distinct application_name) from pg_stat_activity
    where datname = current_database() and starts_with(application_name, :prefix)
      and application_name not like '%-listen'
""")


class Database:
    """Connections to one PostgreSQL database; made by ``Database.open``."""

    def __init__(
        self,
        address: str,
        engine: AsyncEngine,
        *,
        name: str,
        pool: Pool,
        keys: Keyring | None = None,
    ) -> None:
        self.keys = keys or Keyring()
        """What customers say is sealed with these before it is stored (``database.sealing``)."""
        self._address = address
        self._engine = engine
        self._pool = pool
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._name = name

    @classmethod
    async def open(
        cls,
        url: str | URL,
        *,
        name: str = "chatcrew",
        pool_size: int = 10,
        overflow: int = 5,
        pool_timeout: float = 5.0,
        command_seconds: float | None = COMMAND_SECONDS,
        keys: Keyring | None = None,
    ) -> Self:
        """Open a pool on ``url`` and ask ``select 1`` once.

        ``name`` shows in ``pg_stat_activity``. ``pool_size`` connections are kept, ``overflow``
        more are made at a peak; who gets none within ``pool_timeout`` seconds fails, and so
        does a statement that takes longer than ``command_seconds``. What customers say is sealed
        with the first of ``keys``; without any it is stored as it is.

        Raises:
            StoreError: the address is wrong, or nobody answers there.
        """
        address = driver_address(url)

        async def new_connection() -> Any:
            return await connect(address, name=name, command_seconds=command_seconds)

        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=new_connection,
            pool_size=pool_size,
            max_overflow=overflow,
            pool_timeout=pool_timeout,
            pool_use_lifo=True,
            json_serializer=_to_json,
            json_deserializer=orjson.loads,
            hide_parameters=True,  # customers' words never stand in an error
        )
        event.listen(engine.sync_engine, "checkout", _check_alive)
        event.listen(engine.sync_engine, "checkin", _note_return)
        alone = engine.execution_options(isolation_level="AUTOCOMMIT")

        async def check_out() -> AsyncConnection:
            return await alone.connect()

        most = pool_size + overflow
        pool = Pool(check_out, size=pool_size, most=most, timeout=pool_timeout)
        database = cls(address, engine, name=name, pool=pool, keys=keys)
        try:
            await database.ping()
        except BaseException:  # whatever it was, the pool must not stay open
            await engine.dispose()
            raise
        return database

    @property
    def address(self) -> str:
        """The address with its password, as ``open`` takes it; never for a log."""
        return self._address

    @property
    def engine(self) -> AsyncEngine:
        """The SQLAlchemy engine; its errors are not turned into ``StoreError``."""
        return self._engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection inside a transaction: committed at the end, rolled back on error.

        Raises:
            StoreError: the database cannot be reached or went away. If it went away during the
                commit, the transaction may or may not have taken place.
        """
        with while_connected():
            async with AsyncExitStack() as stack:
                with while_connecting():
                    await self._pool.make_room()
                    connection = await stack.enter_async_context(self._engine.begin())
                yield connection

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection on which every statement is a transaction of its own.

        One round trip instead of three; for what is one statement anyway.

        Raises:
            StoreError: as ``begin``.
        """
        with while_connected():
            async with AsyncExitStack() as stack:
                with while_connecting():
                    await self._pool.make_room()
                    connection = await stack.enter_async_context(self._alone.connect())
                yield connection

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose transactions are the caller's to commit.

        Raises:
            StoreError: the database cannot be reached or went away.
        """
        with while_connected():
            async with AsyncExitStack() as stack:
                with while_connecting():
                    await self._pool.make_room()
                    connection = await stack.enter_async_context(self._engine.connect())
                yield connection

    @asynccontextmanager
    async def quick(self) -> AsyncIterator[QuickConnection]:
        """Give what ``begin`` gives, without SQLAlchemy between most statements and the driver.

        Raises:
            StoreError: as ``begin``.
        """
        async with self._quick() as held, held.driver.transaction():
            yield QuickConnection(held)

    @asynccontextmanager
    async def quick_alone(self) -> AsyncIterator[QuickConnection]:
        """Give what ``alone`` gives, as ``quick`` does.

        Raises:
            StoreError: as ``begin``.
        """
        async with self._quick() as held:
            yield QuickConnection(held)

    @asynccontextmanager
    async def _quick(self) -> AsyncIterator[Held]:
        with while_connected():
            async with AsyncExitStack() as stack:
                with while_connecting():
                    held = await stack.enter_async_context(self._pool.take())
                yield held

    async def ping(self) -> None:
        """Ask ``select 1``.

        Raises:
            StoreError: it was not answered.
        """
        async with self.connect() as connection:
            await connection.execute(text("select 1"))

    async def peers(self, prefix: str) -> int:
        """Return how many pools whose names begin with ``prefix`` are connected, on any machine.

        Raises:
            StoreError: it was not answered.
        """
        async with self.connect() as connection:
            return await connection.scalar(_PEERS, {"prefix": prefix}) or 0

    def listen(self, *channels: str) -> Listener:
        """Return a subscription to ``NOTIFY`` on ``channels``, with a connection of its own.

        ``async with database.listen("mailbox") as notes: async for note in notes: …``
        """
        return Listener(self._address, channels, name=self._name)

    async def close(self) -> None:
        """Close every connection of the pool; listeners close themselves."""
        await self._pool.close()
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _to_json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _check_alive(connection: Any, record: Any, _: Any) -> None:
    """Refuse a dead connection at checkout: the pool then makes a new one (SQLAlchemy event).

    Not ``pool_pre_ping``: with asyncpg that is three round trips for every checkout.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError("the server closed this connection")
    if monotonic() - record.info.get(_RETURNED, monotonic()) > _IDLE_SECONDS:
        try:
            connection.ping()
        except Exception as error:
            raise DisconnectionError("the connection does not answer") from error


def _note_return(_: Any, record: Any) -> None:
    record.info[_RETURNED] = monotonic()
