"""What customers say when they will not tell something, or not now, in everyday Portuguese."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from chatcrew.intents import entities, fill_slots
from chatcrew.messages import Filled
from chatcrew.tenancy.model import Slot

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))
CPF = Slot("cpf", "cpf")
WHY = Slot("motivo", "text")

REFUSALS = """
prefiro não dizer
prefiro não informar
prefiro não passar esse dado
não quero informar
não quero passar meu cpf
nao vou dar meu cpf
não tenho
não tenho cpf
n tenho
não sei
não sei de cabeça
não lembro
não me lembro do número
não informo
não passo isso por aqui
não me sinto à vontade para passar
não gostaria de compartilhar
não costumo passar cpf
me recuso
de jeito nenhum
nem pensar
sem chance
não é da sua conta
isso é pessoal
é informação pessoal
pode pular
pula essa
não acho necessário
deixa pra lá
esqueci
perdi meu documento
não possuo
I'd rather not
I don't want to say
""".strip().splitlines()
LATER = """
depois
depois eu passo
depois te passo
depois eu vejo
mais tarde
mais tarde eu mando
agora não
te passo depois
já te mando depois
passo amanhã
amanhã te mando
outra hora
daqui a pouco
assim que eu chegar em casa
quando eu chegar em casa te falo
deixa eu ver aqui
deixa eu procurar
vou procurar
vou pegar e já volto
estou na rua agora
tô dirigindo
não tenho aqui comigo
não tenho em mãos
não estou com ele agora
um momento
só um minutinho
peraí
later
not now
""".strip().splitlines()
ANSWERS = """
529.982.247-25
meu cpf é 529.982.247-25
é 52998224725
claro, 529.982.247-25
529.982.247-25, mas não gosto de passar
""".strip().splitlines()
REASONS = """
chegou quebrado
não gostei da cor
veio tamanho errado
não serviu
o produto não funciona
quero trocar por outro
demorou demais
comprei errado
me arrependi
a embalagem estava aberta
""".strip().splitlines()


def after(text: str, slot: Slot) -> tuple[Filled, Slot | None]:
    """Return what is known after ``text`` answers the question for ``slot``."""
    waiting = Filled(asked={slot.name: 1}, waiting=slot.name)
    return fill_slots([slot], entities(text, now=NOW), waiting, text=text)


def test_there_are_enough_samples() -> None:
    """Refusals and postponements together are more than forty."""
    assert len(REFUSALS) + len(LATER) > 60
    assert len(ANSWERS) + len(REASONS) >= 15


@pytest.mark.parametrize("slot", [CPF, WHY], ids=["cpf", "text"])
@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_ends_the_asking(text: str, slot: Slot) -> None:
    """No value is made of it, and nobody asks again."""
    filled, ask = after(text, slot)

    assert (filled.values, filled.refused, ask) == ({}, (slot.name,), None)


@pytest.mark.parametrize("slot", [CPF, WHY], ids=["cpf", "text"])
@pytest.mark.parametrize("text", LATER)
def test_what_is_put_off_is_asked_for_once_more(text: str, slot: Slot) -> None:
    """And a second postponement is a refusal."""
    filled, ask = after(text, slot)
    assert (filled.values, filled.later, filled.refused, ask) == ({}, (slot.name,), (), slot)

    filled, ask = fill_slots([slot], entities(text, now=NOW), filled, text=text)
    assert (filled.refused, ask) == ((slot.name,), None)


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_taken_whatever_stands_beside_it(text: str) -> None:
    """A right CPF is an answer, also from somebody who does not like to tell it."""
    filled, ask = after(text, CPF)

    assert (filled.values, filled.refused, filled.later, ask) == (
        {"cpf": "52998224725"},
        (),
        (),
        None,
    )


@pytest.mark.parametrize("text", REASONS)
def test_a_reason_with_a_no_in_it_is_an_answer(text: str) -> None:
    """Who says that he did not like it tells why, and refuses nothing."""
    filled, ask = after(text, WHY)

    assert (filled.values, filled.refused, ask) == ({"motivo": text}, (), None)
