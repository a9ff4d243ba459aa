"""What a tool may read beyond its conversation: this contact's others, and who works here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chatcrew.conversations import Earlier
from chatcrew.messages import ConversationState
from chatcrew.tenancy.model import Tenant


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person or a team of the account.

    Attributes:
        kind: ``agent`` or ``team``.
        id: Chatwoot's id.
        name: as Chatwoot shows it.
    """

    kind: str
    id: int
    name: str


class Archive(Protocol):
    """Reads for tools; what cannot be read is empty, and never an error of the turn."""

    async def earlier(
        self, state: ConversationState, tenant: Tenant, *, limit: int
    ) -> Sequence[Earlier]:
        """Return lines of this contact's other conversations with this tenant, newest first."""
        ...

    async def recipients(self, state: ConversationState) -> Sequence[Recipient]:
        """Return agents and teams of the account; none where no user token may list them."""
        ...
