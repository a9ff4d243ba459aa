"""What a store of knowledge does, whichever engine holds it."""

from collections.abc import Sequence
from typing import Protocol

from chatcrew.messages import Passage
from chatcrew.tenancy.model import Faq

LIMIT = 5


class Knowledge(Protocol):
    """What businesses know, each for itself."""

    async def sync(self, tenant: str, entries: Sequence[Faq], *, version: str) -> bool:
        """Make ``entries`` all that ``tenant`` knows; return whether anything was written.

        Searches see all of the old or all of the new. The same ``version`` again writes nothing.

        Raises:
            StoreError: the database is away.
        """
        ...

    async def search(self, tenant: str, question: str, *, limit: int = LIMIT) -> list[Passage]:
        """Return passages of this tenant only, best first; only the first may be ``certain``.

        Raises:
            StoreError: the database is away.
        """
        ...
