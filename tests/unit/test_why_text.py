"""What people read of an account: complete, and in both languages."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.hub.handing import REASONS
from chatcrew.messages import Rung
from chatcrew.why import (
    STAGES,
    Account,
    Cite,
    IntentTold,
    PartTold,
    Spent,
    Standing,
    Story,
    ToolTold,
    done,
    function,
    headline,
    lines,
    note,
    quiet,
    stage,
)
from chatcrew.why._note import asked
from chatcrew.why._reasons import reason

HUB = Path(__file__).parents[2] / "src" / "chatcrew" / "hub"
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
FULL = Account(
    turn="t1",
    conversation="demo/bot/1",
    at=AT,
    tenant="health/varizemed",
    state="finished",
    outcome="replied",
    reason="crew",
    crew="whatsapp",
    function="support",
    engine="compiled",
    config="abc123",
    intent=IntentTold("prices", "near", "", 0.55, "book"),
    cites=(Cite("fact", "teleconsulta", ("a.yaml:32", "b.yaml:7"), "facts.teleconsulta"),),
    read=(Cite("role", "attendant", ("crews/whatsapp/agents.yaml:8",), "agents.attendant"),),
    tools=(ToolTold("find_slots", "ok", None, 2, 20.0), ToolTold("book", "waiting", 12)),
    rungs=(Rung("crew", "answered", 900.0),),
    stages={"answer": 900.0, "admit": 1.0},
    waited_ms=1890,
    promise="kept",
    spent=Spent(1, 0, 0, 800, 90, 0.0002, 0, ("gpt-4o-mini",)),
    parts=(PartTold("message", "sent"), PartTold("labels", "skipped", "not_allowed")),
    roles=("attendant",),
)


def told(account: Account, language: str) -> str:
    """Return what a terminal shows."""
    story = Story(
        Standing("demo/bot/1", "health/varizemed", "whatsapp", "pending", "bot"), [account]
    )
    return "\n".join(lines(story, language, zone=SAO_PAULO))


def test_the_terminal_tells_everything() -> None:
    """Sources with lines, tools with their fate, time, money, and what was not sent (N9)."""
    assert told(FULL, "pt-BR").splitlines() == [
        "demo/bot/1: negócio health/varizemed, canal whatsapp",
        "  agora: pendente (com o bot), um bot é responsável",
        "  o bot pode responder",
        "  2026-11-22 00:04:05 -03  respondeu: a equipe de IA respondeu",
        "    apoia-se em: fato “teleconsulta” (`a.yaml:32`, `b.yaml:7`)",
        "    o modelo leu também: papel “attendant” (`crews/whatsapp/agents.yaml:8`)",
        "    intenção: nenhuma; a mais parecida é prices, 55 %",
        "    ferramentas: find_slots (ok, 2x, 20 ms), book (espera autorização, nº 12)",
        "    quem respondeu: equipe de IA, crew WhatsApp, função suporte, papel attendant",
        "    tempo: o cliente esperou 1,9 s, dentro do prometido, escrever a resposta 900 ms",
        "    custo: modelo chamado 1x, 890 tokens, US$ 0,0002 (gpt-4o-mini)",
        "    o que foi tentado: equipe de IA (respondeu 0,9 s)",
        "    o que não saiu: etiquetas: foi pulada: o Chatwoot não deixa o bot "
        "(veja chatcrew doctor)",
        "    arquivos: versão abc123",
    ]
    english = told(FULL, "en")
    assert "answered: the crew answered" in english
    assert "rests on: fact “teleconsulta” (`a.yaml:32`, `b.yaml:7`)" in english


def test_lines_of_another_version_are_said_to_be_so() -> None:
    """An admin who opens the file must not look for what has moved."""
    moved = Account("t", "c", AT, outcome="replied", reason="crew", config="old", cites=(
        Cite("fact", "x", ("a.yaml:1",), "facts.x", known=False),
        Cite("fact", "gone", (), "facts.gone", known=False),
    ))  # fmt: skip
    assert "versão old; as linhas são as de hoje" in told(moved, "pt-BR")
    assert "fact “gone” (no line in this version)" in told(moved, "en")


def test_a_silence_is_told_with_who_and_until_when() -> None:
    """The first question of whoever is on call (S3-114)."""
    standing = Standing(
        "c", status="open", quiet="silenced_by_command", by="Ana",
        since=AT, until=AT + timedelta(hours=2),
    )  # fmt: skip
    assert quiet(standing, "pt-BR", zone=SAO_PAULO) == (
        "o bot está calado: a equipe calou o bot, por Ana, desde 22/11 às 00:04, até 22/11 às 02:04"
    )
    assert quiet(Standing("c"), "en", zone=SAO_PAULO) == ""


def test_the_note_is_about_the_turn_that_is_meant() -> None:
    """Commands are turns too, and nobody asks about them."""
    command = Account("t3", "c", AT, outcome="dropped", reason="command", kinds=("command",))
    older = Account("t1", "c", AT, outcome="dropped", reason="status_open", kinds=("message",))
    accounts = [command, FULL, older]
    first = note(accounts, None, back=1, zone=SAO_PAULO)
    assert "(22/11 00:04:05): respondeu: a equipe de IA respondeu." in first
    assert "(In English: answered: the crew answered; rests on `a.yaml:32`, `b.yaml:7`.)" in first
    assert "não disse nada: a conversa está com as pessoas" in note(
        accounts, None, back=2, zone=SAO_PAULO
    )
    assert "há só 2" in note(accounts, None, back=3, zone=SAO_PAULO)
    assert "No turn to explain" in note([command], None, back=1, zone=SAO_PAULO)


@pytest.mark.parametrize("language", ["pt-BR", "en"])
@given(
    name=st.text(max_size=200),
    outcome=st.sampled_from(["replied", "handed_off", "dropped", "parked", None, "?"]),
    why=st.from_regex(r"[a-z_:]{0,30}", fullmatch=True),
)
def test_whatever_a_record_holds_is_told_on_one_line_each(
    language: str, name: str, outcome: str | None, why: str
) -> None:
    """A name with line breaks or backticks makes no further lines and breaks no mark."""
    account = Account(
        "t", "c", AT, outcome=outcome, reason=why,
        cites=(Cite("fact", name, ("a.yaml:1",)),), intent=IntentTold("x", "whole", name),
        tools=(ToolTold("t", "?"),), rungs=(Rung("?", "?"),), parts=(PartTold("?", "?"),),
    )  # fmt: skip
    said = told(account, language)
    assert "`a.yaml:1`" in said
    assert said.count("`") == 2


def test_what_was_left_out_by_ourselves_is_no_refusal_of_chatwoots() -> None:
    """A debt's step that a person was quicker than, and a timer where people have the talk."""
    parts = (
        PartTold("assignment", "failed", "person_spoke"),
        PartTold("timer", "failed", "status_open"),
        PartTold("labels", "failed", "status_422"),
    )
    said = told(Account("t", "c", AT, parts=parts), "en")

    assert "left out: a person wrote first" in said
    assert "not sent (status_open)" in said
    assert said.count("Chatwoot refused it") == 1


def test_every_reason_of_a_turn_has_words() -> None:
    """Why a turn dropped or people were called is never told as a bare code."""
    calls = [
        node
        for path in HUB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    named = [word.value for one in calls for word in one.keywords if word.arg == "reason"]
    dropped = [one.args[:1] for one in calls if getattr(one.func, "id", "") == "DropTurn"]
    known = {*REASONS}
    for value in (*named, *(first for args in dropped for first in args)):
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            known.add(value.value)
    assert len(known) > len(REASONS) + 10
    bare = [one for one in sorted(known) for lang in ("pt-BR", "en") if reason(one, lang) == one]
    assert bare == []


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_reasons_put_together_of_parts_have_words_too(language: str) -> None:
    """A nudge, a follow-up or a file that came to nothing is told in words (N9)."""
    ends = ("customer_wrote", "resolved", "person_spoke")
    built = [f"{kind}_{end}" for kind in ("followup", "inactivity") for end in ends]
    built += [f"{what}_window" for what in ("reply", "followup", "nudge", "welcome")]
    built += ["inactivity_hours", "nudge_opted_out", "followup_opted_out", "nudge", "inactivity"]
    built += ["draft_answered", "talkover", "unread:too_big", "slot:booking:day"]
    assert [one for one in built if reason(one, language) == one] == []


def test_a_handoff_by_a_built_in_intent_is_told_as_what_it_means() -> None:
    """Not by its name: whoever reads the note knows no intents."""
    assert reason("intent:wants_person", "pt-BR") == "o cliente pediu uma pessoa"
    assert reason("intent:prices", "pt-BR") == "intenção prices"


def test_only_what_obeyed_and_said_nothing_is_left_out() -> None:
    """``/bot voltar`` that answers who waited can be asked about; other orders are no news."""
    spoke = Account("t", "c", AT, outcome="replied", reason="crew", kinds=("command",))
    obeyed = Account("t", "c", AT, outcome="dropped", reason="status_open", kinds=("command",))
    assert asked([obeyed, spoke]) == [spoke]
    assert "respondeu" in note([obeyed, spoke], None, back=1, zone=SAO_PAULO)


def test_after_the_note_of_a_limit_it_is_told_what_led_to_it() -> None:
    """The note's own turn has nothing to tell, and takes no number of those to ask about (N9)."""
    note_ = Account("t2", "c", AT, outcome="dropped", reason="limit_told", kinds=("timer",))
    handed = Account("t1", "c", AT, outcome="handed_off", reason="limit", kinds=("message",))
    assert asked([note_, handed]) == [handed]
    assert "há só 1" in note([note_, handed], None, back=2, zone=SAO_PAULO)


@pytest.mark.parametrize(
    ("reason_", "parts", "meant", "words"),
    [
        ("debt_return", ("note", "message"), "wrote", "escreveu ao cliente: ninguém veio"),
        ("debt_announce", ("note", "labels"), "told", "avisou a equipe: o cliente espera demais"),
        ("draft", ("note",), "draft", "fez um rascunho: propôs a resposta à equipe"),
        ("status_open", (), "dropped", "não disse nada: a conversa está com as pessoas"),
    ],
)
def test_a_turn_without_an_answer_is_not_said_to_be_silent_where_it_told_somebody(
    reason_: str, parts: tuple[str, ...], meant: str, words: str
) -> None:
    """It apologised, or wrote the team a note: "said nothing" would be untrue (N9)."""
    out = tuple(PartTold(kind, "sent") for kind in parts)
    turn = Account("t", "c", AT, outcome="dropped", reason=reason_, parts=out)
    assert done(turn) == meant
    assert headline(turn, "pt-BR").startswith(words)


def test_steps_answers_and_intents_have_names_that_people_read() -> None:
    """Every step of a turn and every function that we ship has one, in both languages (N9)."""
    stages = {path.stem for path in (HUB / "stages").glob("[a-z]*.py")}
    assert stages | {"deliver"} <= set(STAGES)
    functions = (HUB.parents[2] / "crews" / "functions").glob("*.yaml")
    for language in ("pt-BR", "en"):
        assert not [one for one in STAGES if stage(one, language) == one]
        assert not [one.stem for one in functions if "_" in function(one.stem, language)]
    assert reason("intent:greeting", "pt-BR") == "intenção cumprimento"
