"""What the audit log offers: who saw and changed what (S2-30)."""

from dataclasses import dataclass
from typing import Protocol

from chatcrew.messages import Person


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was seen or changed.

    Attributes:
        actor: who did it: ``console:ana``, ``token:loja``, ``cli:root``, ``operator:acme/5``, or
            ``chatcrew`` for what is done by time.
        action: a short stable name: ``conversation.viewed``, ``person.erased``, ``turn.retried``.
        tenant: whose; None where it concerns the whole house.
        target: what it was done to, without personal data: a turn id, ``bot/number``, a user name.
        person: the customer it concerns; kept as an HMAC under that person's own key only, so that
            erasing the key makes the entry nobody's.
        detail: short words without personal data, such as a number of rows.
    """

    actor: str
    action: str
    tenant: str | None = None
    target: str = ""
    person: Person | None = None
    detail: str = ""


class Audit(Protocol):
    """Keeps deeds in a chain of hashes: none can be changed or taken out unnoticed."""

    async def note(self, deed: Deed) -> None:
        """Keep one deed.

        Raises:
            StoreError: it could not be kept, so whatever it is about must not be shown or done.
        """
        ...
