"""What intents and roles want done becomes one list without contradictions."""

from chatcrew.hub.acting import merged
from chatcrew.messages import ActKind, PlannedPart

RESOLVE = PlannedPart(ActKind.STATUS, {"status": "resolved"})
NOTE = PlannedPart(ActKind.NOTE, {"content": "pedido"}, gated=False)
LATER = PlannedPart(ActKind.TIMER, {"kind": "followup", "due_at": 1, "payload": {}})


def test_settings_are_made_once_and_the_status_comes_last() -> None:
    """Labels are joined, attributes merged, and of priorities the highest stands."""
    acts = [
        RESOLVE,
        PlannedPart(ActKind.LABELS, {"add": ["a", "b"]}),
        PlannedPart(ActKind.PRIORITY, {"priority": "urgent"}),
        NOTE,
        PlannedPart(ActKind.LABELS, {"add": ["b", "c"]}),
        PlannedPart(ActKind.PRIORITY, {"priority": "low"}),
        PlannedPart(ActKind.ATTRIBUTES, {"set": {"x": 1, "y": 1}}),
        PlannedPart(ActKind.ATTRIBUTES, {"set": {"y": 2}}),
    ]
    assert merged(acts, handoff=False) == [
        PlannedPart(ActKind.LABELS, {"add": ["a", "b", "c"]}),
        PlannedPart(ActKind.PRIORITY, {"priority": "urgent"}),
        PlannedPart(ActKind.ATTRIBUTES, {"set": {"x": 1, "y": 2}}),
        NOTE,
        RESOLVE,
    ]


def test_the_card_is_changed_in_one_call() -> None:
    """Two tools that learnt something make one request, the later word counts."""
    one = PlannedPart(
        ActKind.CONTACT, {"contact_id": 5, "set": {"name": "M", "custom_attributes": {"a": 1}}}
    )
    two = PlannedPart(
        ActKind.CONTACT, {"contact_id": 5, "set": {"name": "Maria", "custom_attributes": {"b": 2}}}
    )
    (card,) = merged([one, two], handoff=False)
    assert card.payload["set"] == {"name": "Maria", "custom_attributes": {"a": 1, "b": 2}}


def test_a_handoff_wins_over_the_end_of_the_conversation() -> None:
    """People get it open, with its note, and no bot speaks there later."""
    assert merged([RESOLVE, LATER, NOTE], handoff=True) == [NOTE]


def test_what_is_resolved_gets_no_follow_up() -> None:
    """The customer's matter is closed; the timer of a snooze stays."""
    snooze = PlannedPart(ActKind.TIMER, {"kind": "snooze", "due_at": 1, "payload": {}})
    assert merged([LATER, RESOLVE], handoff=False) == [RESOLVE]
    assert merged([LATER, snooze], handoff=False) == [LATER, snooze]
