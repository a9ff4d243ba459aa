"""Turn a database address into what the driver understands, and open one connection."""

import asyncio

import asyncpg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from chatcrew.errors import StoreError

_CONNECT_SECONDS = 10.0
_STATEMENTS = 256
"""Prepared statements a connection keeps: more than a worker has; to plan one anew costs more than
to run it."""
COMMAND_SECONDS = 60.0
"""Longer than any statement of ours: bounds the wait for a machine that vanished."""

CONNECTION_ERRORS = (
    OSError,  # refused, no socket; TimeoutError is one too
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What asyncpg raises when it cannot connect, or loses a connection."""

_CLOSED = "the handler is closed"
"""How uvloop's ``RuntimeError`` ends when one writes to what the other side has just closed
(uvloop/handles/handle.pyx); asyncio has ``ConnectionError`` for it, and asyncpg passes both on."""

_POSTGRESQL = frozenset(
    {"postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg", "postgresql+psycopg2"}
)


def driver_address(url: str | URL) -> str:
    """Return ``url`` as asyncpg reads it: libpq's form, so ``sslmode=require`` and so on work.

    Raises:
        StoreError: it is not the address of a PostgreSQL database; the password is not shown.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("the database address is not a URL (CHATCREW_DATABASE_URL)") from None
    if parsed.drivername not in _POSTGRESQL:
        raise StoreError(
            f"the database must be PostgreSQL, not {parsed.drivername!r} (CHATCREW_DATABASE_URL: "
            "postgresql://user:password@host/database)"
        )
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)


async def connect(
    address: str,
    *,
    name: str,
    within: float = _CONNECT_SECONDS,
    command_seconds: float | None = COMMAND_SECONDS,
) -> asyncpg.Connection:
    """Open one connection that shows up as ``name`` in ``pg_stat_activity``."""
    try:
        return await asyncpg.connect(
            address,
            timeout=within,
            command_timeout=command_seconds,
            server_settings={"application_name": name, "timezone": "UTC"},
            statement_cache_size=_STATEMENTS,
            max_cached_statement_lifetime=0,
        )
    except RuntimeError as error:
        if not was_closed(error):
            raise
        raise ConnectionResetError("the server closed the connection at once") from error


def was_closed(error: RuntimeError) -> bool:
    """Return whether ``error`` says no more than that the other side has gone."""
    return str(error).endswith(_CLOSED)


async def answers(url: str | URL) -> str | None:
    """Ask ``select 1``; return None when it is answered, else the reason in a few words."""
    try:
        connection = await connect(driver_address(url), name="chatcrew-ready", within=2.0)
        try:
            await connection.fetchval("select 1", timeout=2.0)
        finally:
            connection.terminate()
    except CONNECTION_ERRORS as error:
        return f"{type(error).__name__}: {error}"
    return None


async def wait_until_answers(url: str | URL, *, within: float) -> None:
    """Return as soon as ``select 1`` is answered.

    Raises:
        StoreError: it was not within ``within`` seconds; says the last reason.
    """
    clock = asyncio.get_running_loop()
    end = clock.time() + within
    while (reason := await answers(url)) is not None:
        if clock.time() >= end:
            raise StoreError(f"the database does not answer after {within:g} s: {reason}")
        await asyncio.sleep(0.03)
