"""What listed messages mean some time after they were said (design §3, contract §2.4)."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ConversationState,
    Delivery,
    Effect,
    Owner,
    OwnerKind,
    Snapshot,
    Timing,
    Weight,
)
from chatcrew.tenancy.model import Bot, Route, Secret
from chatcrew.worker.sweep_recover import Target, has_moved, moved, unseen

NOW = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)
BOT = Bot("loja-bot", "loja", 3, "http://127.0.0.1:9", 7, Secret("env:TOKEN"))
KNOWN = ConversationState(ConversationId("loja", "loja-bot", 40), last_message_id=100)
NEW_TO_US = Target(BOT, 40, Route("t/a", "whatsapp", "whatsapp"), Timing(quiet=0.5), NOW, None)
HEARD_OF = replace(NEW_TO_US, known=KNOWN)

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
CUSTOMER = {"id": 501, "name": "Maria", "type": "contact"}
PERSON = {"id": 12, "name": "Patrícia", "type": "user"}
US = {"id": 7, "name": "Vari", "type": "agent_bot"}

ITEM: dict[str, Any] = {
    "id": 40,
    "inbox_id": 21,
    "status": "pending",
    "updated_at": 1754233100.25,
    "meta": {"sender": {"id": 501, "name": "Maria"}, "channel": "Channel::Whatsapp"},
    "messages": [{"id": 999, "content": "something else"}],
}


def says(number: int, who: dict[str, Any] | None, text: str, **fields: Any) -> dict[str, Any]:
    """Return a message as Chatwoot lists it."""
    kind = INCOMING if who is CUSTOMER else OUTGOING
    message = {
        "id": number,
        "content": text,
        "message_type": kind,
        "private": False,
        "created_at": 1754233000 + number,
        "content_type": "text",
        "content_attributes": {},
    }
    return {**message, **({"sender": who} if who else {}), **fields}


def effects(deliveries: list[Delivery]) -> list[tuple[int | None, Weight, Effect]]:
    """Return what each delivery does."""
    return [(one.object_id, one.weight, one.change.effect) for one in deliveries]


def test_a_recovered_message_is_what_its_webhook_would_have_been() -> None:
    """Same event, same key, the whole conversation with it; its body is the listed message."""
    message = says(101, CUSTOMER, "Olá")
    (found,) = unseen(HEARD_OF, ITEM, [message])

    assert found.keys()[0] == "m:101"
    assert (found.event, found.sender, found.conversation) == (
        "message_created",
        "sweep",
        KNOWN.id,
    )
    assert (found.tenant, found.channel, found.timing) == ("t/a", "whatsapp", Timing(quiet=0.5))
    assert json.loads(found.body) == message
    assert found.change.line is not None
    assert found.change.line.text == "Olá"
    assert found.change.line.created_at == datetime.fromtimestamp(1754233101, UTC)
    assert found.change.snapshot is not None
    assert found.change.snapshot.status == "pending"
    assert found.change.snapshot.version == 1754233100.25
    assert found.change.snapshot.owner_known
    assert found.change.snapshot.contact.id == 501


def test_only_words_after_the_last_answer_ask_for_one() -> None:
    """Messages come in any order; activity lines are nobody's words."""
    found = unseen(
        HEARD_OF,
        ITEM,
        [
            says(105, CUSTOMER, "e agora?"),
            says(101, CUSTOMER, "Olá"),
            says(102, US, "Oi! Como posso ajudar?"),
            says(103, None, "Patrícia adicionou vip", message_type=ACTIVITY),
            says(104, None, "Estamos fora do horário", message_type=TEMPLATE),
        ],
    )

    assert effects(found) == [
        (101, Weight.STATE, Effect.NONE),
        (102, Weight.STATE, Effect.OWN_ECHO),
        (104, Weight.STATE, Effect.NONE),
        (105, Weight.TURN, Effect.INPUT),
    ]


def test_a_persons_note_answers_nobody() -> None:
    """The customer does not see it."""
    note = says(102, PERSON, "cliente antiga", private=True)
    found = unseen(HEARD_OF, ITEM, [says(101, CUSTOMER, "Olá"), note])

    assert effects(found)[0] == (101, Weight.TURN, Effect.INPUT)


def test_a_persons_word_is_a_takeover_where_we_know_the_conversation() -> None:
    """The mailbox compares it with the last hand-back, whatever lines came after it."""
    lines = [
        says(101, PERSON, "Deixa comigo"),
        says(102, None, "Conversa marcada", message_type=ACTIVITY),
        says(103, CUSTOMER, "Obrigada"),
    ]

    assert effects(unseen(HEARD_OF, ITEM, lines))[0] == (101, Weight.STATE, Effect.PERSON_SPOKE)


@pytest.mark.parametrize(("activity", "effect"), [(102, Effect.NONE), (100, Effect.PERSON_SPOKE)])
def test_in_an_unknown_conversation_an_activity_line_ends_a_takeover(
    activity: int, effect: Effect
) -> None:
    """Handing back, resolving and reopening leave a line each; before it another case was told."""
    lines = [
        says(101, PERSON, "Deixa comigo"),
        says(activity, None, "Conversa reaberta", message_type=ACTIVITY),
        says(103, CUSTOMER, "Voltei"),
    ]

    assert effects(unseen(NEW_TO_US, ITEM, lines)) == [
        (101, Weight.STATE, effect),
        (103, Weight.TURN, Effect.INPUT),
    ]


@pytest.mark.parametrize(("target", "weight"), [(HEARD_OF, Weight.TURN), (NEW_TO_US, Weight.STATE)])
def test_a_lost_command_is_obeyed_only_where_it_is_news(target: Target, weight: Weight) -> None:
    """The newest 20 messages of an unknown conversation may hold last month's commands."""
    (found,) = unseen(target, ITEM, [says(101, PERSON, "/bot parar", private=True)])

    assert found.weight is weight


def test_a_change_of_status_is_a_state_of_its_own() -> None:
    """The same change is told once, by the content of what Chatwoot shows."""
    first, second = moved(HEARD_OF, ITEM), moved(HEARD_OF, {**ITEM, "updated_at": 1754233200.5})

    assert (first.event, first.weight) == ("conversation_updated", Weight.STATE)
    assert first.change.snapshot is not None
    assert first.change.snapshot.owner_known
    assert first.keys() == moved(HEARD_OF, ITEM).keys()
    assert first.keys() != second.keys()


PENDING = Snapshot(version=10.0, status="pending", owner_known=True)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (replace(PENDING, version=11.0, status="open"), True),
        (replace(PENDING, version=11.0, owner=Owner(OwnerKind.PERSON, 12)), True),
        (replace(PENDING, version=11.0), False),
        (replace(PENDING, version=10.0, status="open"), False),
        (replace(PENDING, version=None, status="open"), False),
        (replace(PENDING, version=11.0, labels=("vip",)), False),
    ],
)
def test_only_a_newer_status_or_owner_counts_as_moved(shown: Snapshot, expected: bool) -> None:
    """Each message touches ``updated_at``; that alone is no news."""
    assert has_moved(PENDING, shown) is expected


def test_an_owner_that_is_not_shown_is_not_taken_for_nobody() -> None:
    """Kinds of owner that a later Chatwoot may add are not understood, so nothing is inferred."""
    ours = replace(PENDING, owner=Owner(OwnerKind.BOT, 7))

    assert has_moved(ours, replace(PENDING, version=11.0, owner_known=False)) is False


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"id": "x", "message_type": 0},
        {"id": 101},
        {"id": 101, "message_type": "?", "content": 5},
        {"id": 101, "message_type": 0, "content": None, "sender": 3, "created_at": "soon"},
        {"id": 101, "message_type": 1, "content_attributes": [], "attachments": {"a": 1}},
        {"id": True, "message_type": 0},
    ],
)
@pytest.mark.parametrize("item", [{}, {"id": 40, "meta": 3, "messages": None}, ITEM])
def test_whatever_is_listed_raises_nothing(item: dict[str, Any], message: dict[str, Any]) -> None:
    """Another Chatwoot version must not stop the sweep for everybody."""
    for delivery in unseen(NEW_TO_US, item, [message]):
        assert delivery.sender == "sweep"
