"""What is too much, and how customers say that they want no messages (S1-79, S1-80)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.hub import abuse
from chatcrew.messages import Conduct
from chatcrew.tenancy._values.abuse import made_abuse
from chatcrew.tenancy.model import Abuse

POLICY = Abuse()


@pytest.mark.parametrize(
    "said",
    [
        "SAIR",
        "Stop!",
        "pare de mandar mensagens",
        "Pare de me mandar mensagem por favor",
        "parem de me enviar essas propagandas",
        "não quero mais receber mensagens",
        "nao quero receber mais essas mensagens de vcs",
        "não me mande mais mensagens",
        "não me mandem mais nada",
        "me tira da lista",
        "quero sair da lista",
        "gostaria de me descadastrar da lista",
        "stop texting me",
        "Don't text me again",
        "please take me off your list",
        "no me envíen más mensajes",
        "dejen de escribirme",
    ],
)
def test_a_wish_for_no_messages_is_understood(said: str) -> None:
    """In three languages, by a bare word that everybody knows or in a sentence."""
    assert abuse.wants_out(said)


@pytest.mark.parametrize(
    "said",
    [
        "não pare de me mandar mensagens, gosto muito",
        "quero parar de sentir dor",
        "quero sair com a pomada hoje, vocês entregam?",
        "como faço para cancelar meu pedido?",
        "não mandem o pedido ainda",
        "não quero mais esse produto",
        "não recebi mensagem de vocês",
        "pare o envio do pedido 123",
        "stop by the store tomorrow",
        "não me mandem mais boletos atrasados",
        "parou de chegar mensagem do rastreio",
        "oi, bom dia",
        "",
    ],
)
def test_what_only_sounds_like_it_is_no_wish(said: str) -> None:
    """Orders, pains and denials hold the same words."""
    assert not abuse.wants_out(said)


def test_a_bare_word_is_no_wish_while_the_bot_waits_for_an_answer() -> None:
    """Asked for a document, who writes "sair" leaves the question, not the list."""
    assert not abuse.wants_out("sair", asked=True)
    assert abuse.wants_out("pare de mandar mensagens", asked=True)


def test_a_businesss_own_phrase_counts_anywhere_in_the_message() -> None:
    """``people.abuse.opt_out`` adds phrases, whole words only."""
    assert abuse.wants_out("por favor, chega de zap!", own=("chega de zap",))
    assert not abuse.wants_out("pachega de zapatos", own=("chega de zap",))


@pytest.mark.parametrize(
    "said", ["START", "quero voltar a receber mensagens", "pode me mandar mensagens"]
)
def test_a_wish_for_messages_is_understood(said: str) -> None:
    """Who opted out comes back by saying so."""
    assert abuse.wants_back(said)


@pytest.mark.parametrize(
    "said", ["não quero receber mensagens", "oi", "nao pode me mandar mensagens"]
)
def test_a_denied_wish_for_messages_is_none(said: str) -> None:
    """The wish for none holds the words of the wish for some."""
    assert not abuse.wants_back(said)


@given(st.lists(st.text(alphabet="abc déç", min_size=4, max_size=12), max_size=10))
def test_all_different_messages_are_never_repeats(said: list[str]) -> None:
    """Whoever says something new each time is no nuisance, however much he writes (S1-80)."""
    different = [f"{place} pergunta {one}" for place, one in enumerate(said)]
    assert not abuse.repeats(different)


@given(st.integers(0, 10), st.sampled_from(["cadê meu pedido???", "responde logo", "URGENTE"]))
def test_the_same_message_is_a_repeat_from_the_sixth_on(times: int, said: str) -> None:
    """More than five, less than half of them different: S1-80 to the letter."""
    assert abuse.repeats([said] * times) is (times > 5)


def test_menu_answers_and_wordless_messages_are_no_repeats() -> None:
    """Who taps "sim" and "2" ten times walks a menu; ten pictures have no words."""
    assert not abuse.repeats(["sim"] * 10)
    assert not abuse.repeats(["2", "1"] * 5)
    assert not abuse.repeats([""] * 10)


def test_floods_are_counted_by_day_and_by_minute() -> None:
    """Over 100 in a session, or a rate nobody types at (S1-79)."""
    assert not abuse.judged(Conduct(day=100, minute=30), POLICY, length=4000).notices
    assert abuse.judged(Conduct(day=101), POLICY, length=0).notices == ("flood",)
    assert abuse.judged(Conduct(minute=31), POLICY, length=0).bounded
    assert abuse.judged(Conduct(), POLICY, length=4001).notices == ("long",)
    assert not abuse.judged(Conduct(), POLICY, length=4001).bounded
    assert not abuse.judged(Conduct(day=999), Abuse(enabled=False), length=9999).notices


def test_a_flood_of_repeats_gets_one_notice_and_the_note_says_what_happens_then() -> None:
    """One honest notice, in both languages, with the bound the admin wrote."""
    verdict = abuse.judged(Conduct(day=200, newest=("cadê?",) * 10), POLICY, length=0)
    assert verdict.notices == ("flood",)
    policy = made_abuse({"every": "3h", "opt_out": ["chega"]})
    assert policy.every == timedelta(hours=3)
    note = abuse.noted("flood", Conduct(day=200, minute=4), policy)
    assert "4 no último minuto, 200 em 24 horas" in note
    assert "a cada 3 h" in note
    assert "Nothing is lost" in note
    assert "a cada" not in abuse.noted("long", Conduct(), policy)
