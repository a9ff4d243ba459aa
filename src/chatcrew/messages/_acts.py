"""One act of a turn before it is stored: what is said, noted, set or left for later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class ActKind(StrEnum):
    """What a part does: message and note create, the others set and may be repeated.

    A timer is ours and no call to Chatwoot: by its key it is set once, however often.
    """

    MESSAGE = "message"
    NOTE = "note"
    STATUS = "status"
    LABELS = "labels"
    ASSIGNMENT = "assignment"
    ATTRIBUTES = "attributes"
    PRIORITY = "priority"
    CONTACT = "contact"
    """The customer's own card; needs the user token (contract §2.5)."""
    UNSEND = "unsend"
    """Deletes a message of ours; needs the user token, and only helps where channels can."""
    TIMER = "timer"


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One act, decided but not yet stored.

    Attributes:
        kind: what to do.
        payload: arguments of the act: message ``{"content", "content_type"?,
            "content_attributes"?, "template_params"?, "pause"?: seconds before it}``,
            note ``{"content"}``, status ``{"status", "snoozed_until"?: Unix seconds}``, labels
            ``{"add"?: [...], "remove"?: [...]}``, assignment ``{"assignee_id",
            "assignee_type"?}`` or ``{"team_id"}``, attributes ``{"set": {...}}``,
            priority ``{"priority"}``, contact
            ``{"contact_id", "set": {...}}``, unsend ``{"message_id", "note": for people where it
            cannot be}``, timer ``{"kind", "due_at": Unix seconds,
            "payload": {...}, "key"?: left out, the part's own tag}``.
        gated: only done while the conversation is still ours; a public message is always gated.
    """

    kind: ActKind
    payload: Mapping[str, Any]
    gated: bool = True


UNLESS_SPOKEN = "unless_spoken"
"""Key of a payload: the act is left out where a person has spoken after this message id."""


def unless_spoken(acts: Iterable[PlannedPart], *, after: int) -> tuple[PlannedPart, ...]:
    """Return the acts so that none is done over the head of a person who was quicker.

    For what the gate cannot stop because people own the conversation; from the decision until it is
    done minutes may pass, as while Chatwoot is away.

    Args:
        acts: those that go through the gate are left as they are.
        after: newest message that the decision knew.
    """
    return tuple(
        one if one.gated else replace(one, payload={**one.payload, UNLESS_SPOKEN: after})
        for one in acts
    )
