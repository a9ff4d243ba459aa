"""Passages of questions that were asked before: a version never changes, and many ask alike."""

import hashlib
from collections.abc import Hashable, Sequence

from chatcrew.messages import Passage

_MOST = 512


class Answers:
    """The passages of the newest questions of a process.

    Nobody's words are kept for that, only what they hash to.

    Args:
        most: questions that are kept; whoever was not asked for longest goes.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._found: dict[Hashable, Sequence[Passage]] = {}

    def key(self, tenant: str, version: str, question: str, *bounds: Hashable) -> Hashable:
        """Return what a question in a version of a tenant is kept under."""
        digest = hashlib.sha256(question.encode("utf-8", "surrogatepass")).digest()
        return (tenant, version, digest, *bounds)

    def get(self, key: Hashable) -> Sequence[Passage] | None:
        """Return what was found for it, None where it was not asked lately."""
        found = self._found.pop(key, None)
        if found is not None:
            self._found[key] = found
        return found

    def put(self, key: Hashable, found: Sequence[Passage]) -> None:
        """Keep what was found."""
        self._found.pop(key, None)
        while len(self._found) >= self._most:
            del self._found[next(iter(self._found))]
        self._found[key] = found
