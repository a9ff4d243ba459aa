"""Who asks, at the console or by the API, and what he may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; each may do what those before it may."""

    VIEWER = "viewer"
    """Looks at figures and conversations."""
    ADMIN = "admin"
    """Also acts: retries, discards, hands back, simulates, exports."""
    OWNER = "owner"
    """Also erases people, and decides who may enter."""

    def may(self, needed: "Role") -> bool:
        """Whether this role may do what ``needed`` may."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has proven who he is.

    Attributes:
        name: of the person's account, or of the token; it stands in the audit log.
        role: what he may do.
        tenants: keys of the tenants he may see; None: all of them.
    """

    name: str
    role: Role
    tenants: frozenset[str] | None = None

    def sees(self, tenant: str | None) -> bool:
        """Whether he may see what belongs to ``tenant``; None: what belongs to nobody yet."""
        return self.tenants is None or (tenant is not None and tenant in self.tenants)

    def among(self, tenants: frozenset[str] | None) -> frozenset[str] | None:
        """Return which of the asked ``tenants`` he may see; None: all there are.

        A filter that names a tenant he may not see leaves it out: it never widens what is seen.
        """
        if self.tenants is None:
            return tenants
        return self.tenants if tenants is None else self.tenants & tenants
