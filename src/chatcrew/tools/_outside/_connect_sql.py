"""Open a connection to a business's database; what asyncpg would read from disk is decided here."""

import asyncio
import ssl
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

_CHECKED = ("verify-ca", "verify-full")
_MODES = ("disable", "allow", "prefer", "require", *_CHECKED)


async def connect(dsn: str, *, timeout: float) -> asyncpg.Connection:  # noqa: ASYNC109 - asyncpg's own bound
    """Return a connection that cannot write.

    ``sslmode`` means what it means to libpq; ``prefer`` is the default. Certificates are those the
    system trusts, or ``sslrootcert``.

    Raises:
        ValueError: the address is none.
        OSError, asyncpg.PostgresError, asyncpg.InterfaceError: there is no connection.
    """
    # As other programs of the same business may have it
    parts = urlsplit(dsn.strip().replace("postgresql+asyncpg://", "postgresql://", 1))
    query = dict(parse_qsl(parts.query))
    mode, roots = query.pop("sslmode", "prefer"), query.pop("sslrootcert", None)
    if mode not in _MODES or parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("not the address of a PostgreSQL database")
    address = urlunsplit(parts._replace(query=urlencode(query)))
    local = query.get("host", "").startswith("/")
    if mode in ("disable", "allow") or local:
        return await _open(address, timeout, safely=False)
    if mode in _CHECKED:
        context = await asyncio.to_thread(ssl.create_default_context, cafile=roots)
        context.check_hostname = mode == "verify-full"
        return await _open(address, timeout, safely=context)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        return await _open(address, timeout, safely=context)
    except ConnectionError as error:
        if mode == "require" or "SSL" not in str(error):
            raise
        return await _open(address, timeout, safely=False)


async def _open(
    address: str, seconds: float, *, safely: ssl.SSLContext | bool
) -> asyncpg.Connection:
    return await asyncpg.connect(
        address,
        ssl=safely,
        timeout=seconds,
        command_timeout=seconds + 0.5,  # the server ends it first, and says so
        server_settings={
            "application_name": "chatcrew-tool",
            "default_transaction_read_only": "on",
            "statement_timeout": str(round(seconds * 1000)),
        },
    )
