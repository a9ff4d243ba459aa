"""How a mood is read from words: bounded, stable, and right about what customers write (S1-29)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.hub.mood import mood, named

ANGRY = """
Péssimo atendimento, um absurdo, ninguém resolve nada!
NÃO AGUENTO MAIS ESSE ROBÔ INÚTIL
vocês são ladrões!!!
bando de incompetentes, eles não sabem de nada
isso é ridículo, estou muito irritado
que palhaçada, vocês só me enrolam
😡😡😡
This is the worst service ever, I am furious
you are a bunch of liars, total scam
Estoy harto, pésimo servicio
"""
CALM = """
quanto custa a consulta?
Estou com uma dor horrível na perna
minhas varizes estão horríveis e tenho muita dor
Boa noite, tudo bem? gostaria de saber o preço
não é ruim
obrigada, foi ótimo
tenho febre e tosse, estou péssima
o produto veio quebrado, como faço para trocar?
meu pedido ainda não chegou
I have a terrible pain in my leg
qual o horário? preciso ir amanhã
não posso na segunda
"""
LISTED = """
péssimo absurdo bom ótimo não nunca muito mas você pedido dor ladrão obrigado hoje !!! 😡 . IMBECIL
legal nem perna worst not good
"""
WORDS = st.sampled_from(LISTED.split())


@pytest.mark.parametrize("text", ANGRY.strip().splitlines())
def test_who_is_very_dissatisfied_is_read_so(text: str) -> None:
    """People are called for these where nobody says otherwise (S3-105)."""
    assert mood(text) <= -0.7
    assert named(mood(text)) == "angry"


@pytest.mark.parametrize("text", CALM.strip().splitlines())
def test_nobody_is_called_for_what_is_not_anger(text: str) -> None:
    """Questions, ailments and a plain problem are why people write, not how they feel about us."""
    assert mood(text) > -0.6
    assert named(mood(text)) != "angry"


def test_one_strong_word_is_not_enough_and_two_are() -> None:
    """The bound lies between them."""
    assert -0.7 < mood("o atendimento foi péssimo") < -0.5
    assert mood("o atendimento foi péssimo, um absurdo") < -0.7


@given(text=st.text(max_size=300))
def test_any_text_has_a_mood_between_its_bounds(text: str) -> None:
    """Whatever customers paste."""
    assert -1 <= mood(text) <= 1


@given(said=st.lists(WORDS, max_size=40))
def test_a_mood_is_the_same_for_the_same_words_in_any_case_of_accents(said: list[str]) -> None:
    """It is a function of the folded words; only capitals weigh beside."""
    text = " ".join(said)
    plain = text.lower().replace("é", "e").replace("ó", "o").replace("ã", "a")

    assert mood(text) == mood(text)
    assert mood(text.lower()) == mood(plain)


@given(said=st.lists(WORDS, max_size=30))
def test_words_that_say_nothing_change_nothing(said: list[str]) -> None:
    """A sentence about an order beside it leaves the mood as it is."""
    text = " ".join(said)

    assert mood(f"{text}\npedido para hoje") == mood(text)


@given(bad=st.sampled_from(["péssimo", "horrível", "ridículo", "absurdo", "awful"]))
def test_a_no_before_it_turns_a_word_round(bad: str) -> None:
    """Who writes "não foi péssimo" neither praises nor complains."""
    assert mood(f"foi {bad}") < -0.5 < 0 < mood(f"não foi {bad}")


def test_a_very_long_text_is_read_in_no_time() -> None:
    """Its first lines show the mood."""
    assert mood("péssimo " * 100_000) == mood("péssimo " * 500)
