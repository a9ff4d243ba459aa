"""Customers are answered in their own language, among those the business speaks (3.4, FIN)."""

import re
from pathlib import Path

import pytest
import yaml

from chatcrew.crews import respond_fast
from chatcrew.hub import consenting
from chatcrew.hub.texts import DEFAULTS
from chatcrew.ids import ConversationId
from chatcrew.intents import builtin, detect_language, fold, language_held, load_languages
from chatcrew.messages import Ask
from chatcrew.tenancy import load
from chatcrew.tenancy.vocabulary import LANGUAGES, PLACEHOLDERS
from chatcrew.testing import ScriptedModel
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
LINES = yaml.safe_load((ROOT / "tests/samples/languages.yaml").read_text("utf-8"))
SHIPPED = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
CREWS = {" ".join(key): crew for key, crew in SHIPPED.crews.items()}


@pytest.mark.parametrize(
    ("text", "language"), [(text, name) for name, lines in LINES.items() for text in lines]
)
def test_chat_lines_are_told_apart(text: str, language: str) -> None:
    """At least 22 lines of each language, short and careless as people type them."""
    load_languages()

    assert detect_language(text, default="none") == language


def test_there_are_lines_enough_of_each() -> None:
    """Three languages, 22 cases each or more."""
    assert set(LINES) == set(LANGUAGES)
    assert all(len(set(lines)) >= 22 for lines in LINES.values())


@pytest.mark.parametrize("text", ["ok", "12345", "Maria da Silva", "BF-20481", "👍", "", "no"])
def test_a_few_words_keep_the_language_of_the_talk(text: str) -> None:
    """A name, a number or a tapped title tells none."""
    for said in LANGUAGES:
        held = language_held(text, so_far=said, default="pt-BR", among=LANGUAGES)
        assert held == said


def test_a_business_answers_in_the_languages_it_speaks() -> None:
    """Who writes in another one is answered in the business's own."""
    text = "hello, how much is the consultation?"

    assert language_held(text, so_far=None, default="pt-BR", among=("pt-BR", "es")) == "pt-BR"
    assert language_held(text, so_far=None, default="pt-BR", among=LANGUAGES) == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_built_in_replies_are_in_the_language_they_are_for(language: str) -> None:
    """Hello, thanks and goodbye are answered as they were said."""
    for one in builtin(language):
        for reply in one.replies:
            assert detect_language(reply, default=language) == language


@pytest.mark.parametrize("name", sorted(CREWS))
async def test_every_shipped_crew_is_told_the_customers_language(name: str) -> None:
    """The prompt of the role that speaks names it; it never falls back to the model's mood."""
    crew = CREWS[name]
    model = ScriptedModel("ok")
    inputs = dict.fromkeys(PLACEHOLDERS, "x") | {"language": "español"}
    ask = Ask(
        turn_id="t",
        tenant="t/a",
        conversation=ConversationId("acme", 31, 1),
        inputs=inputs,
        budget=5,
    )

    await respond_fast(crew, ask, complete=model.complete, model="m", config="c")

    assert "Responda em español" in str(model.requests[0].messages)


def test_the_words_that_each_text_asks_for_are_understood() -> None:
    """Who is asked to answer *acepto* or *no acepto* is understood when he does."""
    for words in DEFAULTS["memory_consent"].values():
        yes, no = re.findall(r"\*(.+?)\*", words)
        assert fold(yes) in consenting._YES, yes
        assert fold(no) in consenting._NO, no
