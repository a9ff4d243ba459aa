"""From a correction to the files: which entry, which test, what is left out (N10)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.cli._proposals_words import words_of
from chatcrew.errors import ConfigError
from chatcrew.ids import ConversationId
from chatcrew.messages import Author, AuthorKind, Fate, Line
from chatcrew.proposals import (
    CannotChange,
    Cause,
    Content,
    Kind,
    NewProposal,
    Proposal,
    corrects,
    fate_of,
    plan,
    question_before,
    write,
)
from chatcrew.proposals._case import case_lines, figures, unwanted, wanted
from chatcrew.tenancy.conversations import load_conversations

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BUSINESS = """\
faq: # what customers ask
  - question: Quanto custa a consulta?
    answer: A consulta custa R$ 350.
    also: ["Qual o valor?"]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a folder with one business."""
    folder = tmp_path / "config/domains/shop"
    folder.mkdir(parents=True)
    (folder / "ana.yaml").write_text(BUSINESS, "utf-8")
    return tmp_path / "config"


def proposal(kind: Kind = Kind.FAQ, **content: str) -> Proposal:
    """Return one of a correction."""
    where = ConversationId("demo", "bot", 1)
    new = NewProposal("k", "shop/ana", where, kind, Cause.COMMAND, "Ana", Content(**content))
    return Proposal(3, new, NOW)


def line(number: int, author: AuthorKind, text: str) -> Line:
    """Return a line of a conversation."""
    return Line(number, Author(author), text, NOW)


def test_the_answer_of_the_question_is_changed_where_it_stands(config: Path) -> None:
    """Under any of its wordings; the test wants the new figure and not the old one."""
    made = plan(
        proposal(
            text="A consulta custa R$ 250.", question="qual o valor", reply="Custa R$ 350, sim!"
        ),
        config,
    )

    assert made.business.after == BUSINESS.replace("R$ 350", "R$ 250")
    assert "-    answer: A consulta custa R$ 350.\n+    answer:" in made.business.diff("ana.yaml")
    assert made.tests.before is None
    write(made)
    (case,) = load_conversations(config / "domains/shop/ana.tests.yaml")
    assert case.name == "correção 3: qual o valor"
    assert case.lines[0].says == ("qual o valor",)
    assert case.lines[0].contains == ("R$ 250",)
    assert case.lines[0].lacks == ("R$ 350",)


def test_a_question_that_no_entry_has_becomes_one(config: Path) -> None:
    """And a rule becomes the last rule, with a test that the model reads it."""
    made = plan(proposal(text="Sim, às 9h.", question="Abre sábado?", channel="web_widget"), config)
    assert yaml.safe_load(made.business.after)["faq"][1] == {
        "question": "Abre sábado?",
        "answer": "Sim, às 9h.",
    }
    assert yaml.safe_load(made.tests.after)["conversations"][0]["channel"] == "web_widget"

    rule = plan(proposal(Kind.RULE, text="Nunca prometa desconto.", question="tem?"), config)
    assert yaml.safe_load(rule.business.after)["rules"] == ["Nunca prometa desconto."]
    (told,) = yaml.safe_load(rule.tests.after)["conversations"][0]["customer"]
    assert told["told"] == "Nunca prometa desconto."


def test_files_that_cannot_be_changed_are_told_in_words_and_never_crash(config: Path) -> None:
    """A list on one line, a broken file: the admin reads which, in his language (N10)."""
    file = config / "domains/shop/ana.yaml"
    for broken, kind in (
        ("rules: [a, b]\n", "one_line"),
        ("faq: [", "no_yaml"),
        ("- a\n", "no_map"),
    ):
        file.write_text(broken, "utf-8")
        change = proposal(text="Sim.", question="Abre sábado?")
        if kind == "one_line":
            change = proposal(text="Nunca prometa.", kind=Kind.RULE)
        with pytest.raises(CannotChange) as caught:
            plan(change, config)
        assert caught.value.kind == kind
        for lang in ("pt-BR", "en"):
            said = words_of(lang)[f"cannot_{kind}"].format(word=caught.value.word, file="ana.yaml")
            assert "ana.yaml" in said


def test_nothing_is_written_of_what_nobody_said_or_somebody_changed(config: Path) -> None:
    """A deleted reply alone says only what was wrong; an edit meanwhile is somebody's work."""
    with pytest.raises(CannotChange):
        plan(proposal(text="", question="Abre sábado?"), config)
    made = plan(proposal(text="Sim.", question="Abre sábado?"), config)
    file = config / "domains/shop/ana.yaml"
    file.write_text(f"{BUSINESS}# mine\n", "utf-8")
    with pytest.raises(ConfigError):
        write(made)
    assert file.read_text("utf-8") == f"{BUSINESS}# mine\n"
    assert not (config / "domains/shop/ana.tests.yaml").exists()


def test_the_question_is_what_the_customer_had_asked_last_without_his_data() -> None:
    """All of the burst before the reply; greetings of others are not asked, answers end it."""
    lines = [
        line(1, AuthorKind.CUSTOMER, "oi"),
        line(2, AuthorKind.BOT, "Olá!"),
        line(3, AuthorKind.CUSTOMER, "quanto custa?"),
        line(4, AuthorKind.CUSTOMER, "meu CPF é 529.982.247-25"),
        line(5, AuthorKind.BOT, "R$ 350"),
        line(6, AuthorKind.CUSTOMER, "caro"),
    ]

    asked = question_before(lines, 5)

    assert asked.startswith("quanto custa? meu CPF é")
    assert "529" not in asked
    assert question_before(lines, 2) == "oi"
    assert question_before([], 2) == ""


@pytest.mark.parametrize(
    ("sent", "fate"),
    [
        ("olá, a consulta custa R$ 350. posso marcar?", Fate.SENT),
        ("Olá! A consulta custa R$ 300. Posso marcar para você?", Fate.EDITED),
        ("Bom dia, já verifico com a recepção e volto.", Fate.IGNORED),
        ("Olá, a consulta custa *R$ 350*.\n\nPosso marcar?\n--\nAna, recepção", Fate.SENT),
    ],
)
def test_what_a_person_sent_tells_what_became_of_the_draft(sent: str, fate: Fate) -> None:
    """Marks, capitals and a signature change nothing."""
    draft = "Olá, a consulta custa **R$ 350**. Posso marcar?"
    assert fate_of(draft, sent)[0] is fate
    assert corrects(draft, sent, fate) == (fate is Fate.EDITED)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_are_compared_and_alike_means_sent(one: str, other: str) -> None:
    """A text is itself; the measure stays within its bounds."""
    assert fate_of(one, one) == (Fate.SENT, 1.0)
    fate, likeness = fate_of(one, other)
    assert 0 <= likeness <= 1
    assert (fate is Fate.SENT) == (likeness == 1.0)


def test_figures_tell_answers_apart() -> None:
    """Prices, times, links and numbers; without any the first words that are new."""
    assert figures("R$ 1.250,00 até 18h30, veja https://a.example/x.") == [
        "R$ 1.250,00",
        "18h30",
        "https://a.example/x",
    ]
    assert wanted("Abrimos às 9h.", "Abrimos às 8h.") == ["9h"]
    assert unwanted("Custa R$ 250.", "Custa R$ 350 em 2 vezes.") == ["R$ 350"]
    assert wanted("Não abrimos. Só com hora marcada.", "Não abrimos.") == ["Só com hora marcada."]


@given(
    st.text(min_size=1, max_size=120).filter(str.strip),
    st.text(min_size=1, max_size=120).filter(str.strip),
    st.text(max_size=120),
)
def test_a_case_of_any_correction_is_yaml_that_its_own_answer_fulfils(
    text: str, question: str, reply: str
) -> None:
    """What it wants stands in the right answer; what it forbids does not."""
    rows = case_lines("x", Kind.FAQ, Content(text, question, reply))
    one = yaml.safe_load("\n".join(rows))["customer"][0]

    def folded(words: str) -> str:
        return " ".join(words.casefold().split())

    assert all(folded(fragment) in folded(text) for fragment in one["contains"])
    assert not any(folded(fragment) in folded(text) for fragment in one.get("lacks", ()))
