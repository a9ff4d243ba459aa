"""Tell "the database cannot serve us now" from a mistake in a statement, as ``StoreError``."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chatcrew.database._addresses import CONNECTION_ERRORS, was_closed
from chatcrew.errors import StoreError

# PostgreSQL manual, appendix A: connection exception, insufficient resources (disk, memory, too
# many connections), operator intervention (shutdown, starting up, cancelled), system error
_UNAVAILABLE = ("08", "53", "57", "58")

# The last is what the driver says of an answer that breaks off in the middle of its protocol
_DRIVER = (ConnectionError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_CONNECTION_FAILURES = (*CONNECTION_ERRORS, DBAPIError, PoolTimeoutError)


def _is_unavailable(error: DBAPIError) -> bool:
    return error.connection_invalidated or _says_unavailable(error.orig)


def _says_unavailable(error: BaseException | None) -> bool:
    return str(getattr(error, "sqlstate", None) or "").startswith(_UNAVAILABLE)


def _cause(error: BaseException) -> BaseException:
    """Return what the driver raised: SQLAlchemy's names for it say less."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


@contextmanager
def while_connecting() -> Iterator[None]:
    """Turn every failure to get a connection into ``StoreError``."""
    try:
        yield
    except _CONNECTION_FAILURES as error:
        cause = _cause(error)
        raise StoreError(
            f"cannot connect to the database: {type(cause).__name__}: {cause}"
        ) from error


@contextmanager
def while_connected() -> Iterator[None]:
    """Turn the loss of a connection in use into ``StoreError``.

    Violated constraints, bad values, deadlocks and mistakes in SQL pass as SQLAlchemy's or the
    driver's own errors: they say something about the statement, and only its author knows what to
    do.
    """
    try:
        yield
    except DBAPIError as error:
        if not _is_unavailable(error):
            raise
        raise _went_away(_cause(error)) from error
    except asyncpg.PostgresError as error:
        if not _says_unavailable(error):
            raise
        raise _went_away(error) from error
    except _DRIVER as error:
        raise _went_away(error) from error
    except RuntimeError as error:
        if not was_closed(error):
            raise
        raise _went_away(error) from error


def _went_away(error: BaseException) -> StoreError:
    return StoreError(f"the database went away: {type(error).__name__}")
