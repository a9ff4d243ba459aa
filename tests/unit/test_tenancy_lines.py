"""File and line of what a reply rests on, in the files of one version (N9)."""

from pathlib import Path

import pytest

from chatcrew.tenancy.lines import Lines, lines_now, lines_of, rule_key
from chatcrew.tenancy.snapshot import snapshot

ROOT = Path(__file__).parents[2]
FILES = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")
CLINIC = "health/varizemed"


@pytest.fixture(scope="module")
def lines() -> Lines:
    """Give the shipped files as a snapshot holds them."""
    _, raw = snapshot(*FILES)
    found = lines_of(raw)
    assert found is not None
    return found


def said(place: str | None) -> str:
    """Return the line of a file that a place names."""
    assert place is not None
    name, _, line = place.rpartition(":")
    return (ROOT / name).read_text("utf-8").splitlines()[int(line) - 1]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("facts.primeira consulta", "primeira consulta: R$ 350"),
        ("facts.e-mail", "e-mail: recepcao"),
        ("texts.handoff.en", "en: Of course! I am calling"),
        ("intents.greeting", "- name: greeting"),
        ("intents.greeting.replies.1", "- Oi, {contact_name}! Aqui é"),
        ("hours", "hours:"),
        ("agents.attendant", "attendant:"),
    ],
)
def test_a_value_is_found_on_its_own_line(lines: Lines, key: str, words: str) -> None:
    """The line that an admin opens says it."""
    place = lines.place(CLINIC, key, crew="whatsapp", function="support")
    assert words in said(place)
    assert place is not None
    assert lines.holds(place)


def test_a_rule_is_found_by_its_sentence(lines: Lines) -> None:
    """Rules have no names, and move when others come above them."""
    text = 'Valores são "a partir de"; o orçamento final sai depois da consulta.'
    assert text in said(lines.place(CLINIC, rule_key(text)))
    assert lines.rule(CLINIC, rule_key(text)) == text
    assert lines.rule(CLINIC, rule_key("?")) == ""


@pytest.mark.parametrize(
    "key",
    ["facts.nada", "intents.x", "intents.greeting.replies.99", "rules#00", "nada", "", "texts"],
)
def test_what_no_file_gives_has_no_line(lines: Lines, key: str) -> None:
    """Nothing is guessed."""
    assert lines.place(CLINIC, key) in (None, lines.place(CLINIC, "texts"))
    assert lines.place("health/nobody", "facts.nada") is None


def test_another_business_lends_no_line(lines: Lines) -> None:
    """Its facts are its own: only the domain's file is shared."""
    assert lines.place("cosmetics/bella", "facts.primeira consulta") is None


@pytest.mark.parametrize(
    "place", ["config/domains/health/varizemed.yaml:99999", "x.yaml:1", "", ":", "a:b", "mapping:0"]
)
def test_a_line_that_is_not_there_is_not_held(lines: Lines, place: str) -> None:
    """So no account cites it."""
    assert not lines.holds(place)


def test_a_document_is_held_by_its_name(lines: Lines) -> None:
    """Of a document only its digest is kept with a version."""
    document = "config/domains/health/varizemed/knowledge/preparo-de-exames.md"
    assert lines.holds(f"{document}:12")
    assert not lines.holds(document.replace("preparo", "outro") + ":12")


def test_the_files_of_now_are_read_like_those_of_a_version(lines: Lines) -> None:
    """The same version, the same lines; what is no snapshot is none."""
    now = lines_now(*FILES)
    assert now.version == lines.version
    assert now.place(CLINIC, "hours") == lines.place(CLINIC, "hours")
    assert lines_of(b"{}") is None
    assert lines_of(b"\xff") is None
