"""Which of a business's two personas a customer meets."""

import hashlib
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from chatcrew.tenancy.model import Experiment, Tenant

_HELD = 1024
_PARTS = 10_000


def variant_of(experiment: Experiment, tenant: str, *, account: str, contact: int) -> str:
    """Return ``a`` or ``b``: the same for a customer in all of his conversations.

    A larger share moves customers from ``a`` to ``b`` only, a smaller one only back.

    Args:
        experiment: the two.
        tenant: whose; so that customers of two businesses are divided apart from each other.
        account: label of the account that knows the contact.
        contact: Chatwoot's number of the contact.
    """
    told = f"{tenant}\n{experiment.name}\n{account}\n{contact}".encode()
    place = int.from_bytes(hashlib.sha256(told).digest()[:8], "big") % _PARTS
    return "b" if place < experiment.share * _PARTS // 100 else "a"


def met(
    tenant: Tenant, *, account: str, contact: int | None, now: datetime
) -> tuple[Tenant, str | None]:
    """Return the business as a customer meets it, and ``experiment/variant``.

    The second is None where no experiment runs, or nobody knows who the customer is: by the
    conversation he would meet one persona today and the other tomorrow.

    Args:
        tenant: the business.
        account: label of the account.
        contact: Chatwoot's number of the contact, or None.
        now: with a timezone.
    """
    trial = tenant.experiment
    if trial is None or contact is None:
        return tenant, None
    if not trial.runs(now.astimezone(ZoneInfo(tenant.timezone)).date()):
        return tenant, None
    variant = variant_of(trial, tenant.key, account=account, contact=contact)
    return _as_variant(_Itself(tenant), variant), f"{trial.name}/{variant}"


class _Itself:
    """A tenant that is equal to nothing but itself, so that no turn compares its knowledge."""

    __slots__ = ("tenant",)

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.tenant is self.tenant

    def __hash__(self) -> int:
        return id(self.tenant)


@lru_cache(maxsize=_HELD)
def _as_variant(itself: _Itself, variant: str) -> Tenant:
    """Return one and the same value for a variant: digests of tenants are kept by identity."""
    tenant = itself.tenant
    said = tenant.experiment.personas.get(variant, {}) if tenant.experiment else {}
    return replace(tenant, persona=replace(tenant.persona, **said))
