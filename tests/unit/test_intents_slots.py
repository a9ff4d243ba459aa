"""Slots: filled from what customers tell, asked for at most twice, never against their will."""

from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chatcrew.intents import entities, fill_slots
from chatcrew.messages import Filled
from chatcrew.tenancy.model import Slot

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))
ORDER = Slot("pedido", "order_number")
CPF = Slot("cpf", "cpf")
DAY = Slot("dia", "date")
REASON = Slot("motivo", "text")


def say(
    text: str, required: list[Slot], filled: Filled | None = None
) -> tuple[Filled, Slot | None]:
    """Take one message."""
    found = entities(text, now=NOW)
    return fill_slots(required, found, filled or Filled(), text=text)


def test_what_is_told_is_not_asked_for() -> None:
    """Whatever the first message holds fills its slots, in any order."""
    filled, ask = say("meu cpf é 529.982.247-25, do pedido 4711", [ORDER, CPF, DAY])

    assert filled.values == {"cpf": "52998224725", "pedido": "4711"}
    assert ask == DAY
    assert filled.waiting == "dia"


def test_a_bare_number_answers_the_question_for_an_order() -> None:
    """After "qual o número do pedido?", "4711" is one."""
    filled, ask = say("quero rastrear", [ORDER])
    assert ask == ORDER

    filled, ask = say("4711", [ORDER], filled)
    assert (filled.values, ask) == ({"pedido": "4711"}, None)


def test_an_invalid_answer_is_told_and_asked_for_once_more() -> None:
    """Wrong check digits never fill a slot, and the third question is never asked."""
    filled, _ = say("oi", [CPF])
    filled, ask = say("529.982.247-26", [CPF], filled)
    assert (filled.values, filled.invalid, ask) == ({}, ("cpf",), CPF)

    filled, ask = say("529.982.247-27", [CPF], filled)
    assert (filled.values, filled.invalid, ask) == ({}, ("cpf",), None)
    assert filled.asked == {"cpf": 2}


@pytest.mark.parametrize(
    "text",
    [
        "não quero informar",
        "Nao vou passar meu cpf",
        "prefiro não dizer",
        "não tenho",
        "I don't want to share it",
        "i'd rather not",
    ],
)
def test_a_refusal_is_final(text: str) -> None:
    """The next slot is asked for, and this one never again."""
    filled, _ = say("oi", [CPF, DAY])
    filled, ask = say(text, [CPF, DAY], filled)

    assert (filled.refused, ask) == (("cpf",), DAY)
    filled, ask = say("amanhã", [CPF, DAY], filled)
    assert ask is None


@pytest.mark.parametrize("text", ["depois te passo", "agora não", "mais tarde", "later"])
def test_what_is_put_off_is_asked_for_after_the_rest(text: str) -> None:
    """And put off a second time, it counts as refused."""
    filled, _ = say("oi", [CPF, DAY])
    filled, ask = say(text, [CPF, DAY], filled)
    assert (filled.later, ask) == (("cpf",), DAY)

    filled, ask = say("dia 30", [CPF, DAY], filled)
    assert ask == CPF
    filled, ask = say(text, [CPF, DAY], filled)
    assert (filled.refused, ask) == (("cpf",), None)


def test_what_was_refused_is_taken_when_it_is_told_after_all() -> None:
    """People change their minds."""
    filled, _ = say("oi", [CPF])
    filled, _ = say("não quero informar", [CPF], filled)
    filled, ask = say("tá bom: 529.982.247-25", [CPF], filled)

    assert (filled.values, filled.refused, ask) == ({"cpf": "52998224725"}, (), None)


def test_any_words_answer_a_question_for_words() -> None:
    """But not before it was asked, and not a refusal."""
    filled, ask = say("quero devolver", [REASON])
    assert (filled.values, ask) == ({}, REASON)

    told, ask = say(" chegou quebrado ", [REASON], filled)
    assert (told.values, ask) == ({"motivo": "chegou quebrado"}, None)
    refused, ask = say("prefiro não dizer", [REASON], filled)
    assert (refused.values, refused.refused, ask) == ({}, ("motivo",), None)


def test_one_thing_fills_one_slot() -> None:
    """The slot that was asked for comes first."""
    first, second = Slot("ida", "date"), Slot("volta", "date")
    filled, ask = say("amanhã", [first, second])
    assert (filled.values, ask) == ({"ida": "2026-11-22"}, second)

    asked = Filled(waiting="volta", asked={"volta": 1})
    assert say("amanhã", [first, second], asked)[0].values == {"volta": "2026-11-22"}
    both, ask = say("de amanhã até dia 30", [first, second])
    assert (dict(both.values), ask) == ({"ida": "2026-11-22", "volta": "2026-11-30"}, None)


def test_a_document_slot_takes_people_and_companies() -> None:
    """CPF or CNPJ."""
    document = Slot("documento", "document")

    assert say("11.222.333/0001-81", [document])[0].values == {"documento": "11222333000181"}
    assert say("529.982.247-25", [document])[0].values == {"documento": "52998224725"}


def test_the_state_survives_being_kept_as_plain_values() -> None:
    """It is stored with the conversation between turns."""
    filled, _ = say("meu cpf é 529.982.247-25", [ORDER, CPF])

    assert Filled(**asdict(filled)) == filled
