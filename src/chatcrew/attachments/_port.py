"""What was read in files before: found by content, and by the message that brought it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatcrew.ids import ConversationId
from chatcrew.messages import Reading, SentFile


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose file it is.

    Attributes:
        tenant: who pays for reading it, and the only one who ever sees what was read.
        conversation: where it was sent.
        file: which.
    """

    tenant: str
    conversation: ConversationId
    file: SentFile


class Readings(Protocol):
    """Everything that was read, kept for good: a file is opened once."""

    async def of(self, account: str, refs: Sequence[str], *, tenant: str) -> Mapping[str, Reading]:
        """Return what is known of these attachments of an account, by ``SentFile.ref``.

        Raises:
            StoreError: storage is away.
        """
        ...

    async def claim(self, tenant: str, digest: str, *, seconds: float) -> Reading | bool:
        """Return what the content says; else True for who is to read it now, False for the rest.

        Args:
            tenant: whose.
            digest: sha256 of the content, in hex.
            seconds: how long nobody else is to read it; a worker that dies holds it no longer.

        Raises:
            StoreError: storage is away.
        """
        ...

    async def give_up(self, tenant: str, digest: str) -> None:
        """Let somebody else read what could not be read.

        Raises:
            StoreError: storage is away.
        """
        ...

    async def keep(self, tenant: str, digest: str, reading: Reading) -> None:
        """Keep what the content says; who was quicker is believed.

        Raises:
            StoreError: storage is away.
        """
        ...

    async def saw(self, owned: Owned, digest: str) -> None:
        """Keep that this attachment has this content.

        Raises:
            StoreError: storage is away.
        """
        ...
