"""The last line of ``chatcrew explain --text``: intent or knowledge, which the customer reads."""

import dataclasses

import pytest

from chatcrew.cli._explain_text import hit_lines, hits
from chatcrew.cli._explain_words import WORDS
from chatcrew.tenancy.model import Faq, Intent, Persona, Slot, Tenant

ENTRY = Faq("Como faço um pedido?", "Pela loja on-line.", (), ("acme.yaml", 7), "faq", ())
ASK = "Qual é o número do pedido?"


def tenant(*told: Intent) -> Tenant:
    """Return a shop with one entry and these intents."""
    return Tenant(
        key="shop/acme",
        language="pt-BR",
        timezone="America/Sao_Paulo",
        persona=Persona(name="Ana", business="Acme", tone="", style=""),
        hours="",
        facts={},
        rules=(),
        faq=(ENTRY,),
        intents=told,
        professionals=(),
        texts={},
        default_function="support",
        functions=("support", "orders"),
    )


def intent(**changes: object) -> Intent:
    """Return an intent that "meu pedido" hits."""
    plain = Intent(
        name="order",
        phrases=("como faço um pedido",),
        action="reply",
        route=None,
        replies=(),
        place=("acme.yaml", 3),
    )
    return dataclasses.replace(plain, **changes)


SLOT = Slot(name="number", kind="order_number", ask=(ASK,))


@pytest.mark.parametrize(
    ("told", "with_model", "without_model"),
    [
        ((), "crew", "knowledge"),
        ((intent(replies=("Pelo site.",)),), "intent", "intent"),
        ((intent(action="handoff"),), "handoff", "handoff"),
        ((intent(action="crew", slots=(SLOT,)),), "question", "question"),
    ],
)
def test_it_says_who_has_the_last_word(told, with_model, without_model):
    """An intent's words come before knowledge, knowledge before people (S3-41)."""
    answered = hits(tenant(*told), "Como faço um pedido?")["answered"]

    assert answered["with_model"]["by"] == with_model
    assert answered["without_model"]["by"] == without_model


@pytest.mark.parametrize("action", ["route", "crew"])
def test_what_an_intent_leaves_to_the_crew_is_the_crews_or_what_the_ladder_gives(action):
    """Without a model the turn's own ladder is asked; where nothing is known people are called."""
    route = "orders" if action == "route" else None
    left = intent(action=action, route=route, phrases=("como faço um pedido", "xyzzy plugh"))

    known = hits(tenant(left), "Como faço um pedido?")["answered"]
    unknown = hits(tenant(left), "xyzzy plugh")["answered"]

    assert known["with_model"]["by"] == unknown["with_model"]["by"] == "crew"
    assert unknown["without_model"]["by"] == "people"


def test_words_in_another_language_are_left_to_the_crew():
    """Each customer reads the own language; an intent's words are one business's own (S1-37)."""
    english = intent(phrases=("where do you deliver",), replies=("Nós entregamos em todo lugar.",))

    answered = hits(tenant(english), "where do you deliver please?")["answered"]

    assert answered["with_model"]["by"] == "crew"


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_the_last_line_quotes_the_very_text(language):
    """One line, with the text and where it stands."""
    led = hits(tenant(), "Como faço um pedido?")
    *_, last = hit_lines(led, WORDS[language])

    assert ENTRY.answer in last
    assert "acme.yaml:7" in last
    assert WORDS[language]["read_by_crew"] in last


def test_nothing_known_calls_people():
    """Without a model nobody guesses."""
    led = hits(tenant(), "xyzzy")

    assert led["answered"]["with_model"]["by"] == "crew"
    assert led["answered"]["without_model"] == {"by": "people", "text": None, "source": None}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Como faço um pedido? O número é 12345", "Pedido {number} a caminho."),
        ("Como faço um pedido?", ASK),
    ],
)
def test_the_wording_is_the_one_that_fits_what_was_told(text, said):
    """As the turn chooses: what the customer told is said back, what is missing is asked."""
    told = intent(replies=("Já vejo.", "Pedido {number} a caminho."), slots=(SLOT,))

    assert hits(tenant(told), text)["answered"]["with_model"]["text"] == said
