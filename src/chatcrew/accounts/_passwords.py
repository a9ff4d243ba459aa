"""Passwords as argon2id: made and compared in threads, a few at once, whoever asks."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_AT_ONCE = 2
"""Each takes 64 MiB: strangers who try must not use up the memory of who takes webhooks."""


@dataclass(frozen=True, slots=True)
class Strength:
    """What one hash takes (RFC 9106, second recommended option).

    Attributes:
        passes: over the memory.
        kibibytes: of memory.
        lanes: worked on at once.
    """

    passes: int = 3
    kibibytes: int = 65_536
    lanes: int = 4


QUICK = Strength(passes=1, kibibytes=64, lanes=1)
"""For tests that sign in often: it protects nothing."""


class Passwords:
    """Makes and compares hashes.

    Args:
        strength: what one takes; hashes of another strength still compare.
    """

    def __init__(self, strength: Strength | None = None) -> None:
        self._strength = strength or Strength()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = ""

    async def hashed(self, password: str) -> str:
        """Return the hash with its salt and parameters."""
        async with self._room:
            return await asyncio.to_thread(self._hash, password)

    async def right(self, kept: str | None, password: str) -> bool:
        """Return whether ``password`` is the one; None takes as long and is never right."""
        async with self._room:
            return await asyncio.to_thread(self._compare, kept, password)

    async def outdated(self, kept: str) -> bool:
        """Return whether a hash is of another strength than those made now."""
        return await asyncio.to_thread(lambda: self._hasher().check_needs_rehash(kept))

    def _hash(self, password: str) -> str:
        return self._hasher().hash(password)

    def _compare(self, kept: str | None, password: str) -> bool:
        from argon2.exceptions import (  # noqa: PLC0415 - the ingress starts without it
            InvalidHashError,
            VerificationError,
        )

        if kept is None and not self._nobodys:
            self._nobodys = self._hash("nobody's")
        try:
            self._hasher().verify(kept or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher  # noqa: PLC0415 - the ingress starts without it

        strength = self._strength
        return PasswordHasher(strength.passes, strength.kibibytes, strength.lanes)
