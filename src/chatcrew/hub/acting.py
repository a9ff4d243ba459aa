"""What intents and roles want done beside a reply, as one list without contradictions."""

from collections.abc import Mapping, Sequence
from typing import Any

from chatcrew.messages import ActKind, PlannedPart

_RANKS = (None, "low", "medium", "high", "urgent")
_ORDER = (
    ActKind.LABELS,
    ActKind.PRIORITY,
    ActKind.ATTRIBUTES,
    ActKind.CONTACT,
    ActKind.ASSIGNMENT,
    ActKind.TIMER,
    ActKind.NOTE,
    ActKind.STATUS,
)


def merged(acts: Sequence[PlannedPart], *, handoff: bool) -> list[PlannedPart]:
    """Return the acts in the order in which they are done, each kind of setting once.

    Labels are joined, attributes and the customer's card are merged (the later word counts), of
    priorities the highest stands. A conversation that goes to people is neither resolved nor
    snoozed by the same turn, and nothing is left for later that only a bot would say.
    """
    labels: dict[str, None] = {}
    ranks: list[str | None] = []
    attributes: dict[str, Any] = {}
    cards: dict[int, dict[str, Any]] = {}
    others: list[PlannedPart] = []
    status: PlannedPart | None = None
    for act in acts:
        if act.kind is ActKind.LABELS:
            labels.update(dict.fromkeys(act.payload["add"]))
        elif act.kind is ActKind.PRIORITY:
            ranks.append(act.payload["priority"])
        elif act.kind is ActKind.ATTRIBUTES:
            attributes.update(act.payload["set"])
        elif act.kind is ActKind.CONTACT:
            cards[act.payload["contact_id"]] = _card(cards.get(act.payload["contact_id"]), act)
        elif act.kind is ActKind.STATUS:
            status = act
        else:
            others.append(act)
    away = handoff or (status is not None and status.payload["status"] != "pending")
    if status is not None and not handoff:
        others.append(status)
    if labels:
        others.append(PlannedPart(ActKind.LABELS, {"add": list(labels)}))
    if ranks:
        others.append(PlannedPart(ActKind.PRIORITY, {"priority": max(ranks, key=_RANKS.index)}))
    if attributes:
        others.append(PlannedPart(ActKind.ATTRIBUTES, {"set": attributes}))
    for contact_id, changes in cards.items():
        payload = {"contact_id": contact_id, "set": changes}
        others.append(PlannedPart(ActKind.CONTACT, payload))
    kept = [act for act in others if not (away and _is_follow_up(act))]
    return sorted(kept, key=lambda act: _ORDER.index(act.kind))


def _card(known: Mapping[str, Any] | None, act: PlannedPart) -> dict[str, Any]:
    known, fresh = dict(known or {}), dict(act.payload["set"])
    own = {**known.get("custom_attributes", {}), **fresh.get("custom_attributes", {})}
    return {**known, **fresh, **({"custom_attributes": own} if own else {})}


def _is_follow_up(act: PlannedPart) -> bool:
    return act.kind is ActKind.TIMER and act.payload["kind"] == "followup"
