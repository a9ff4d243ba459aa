"""The files of each version that turns ran with, so that a cited line is that version's line."""

import zlib
from dataclasses import dataclass, field
from typing import Protocol

from chatcrew.clock import Clock

NEWEST = 30
"""Versions that are kept: of older turns the lines are told as they are now, and said to be so."""


class Versions(Protocol):
    """Kept files; every method raises ``StoreError`` while the storage is away."""

    async def keep(self, version: str, raw: bytes) -> None:
        """Keep the files of a version, and say that it is in use; the oldest are forgotten.

        Args:
            version: of the configuration.
            raw: what ``tenancy.snapshot`` made of its files: no secret is in there.
        """
        ...

    async def files(self, version: str) -> bytes | None:
        """Return the files of a version, None where they are not kept."""
        ...


def packed(raw: bytes) -> bytes:
    """Return files as they are kept."""
    return zlib.compress(raw, 6)


def unpacked(kept: bytes) -> bytes | None:
    """Return files as they were given, None where they were spoiled."""
    try:
        return zlib.decompress(kept)
    except zlib.error:
        return None


@dataclass(slots=True)
class MemoryVersions:
    """Satisfies ``Versions`` in memory, for tests and rehearsals.

    Attributes:
        clock: says when a version was last used.
    """

    clock: Clock
    _kept: dict[str, tuple[float, bytes]] = field(default_factory=dict)

    async def keep(self, version: str, raw: bytes) -> None:
        """See ``Versions.keep``."""
        self._kept.pop(version, None)
        self._kept[version] = (self.clock.now().timestamp(), packed(raw))
        newest = sorted(self._kept, key=lambda one: self._kept[one][0], reverse=True)
        for old in newest[NEWEST:]:
            del self._kept[old]

    async def files(self, version: str) -> bytes | None:
        """See ``Versions.files``."""
        found = self._kept.get(version)
        return None if found is None else unpacked(found[1])
