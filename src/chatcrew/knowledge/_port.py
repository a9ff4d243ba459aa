"""What a store of knowledge does, whichever engine holds it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from chatcrew.messages import Passage
from chatcrew.tenancy.model import Faq

LIMIT = 5

NEWEST = 3
"""So many versions of a tenant's knowledge stay, however long ago anybody asked for them."""


class Knowledge(Protocol):
    """What businesses know, each for itself and in each version of its files that is in use.

    A version never changes: processes that go by other files, and turns that began before a reload,
    find what their own files say.
    """

    async def sync(self, tenant: str, entries: Sequence[Faq], *, version: str) -> bool:
        """Let ``entries`` be what ``tenant`` knows in ``version``; return whether that was new.

        A version that is there already is written down as in use, and is not written again.

        Raises:
            StoreError: the database is away.
        """
        ...

    async def search(
        self, tenant: str, question: str, *, version: str, limit: int = LIMIT
    ) -> list[Passage]:
        """Return passages of this tenant and version, best first; only the first may be certain.

        Raises:
            StoreError: the database is away.
        """
        ...

    async def forget(self, *, unused: timedelta) -> int:
        """Delete versions that nobody synced for so long; return how many.

        The ``NEWEST`` of each tenant stay.

        Raises:
            StoreError: the database is away.
        """
        ...
