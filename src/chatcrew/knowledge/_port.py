"""What a store of knowledge does, whichever engine holds it."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Protocol

from chatcrew.knowledge._report import Remark
from chatcrew.messages import Passage
from chatcrew.tenancy.model import Document, Faq

LIMIT = 5

NEWEST = 3
"""So many versions of a tenant's knowledge stay, however long ago anybody asked for them."""

Progress = Callable[[int, int], None]
"""Told how many of how many documents are ready."""


class Embedder(Protocol):
    """What makes vectors of texts, so that meaning can be compared."""

    @property
    def model(self) -> str:
        """Name of what makes them: vectors of two models are never compared."""
        ...

    async def embed(self, tenant: str, texts: Sequence[str]) -> list[tuple[float, ...]] | None:
        """Return one vector per text of a document, or None where there are none to be had now."""
        ...

    async def ask(
        self, tenant: str, question: str, *, trial: str | None = None
    ) -> tuple[float, ...] | None:
        """Return the vector of a customer's question, soon or not at all.

        Args:
            tenant: whose customer.
            question: his words.
            trial: the turn that asks, where it is simulated: what it costs counts in no figure.
        """
        ...


class Knowledge(Protocol):
    """What businesses know, each for itself and in each version of its files that is in use.

    A version never changes: processes that go by other files, and turns that began before a reload,
    find what their own files say.
    """

    async def sync(
        self,
        tenant: str,
        entries: Sequence[Faq],
        *,
        version: str,
        documents: Sequence[Document] = (),
        progress: Progress | None = None,
    ) -> bool:
        """Let these be what ``tenant`` knows in ``version``; return whether that was new.

        A version that is there already is written down as in use, and is not written again. A
        document that any version has is not read again. What was done of a version stays done when
        the process ends: it is searched only when it is whole.

        Raises:
            StoreError: the database is away.
        """
        ...

    async def search(
        self,
        tenant: str,
        question: str,
        *,
        version: str,
        limit: int = LIMIT,
        today: date | None = None,
        trial: str | None = None,
    ) -> list[Passage]:
        """Return passages of this tenant and version, best first; only the first may be certain.

        Args:
            tenant: whose.
            question: the customer's words.
            version: of the tenant's knowledge.
            limit: most passages.
            today: in the tenant's time zone; what has expired by then is not given. None: in UTC.
            trial: the turn that asks, where it is simulated; see ``Embedder.ask``.

        Raises:
            StoreError: the database is away.
        """
        ...

    async def report(self, tenant: str, *, version: str, today: date | None = None) -> list[Remark]:
        """Return what the admin should look at: contradictions, duplicates, what has expired.

        Raises:
            StoreError: the database is away.
        """
        ...

    async def forget(self, *, unused: timedelta) -> int:
        """Delete versions that nobody synced for so long; return how many.

        The ``NEWEST`` of each tenant stay; documents that no version lists any more go too.

        Raises:
            StoreError: the database is away.
        """
        ...
