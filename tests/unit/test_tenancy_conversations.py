"""Conversation tests are read as values, and their faults are named like all others."""

import shutil
from pathlib import Path

import pytest

from chatcrew.errors import ConfigErrors
from chatcrew.intents import builtin
from chatcrew.tenancy import load
from chatcrew.tenancy.conversations import Vocabulary, conversations_path, load_conversations
from chatcrew.tenancy.vocabulary import BUILTIN_INTENTS, NO_INTENT

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
CONFIG = VALID / "config"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})


def test_a_file_becomes_conversations_with_their_lines() -> None:
    """One text stands for a list of one; what is left out is not looked at."""
    hours, booking = load_conversations(conversations_path(CONFIG, "shop/acme"))

    assert hours.name == "pergunta o horário"
    assert hours.channel == "whatsapp"
    greeting, question = hours.lines
    assert (greeting.intent, greeting.handoff, greeting.model) == ("greeting", None, ())
    assert question.intent == NO_INTENT
    assert (question.tool, question.arguments) == ("search_knowledge", {"query": "horário"})
    assert (question.contains, question.lacks, question.handoff) == (("9h",), ("8h",), False)
    assert question.place[1] == 6
    assert booking.channel == "web_widget"
    assert len(booking.lines[0].model) == 2


def test_names_nobody_knows_are_faults_of_the_file(tmp_path: Path) -> None:
    """A test that expects an intent that cannot be hit would never say why it fails."""
    path = tmp_path / "acme.tests.yaml"
    path.write_text("conversations: [{name: a, customer: [{says: oi, intent: bok}]}]", "utf-8")

    with pytest.raises(ConfigErrors) as raised:
        load_conversations(path, vocabulary=Vocabulary({"book"}, TOOLS, {"whatsapp"}))

    (fault,) = raised.value.exceptions
    assert "unknown intent 'bok' (did you mean 'book'?)" in str(fault)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    """Never another exception."""
    with pytest.raises(ConfigErrors):
        load_conversations(tmp_path / "nobody.tests.yaml")


def test_tests_are_no_part_of_the_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who adds a test changes nothing for customers, so their cached answers stay."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    files = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))
    before = load(*files, tools=TOOLS).version
    conversations_path(Path("config"), "shop/acme").write_text("conversations: []", "utf-8")

    assert load(*files, tools=TOOLS).version == before


def test_the_built_in_intents_are_those_of_the_intents_package() -> None:
    """The closed list is written on a lower floor than what fills it."""
    assert {intent.name for intent in builtin("pt-BR")} == BUILTIN_INTENTS


def test_one_line_may_be_several_messages(tmp_path: Path) -> None:
    """People write "oi" and then what they want; no text at all is nothing to play."""
    path = tmp_path / "acme.tests.yaml"
    path.write_text("conversations: [{name: a, customer: [{says: [oi, e o preço?]}]}]", "utf-8")

    ((line,),) = (one.lines for one in load_conversations(path))

    assert line.says == ("oi", "e o preço?")
    path.write_text("conversations: [{name: a, customer: [{says: []}]}]", "utf-8")
    with pytest.raises(ConfigErrors):
        load_conversations(path)
