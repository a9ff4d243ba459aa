"""What the house offers to a person whose data it holds: see it, have it erased (LGPD art. 18)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chatcrew.messages import Person


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is looked for, by any of these; each may be written in any spelling.

    Attributes:
        contact: Chatwoot's contact id.
        account: label of the account, where a contact number exists in several.
        phone: telephone.
        email: e-mail address.
        document: CPF.
    """

    contact: int | None = None
    account: str | None = None
    phone: str | None = None
    email: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an erasure: counts and hashes, no data.

    Attributes:
        id: of the erasure; the audit log has it as the target of ``person.erased``.
        document: what is signed, as JSON values.
        signature: Ed25519, base64.
        public_key: raw Ed25519 key, base64, that verifies it.
    """

    id: str
    document: Mapping[str, Any]
    signature: str
    public_key: str

    @property
    def left(self) -> int:
        """How often the verification scan still found the person: 0 unless others wrote of him."""
        return self.document["scan"]["found"] or 0

    @property
    def looked(self) -> bool:
        """Whether there was anything to look for: nothing is, once retention has emptied him."""
        return self.document["scan"]["found"] is not None

    @property
    def unreadable(self) -> int:
        """How many sealed values of the business, spoilt by somebody, are still there."""
        return sum(not one["erased"] for one in self.document["unreadable"])


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a scan found somebody.

    Attributes:
        place: ``message.line``, ``cache.file``, ``config/domains/shop/acme.yaml``.
        key: which row or line, without personal data.
        kind: ``phone``, ``email``, ``cpf``, ``name``, ``text``; ``unreadable``.
        times: how often.
    """

    place: str
    key: str
    kind: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Scan:
    """What a walk over every layer found.

    Attributes:
        searched: values (rows of tables, entries of caches, files) by place; empty where nothing
            is known of the person that could be looked for.
        hits: where it was found.
        away: layers that did not answer, and files that could not be read to their end, so that
            nothing is known of them.
        unreadable: sealed values that do not open, so that nothing is known of them either; the
            kind of such a hit is ``unreadable``.
    """

    searched: Mapping[str, int]
    hits: Sequence[Hit] = ()
    away: Sequence[str] = ()
    unreadable: Sequence[Hit] = ()


@dataclass(frozen=True, slots=True)
class Expired:
    """What retention deletes of one store.

    Attributes:
        store: name of the store.
        kind: of data, as ``privacy.retention`` calls it.
        tenant: whose; None: of the whole house.
        before: what is older goes.
        rows: how many are, or would be, deleted.
    """

    store: str
    kind: str
    tenant: str | None
    before: datetime
    rows: int


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Who was erased when, so that a restored backup can be made to forget him again.

    Attributes:
        id: of the erasure.
        tenant: whose customer.
        salt: hex; the same for all of one house.
        person: HMAC-SHA256 of tenant, account and contact under the salt, hex.
        at: when, UTC.
        actor: who did it.
    """

    id: str
    tenant: str
    salt: str
    person: str
    at: datetime
    actor: str = field(default="chatcrew")


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A file that one of our commands wrote with people's data in it.

    Attributes:
        path: absolute.
        kind: ``export`` or ``backup``.
        sha256: of its bytes, hex.
        made_at: when, UTC.
        tenant: whose customers, None: of several.
        person: the one who is in it, as ``Tombstone.person``; None: several.
        id: of its record, "" before it is kept.
    """

    path: str
    kind: str
    sha256: str
    made_at: datetime
    tenant: str | None = None
    person: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search of one layer found; see ``Scan``."""

    searched: Mapping[str, int]
    hits: Sequence[Hit] = ()
    away: Sequence[str] = ()


class Layer(Protocol):
    """Where data of people may lie beside the database: a cache, files."""

    @property
    def name(self) -> str:
        """Short name for receipts: ``cache``, ``files``."""
        ...

    async def forget(self, tenant: str) -> Sequence[str]:
        """Forget what can be forgotten of a tenant's people; return the names of what is away."""
        ...

    async def search(self, kinds: Callable[[str], Collection[str]], *, tenant: str) -> Looked:
        """Return how many values were read by place, and where ``kinds`` finds anything."""
        ...


class Privacy(Protocol):
    """Every method raises ``StoreError`` while a store that must answer is away."""

    async def find(self, tenant: str, sought: Sought) -> Sequence[Person]:
        """Return who is meant, in every account of the tenant."""
        ...

    async def export(self, person: Person, *, actor: str) -> Mapping[str, Any]:
        """Return everything kept of a person as JSON values; noted in the audit log first."""
        ...

    async def erase(self, person: Person, *, actor: str) -> Receipt:
        """Erase a person in every layer, look for what is left, and return the signed receipt.

        A turn of his that is under way writes nothing more. Erasing twice is no error.

        Args:
            person: who.
            actor: who asks, as in ``audit.Deed``.
        """
        ...
