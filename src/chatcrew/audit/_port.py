"""What the audit log offers: who saw and changed what (S2-30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
        person: the customer it concerns; kept as an HMAC under that person's own key only, and
            the target sealed with it, so that erasing the key makes the entry nobody's.
        detail: short words without personal data, such as a number of rows.
        lasting: the target is still to be read when that key is gone: it leads to nobody.
    """

    actor: str
    action: str
    tenant: str | None = None
    target: str = ""
    person: Person | None = None
    detail: str = ""
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of the chain.

    Attributes:
        seq: its number; there are no gaps.
        at: when, UTC.
        actor: see ``Deed``.
        action: see ``Deed``.
        tenant: see ``Deed``.
        target: see ``Deed``; "" where it was sealed with a key that is gone.
        person: HMAC in hex, or None.
        detail: see ``Deed``.
        hash: SHA-256 in hex of the hash before it and everything above.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    tenant: str | None
    target: str
    person: str | None
    detail: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk over the whole chain found.

    Attributes:
        entries: how many were read.
        seq: number of the newest entry as the head has it.
        hash: of the newest entry as the head has it: what to compare with what was noted elsewhere.
        first: number of the oldest entry that is still kept.
        broken: number of the first entry that is not what it was, None where the chain is whole.
        why: ``missing``, ``changed``, ``head``, or "".
    """

    entries: int
    seq: int
    hash: str
    first: int
    broken: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, taken out or put in."""
        return self.broken is None


class Audit(Protocol):
    """Keeps deeds in a chain of hashes: none can be changed or taken out unnoticed."""

    async def note(self, deed: Deed) -> None:
        """Keep one deed.

        Raises:
            StoreError: it could not be kept, so whatever it is about must not be shown or done.
        """
        ...


class AuditLog(Audit, Protocol):
    """The log as those read it who answer for it; every method raises ``StoreError`` as ``note``.

    Entries come newest first.
    """

    async def entries(
        self,
        *,
        tenants: frozenset[str] | None = None,
        person: Person | None = None,
        action: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[Entry]:
        """Return entries.

        Args:
            tenants: only of these; None: all, also those of the whole house.
            person: only what concerns this person; after an erasure nothing does any more.
            action: only these deeds.
            before: only those with a smaller number.
            limit: most of them.
        """
        ...

    async def verify(self) -> Verdict:
        """Walk the whole chain, oldest first."""
        ...

    async def forget(self, person: Person) -> bool:
        """Destroy a person's key: what was noted of him is nobody's, and the chain stays whole.

        Returns:
            Whether there was a key.
        """
        ...

    async def trim(self, before: datetime, *, dry_run: bool = False) -> int:
        """Delete the oldest entries, those before ``before``; return how many.

        The chain then begins with the hash of the newest one deleted, so that it can be verified
        as before.
        """
        ...
