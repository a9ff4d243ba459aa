"""What slots take, how their values read, and who goes ahead of others."""

import dataclasses
from datetime import UTC, datetime
from typing import get_args

import pytest

from chatcrew import intents
from chatcrew.hub import asking
from chatcrew.messages import Contact, Filled, Snapshot
from chatcrew.tenancy.model import Intent, Slot, Vip
from chatcrew.tenancy.vocabulary import SlotKind

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CPF = Slot("cpf", "cpf", ("Qual é o CPF?", "Pode repetir o CPF?"))
WHY = Slot("motivo", "text", ("O que houve?",))
INTENT = Intent("refund", ("quero reembolso",), "handoff", slots=(CPF, WHY))


def found(text: str) -> tuple[intents.Entity, ...]:
    """Return the entities of a message."""
    return intents.entities(text, now=NOW)


@pytest.mark.parametrize(
    ("snapshot", "meets"),
    [
        (Snapshot(labels=("VIP",)), True),
        (Snapshot(contact=Contact(1, attributes={"plano": "ouro"})), True),
        (Snapshot(contact=Contact(1, attributes={"plano": "prata"})), False),
        (Snapshot(labels=("vips",)), False),
        (Snapshot(), False),
    ],
)
def test_a_vip_is_whoever_has_a_label_or_an_attribute(snapshot: Snapshot, *, meets: bool) -> None:
    """Any of them will do, whatever the case of its letters."""
    vip = Vip(labels=("vip",), attributes={"plano": "Ouro"})
    assert vip.meets(snapshot) is meets
    assert not Vip().meets(snapshot)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("cnpj", "11222333000181", "11.222.333/0001-81"),
        ("document", "11222333000181", "11.222.333/0001-81"),
        ("cep", "50030230", "50030-230"),
        ("date", "2026-03-15", "15/03/2026"),
        ("money", "BRL 1250.00", "R$ 1.250,00"),
        ("phone", "+5581999991234", "+55 81 99999-1234"),
        ("order_number", "BF-10233", "BF-10233"),
        ("text", "x" * 300, "x" * 119 + "…"),
    ],
)
def test_values_are_shown_as_people_write_them(kind: str, value: str, said: str) -> None:
    """The team's note and the reply read like a person's."""
    assert intents.shown(kind, value) == said


def test_every_kind_of_slot_is_answered_by_some_kind_of_entity() -> None:
    """An admin cannot ask for what nobody can read."""
    for kind in get_args(SlotKind):
        assert kind == "text" or set(intents.fits(kind)) <= {*intents.KINDS, "past_date"}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("cep", "01310100", "01310100"),
        ("cep", "01310 100", "01310100"),
        ("cep", "013101", None),
        ("money", "200", "BRL 200.00"),
        ("money", "uns 1.200,50 reais", "BRL 1200.50"),
        ("order_number", "bf-10.233", "BF-10233"),
        ("order_number", "nº 55", "55"),
        ("order_number", "ABCDE-123", "ABCDE-123"),
        ("phone", "987654321", None),
        ("cpf", "11987654321", None),
        ("cpf", "é 529.982.247-25", "52998224725"),
    ],
)
def test_where_it_was_asked_for_bare_digits_are_the_answer(kind, text, value) -> None:
    """What cannot be right is an answer too, and asked for again in words that say so (S1-22)."""
    slot = Slot("dado", kind, ("Qual é?",))
    intent = dataclasses.replace(INTENT, slots=(slot,))
    before = Filled(asked={"dado": 1}, waiting="dado")
    filled, again = asking.fill(intent, found(text), text=text, before=before)

    assert asking.answers(intent, found(text), text=text, before=before)
    assert filled.values.get("dado") == value
    assert (again is None) == (value is not None)
    assert ("dado" in filled.invalid) == (value is None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sexta às 10\npode ser?", "sexta às 10"),
        ("qual o endereço de vocês", None),
        ("pode ser sexta", "pode ser sexta"),
        ("quanto custa", None),
    ],
)
def test_of_a_burst_only_what_asks_nothing_is_an_answer_in_words(text, said) -> None:
    """A question beside the answer does not undo it, and is none itself."""
    before = Filled(asked={"motivo": 1}, waiting="motivo", values={"cpf": "52998224725"})
    filled, _ = asking.fill(INTENT, (), text=text, before=before)
    assert filled.values.get("motivo") == said
