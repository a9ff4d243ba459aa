"""What becomes of timers that came due, by the conversation as it is now; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chatcrew.hub.ports import Ruling
from chatcrew.hub.shaping import literal
from chatcrew.messages import ConversationState, PlannedPart

PATIENCE = "patience"
"""Kind of the timer that takes up a customer who wrote too much to be answered at once."""

LIMIT = "limit"
"""Kind of the timer that tells people of a limit of model calls."""

LIMIT_TOLD = "limit_told"
"""Reason of a turn that brought them that note."""

INACTIVITY = "inactivity"
"""Kind of the timer of a customer who falls silent."""


@dataclass(frozen=True, slots=True)
class Fired:
    """What the timers of a burst come to.

    Attributes:
        notes: what operators read.
        told: what the crew reads.
        follow_up: what a follow-up carries that is to be said now.
        opens: people are to go on.
        speaks: the customer's waiting words are to be answered now.
        acts: what is done whoever owns the conversation.
        reason: short stable name, for a turn that says nothing.
    """

    notes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    follow_up: Mapping[str, Any] | None = None
    opens: bool = False
    speaks: bool = False
    acts: tuple[PlannedPart, ...] = ()
    reason: str = ""


def fire(
    fired: Fired,
    payload: Mapping[str, Any],
    *,
    state: ConversationState,
    ruling: Ruling | None = None,
) -> Fired:
    """Return ``fired`` with one more timer.

    Args:
        fired: what those before it came to.
        payload: of the timer's input.
        state: the conversation now.
        ruling: of the call that an ``approval`` timer let expire.
    """
    kind = payload.get("timer")
    if kind == "approval":
        return _expired(fired, ruling)
    if kind in ("followup", INACTIVITY):
        ended = ended_because(payload, state)
        if ended is not None:
            return replace(fired, reason=f"{kind}_{ended}")
        return replace(fired, follow_up=payload, reason=str(kind))
    if kind == "snooze" and state.snapshot.status != "resolved":
        opens = fired.opens or state.snapshot.status == "snoozed"
        notes = (*fired.notes, _snooze(payload))
        return replace(fired, notes=notes, opens=opens, reason="snooze_over")
    # what is another business's by now is not told of this one
    if kind in ("reminder", LIMIT) and payload.get("tenant", state.tenant) == state.tenant:
        note = _reminder(payload) if kind == "reminder" else str(payload.get("text") or "")
        reason = "reminder" if kind == "reminder" else LIMIT_TOLD
        return replace(fired, notes=(*fired.notes, note), reason=reason)
    if kind == PATIENCE:
        fired = replace(fired, speaks=True, reason=PATIENCE)
    return replace(fired, reason=fired.reason or "timer_over")


def _expired(fired: Fired, ruling: Ruling | None) -> Fired:
    if ruling is None:
        return replace(fired, reason=fired.reason or "approval_ruled")
    return replace(
        fired,
        notes=(*fired.notes, ruling.note),
        told=(*fired.told, ruling.told) if ruling.told else fired.told,
        opens=fired.opens or ruling.to_people,
        reason="approval_expired",
    )


def ended_because(payload: Mapping[str, Any], state: ConversationState) -> str | None:
    """Return why a follow-up is not said any more, or None where it may be.

    That a person or the status keeps the bot away the gate says, here as everywhere.
    """
    if state.last_customer_id > int(payload.get("customer_id", 0)):
        return "customer_wrote"
    if state.episode != int(payload.get("episode", state.episode)):
        return "resolved"
    return None


def _reminder(payload: Mapping[str, Any]) -> str:
    by = literal(str(payload.get("by") or ""), limit=60)
    words = literal(str(payload.get("text") or ""), limit=500) or "(sem texto)"
    return f"⏰ **Lembrete**{f' de {by}' if by else ''}: {words} (Reminder.)"


def _snooze(payload: Mapping[str, Any]) -> str:
    why = literal(str(payload.get("reason") or ""), limit=300)
    return f"⏰ **Esta conversa volta do adiamento**: {why or 'sem motivo anotado'} (Snooze over.)"
