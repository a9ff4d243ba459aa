"""What a bot may do in its Chatwoot, as far as it is known; the rest is tried (N13)."""

from collections.abc import Mapping
from typing import Protocol

from chatcrew.messages import ActKind

NEEDS: Mapping[ActKind, tuple[str, ...]] = {
    ActKind.LABELS: ("labels",),
    ActKind.ASSIGNMENT: ("assign",),
    ActKind.ATTRIBUTES: ("attributes", "conversation"),
    ActKind.PRIORITY: ("priority",),
    ActKind.CONTACT: ("contact",),
}
"""Rights of ``chatwoot.admin.RIGHTS`` by act; an act of another kind is never left out."""


class Rights(Protocol):
    """Asked before each act that the customer can do without; answers at once."""

    def off(self, bot: str, right: str) -> str | None:
        """Return why a right is not to be used now, None where it may be tried."""
        ...

    def refused(self, bot: str, right: str, *, status: int) -> None:
        """Learn that Chatwoot refused; it is off from now on, or the user token takes it over."""
        ...

    def instead(self, bot: str, right: str) -> bool:
        """Return whether the user token does it in the bot's place (``note``: a private note)."""
        ...

    def left_out(self, bot: str, act: str) -> None:
        """Learn that an act was left out because of it."""
        ...


class EverythingAllowed:
    """Satisfies ``Rights`` where nobody keeps them: each is tried, and tried again."""

    def off(self, bot: str, right: str) -> str | None:
        """Return None."""
        return None

    def refused(self, bot: str, right: str, *, status: int) -> None:
        """Forget it."""

    def instead(self, bot: str, right: str) -> bool:
        """Return False."""
        return False

    def left_out(self, bot: str, act: str) -> None:
        """Forget it."""


def off(rights: Rights, bot: str, kind: ActKind) -> str | None:
    """Return why an act of this kind is not to be tried now, None where it may be."""
    reasons = (rights.off(bot, right) for right in NEEDS.get(kind, ()))
    return next((reason for reason in reasons if reason is not None), None)


def is_denial(kind: ActKind, status: int | None) -> bool:
    """Return whether a refusal is about what the token may do, and not about this very act.

    A 404 is a route that this Chatwoot has not (contract §4.6); for an assignment it names a person
    or a team that is not there, for a contact that card.
    """
    if kind not in NEEDS:
        return False
    named = (ActKind.ASSIGNMENT, ActKind.CONTACT)
    return status in (401, 403) or (status == 404 and kind not in named)
