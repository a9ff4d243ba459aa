"""Secret values by reference: read off the event loop, and again every few seconds for rotation."""

import asyncio

from chatcrew.clock import Clock
from chatcrew.tenancy import secrets
from chatcrew.tenancy.model import Secret

FRESH = 5.0
"""Seconds a value is used before its reference is read again."""


class SecretBox:
    """Satisfies ``web.SecretReader`` and gives clients their tokens.

    Args:
        clock: time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._values: dict[str, tuple[float, bytes]] = {}

    async def read(self, secret: Secret) -> bytes:
        """Return the secret's bytes.

        Raises:
            ConfigError: the reference leads nowhere.
        """
        known = self._values.get(secret.reference)
        now = self._clock.monotonic()
        if known is not None and now - known[0] < FRESH:
            return known[1]
        value = await asyncio.to_thread(secrets.read, secret)
        self._values[secret.reference] = (now, value)
        return value
