"""Secret values by reference: read off the event loop, and again every few seconds for rotation."""

import asyncio
from collections.abc import Iterable

from chatcrew.clock import Clock
from chatcrew.tenancy import secrets
from chatcrew.tenancy.model import Secret

FRESH = 5.0
"""Seconds a value is used before its reference is read again."""

SHORTEST = 8
"""Characters of a value from which on it is looked for in what is said; shorter ones are words."""


class SecretBox:
    """Satisfies ``web.SecretReader`` and gives clients their tokens.

    Args:
        clock: time.
        also: values that have no reference, such as a key of the environment.
    """

    def __init__(self, clock: Clock, also: Iterable[str | None] = ()) -> None:
        self._clock = clock
        self._also = tuple(one for one in also if one)
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

    def stand_in(self, text: str) -> bool:
        """Return whether ``text`` holds a value that this process has used."""
        used = (value.decode("utf-8", "replace") for _, value in self._values.values())
        return any(len(one) >= SHORTEST and one in text for one in (*used, *self._also))
