"""Operators' commands: one grammar in two languages, and no text that breaks it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.hub.orders import HELP, HELP_ALL, KINDS, Meant, read
from chatcrew.hub.orders.approvals import NO_NUMBER, ONE_AT_A_TIME, Requests, Rule
from chatcrew.hub.orders.memories import Forget, Reset
from chatcrew.hub.orders.reminders import NO_MOMENT, Remind
from chatcrew.hub.orders.silence import Quiet
from chatcrew.messages import Silence

# Monday
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))


def order(text: str) -> Meant:
    """Read a note at half past ten."""
    return read(text, now=NOW)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/bot parar", Quiet(Silence.COMMAND)),
        ("/BOT Parar!", Quiet(Silence.COMMAND)),
        ("  /bot   silêncio por favor", Quiet(Silence.COMMAND, why="por favor")),
        ("/bot mute", Quiet(Silence.COMMAND)),
        ("/bot voltar", Quiet(None)),
        ("/bot\nresume", Quiet(None)),
        ("/bot pedidos", Requests()),
        ("/bot pendências", Requests()),
        ("/bot esqueça", Forget()),
        ("/bot reset", Reset()),
        ("/bot ajuda", None),
        ("/bot", None),
        ("/bot help", None),
    ],
)
def test_words_of_both_languages_are_understood(text, meant) -> None:
    """Case, accents, spaces and line breaks do not matter (S3-38)."""
    assert order(text).order == meant


def test_alone_or_asked_for_the_list_is_given() -> None:
    """`/bot` alone and help do nothing but tell: the everyday commands, or all of them."""
    assert order("/bot").note == order("/bot ajuda").note == HELP
    assert order("/bot ajuda tudo").note == order("/bot help all").note == HELP_ALL
    assert "/bot ajuda tudo" in HELP
    assert HELP.count("\n- ") < HELP_ALL.count("\n- ") / 2


def test_no_word_means_two_commands_and_each_command_is_listed() -> None:
    """A command that is added takes nothing from another, and the list and English line have it."""
    words = [word for kind in KINDS for word in kind.words.split()]
    assert len(words) == len(set(words))
    for kind in KINDS:
        assert order(f"/bot {kind.word} 1").kind is kind
        assert kind.rows
        assert kind.rows[0].startswith(f"`/bot {kind.word}")
        assert kind.english in HELP_ALL


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("/bot aprovar 12", 12, ""),
        ("/bot aprovar #12", 12, ""),
        ("/bot approve request 12", 12, ""),
        ("/bot Aprovar pedido nº", 0, ""),
        ("/bot aprovar", 0, ""),
        ("/bot aprovar doze", 0, ""),
        ("/bot aprovar 12a", 0, ""),
        ("/bot aprovar -12", 0, ""),
        ("/bot aprovar 99999999999999999999", 0, ""),
        ("/bot negar 12 Cliente é menor, peça documento", 12, "Cliente é menor, peça documento"),
        ("/bot deny 12: no stock", 12, "no stock"),
        ("/bot negar 12 3 parcelas é demais", 12, "3 parcelas é demais"),
    ],
)
def test_a_ruling_names_its_request(text, number, words) -> None:
    """Without a number that can be one nothing is ruled, and the operator is told how to write."""
    meant = order(text)
    if number:
        assert isinstance(meant.order, Rule)
        assert (meant.order.number, meant.order.reason) == (number, words)
    else:
        assert (meant.order, meant.note) == (None, NO_NUMBER)


@pytest.mark.parametrize(
    "text", ["/bot aprovar 12 e 13", "/bot negar 12, 13", "/bot approve 12 #13", "/bot aprovar 1 2"]
)
def test_several_requests_at_once_are_asked_about_and_none_is_ruled_on(text) -> None:
    """Nobody may believe that the second was approved as well."""
    meant = order(text)
    assert (meant.order, meant.note) == (None, ONE_AT_A_TIME)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("parra", "parar"), ("aprvar", "aprovar"), ("voltr", "voltar"), ("ajdua", "ajuda")],
)
def test_a_slip_is_asked_about_and_never_obeyed(slip, meant) -> None:
    """Asked "você quis dizer": a slip must not silence or approve anything."""
    read_as = order(f"/bot {slip} 12")
    assert read_as.order is None
    assert f"`/bot {meant}`" in read_as.note
    assert HELP in read_as.note


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("30min ligar", (23, 11, 0), "ligar"),
        ("2h ligar para a Maria", (23, 12, 30), "ligar para a Maria"),
        ("daqui a 1d ver", (24, 10, 30), "ver"),
        ("14:30 enviar NF", (23, 14, 30), "enviar NF"),
        ("9:00 enviar", (24, 9, 0), "enviar"),
        ("amanhã 9h ligar", (24, 9, 0), "ligar"),
        ("amanhã às 9h30 ligar", (24, 9, 30), "ligar"),
        ("amanhã ligar", (24, 9, 0), "ligar"),
        ("25/11 8h", (25, 8, 0), ""),
        ("25/11/2026 18:00 fim", (25, 18, 0), "fim"),
    ],
)
def test_reminders_are_read_in_the_businesss_own_time(text, at, words) -> None:
    """The first words say when, the rest what for."""
    day, hour, minute = at
    moment = NOW.replace(day=day, hour=hour, minute=minute)
    assert order(f"/bot lembrete {text}").order == Remind(moment, words)


@pytest.mark.parametrize("text", ["", "ligar", "25:99 x", "31/02 9h", "500d x", "hoje 9h x", "0h"])
def test_a_reminder_without_a_moment_to_come_is_asked_about(text) -> None:
    """Past, too far or none at all: nothing is set."""
    meant = order(f"/bot lembrete {text}")
    assert (meant.order, meant.note) == (None, NO_MOMENT)


@given(st.text(max_size=300))
def test_no_text_breaks_the_parser(text: str) -> None:
    """Whatever is written is answered with a note, or obeyed in a form that is whole."""
    for written in (text, f"/bot {text}", f"/bot lembrete {text}", f"/bot negar {text}"):
        meant = read(written, now=NOW)
        assert (meant.order is None) == bool(meant.note)
        assert meant.order is None or meant.kind is not None


@given(st.text(max_size=100).filter(lambda text: not text.strip().lower().startswith("/bot")))
def test_what_does_not_begin_with_bot_orders_nothing(text: str) -> None:
    """A note among people is no command."""
    assert read(text, now=NOW).order is None
