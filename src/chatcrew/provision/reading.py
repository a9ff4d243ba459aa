"""Reads what a secret reference leads to, off the event loop."""

import asyncio

from chatcrew.errors import ConfigError
from chatcrew.tenancy import secrets
from chatcrew.tenancy.model import Secret


async def value_of(secret: Secret) -> str | None:
    """Return the secret, None where the reference leads nowhere."""
    try:
        return (await asyncio.to_thread(secrets.read, secret)).decode("utf-8", "replace")
    except ConfigError:
        return None
