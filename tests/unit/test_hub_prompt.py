"""What a turn fills into a crew's prompt, above all the examples of how the house answers."""

import dataclasses
import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatcrew.crews import _sentences, _wire
from chatcrew.crews._fill import nothing_in, without
from chatcrew.crews._templates import templates
from chatcrew.hub import grounding, safe
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.prompt import inputs
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Claim,
    Contact,
    ConversationState,
    Passage,
    Snapshot,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy import load
from chatcrew.tenancy.model import Example, shown_examples
from chatcrew.tenancy.vocabulary import PLACEHOLDERS
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SHIPPED = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
CHATS = {key: crew for key, crew in SHIPPED.crews.items() if key[0] != "email"}
EMPTY = dict.fromkeys(PLACEHOLDERS, "") | {"message": "Oi"}


def turn(*, key=("whatsapp", "cosmetics/bella", "support"), name=None, text="oi", **changes):
    """Return a turn of a shipped crew, its tenant changed."""
    snapshot = Snapshot(inbox_id=1, contact=Contact(1, name))
    conversation = ConversationId("demo", "bot", 1)
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation, tenant=key[1], snapshot=snapshot),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    tenant = dataclasses.replace(SHIPPED.tenants[key[1]], **changes)
    crew = SHIPPED.crews[key]
    return TurnContext(claim, SHIPPED, float("inf"), tenant=tenant, crew=crew, text=text)


def filled(**given):
    """Return the inputs of such a turn."""
    return inputs(turn(**given), now=NOW)


def prompt(crew, values):
    """Return every word of ours in a turn's prompt."""
    script = _wire.script(crew, values, offered=names())
    words = [(one.role, one.goal, one.backstory) for one in script.roles]
    words += [(one.description, one.expected_output) for one in script.tasks]
    return "\n".join("\n".join(texts) for texts in words)


def test_examples_reach_the_model_word_for_word():
    """What the business wrote as its voice stands in the prompt of its own crews (S2-18)."""
    for (name, tenant, function), crew in SHIPPED.crews.items():
        said = prompt(crew, filled(key=(name, tenant, function)))
        for one in SHIPPED.tenants[tenant].examples:
            assert one.customer in said
            assert one.reply in said


def test_lines_of_an_example_stay_inside_it():
    """A reply of two paragraphs is shown as one, and cannot look like a rule or another example."""
    two = (Example("oi\ntudo bem?", "Oi!\n- item"), Example("e aí", "Fala!"))

    assert filled(examples=two)["examples"] == (
        "- Se o cliente diz: oi\n  tudo bem?\n  uma boa resposta: Oi!\n  - item\n"
        "- Se o cliente diz: e aí\n  uma boa resposta: Fala!"
    )


def test_the_first_examples_are_shown_as_far_as_they_fit():
    """Their number and length are bounded, in the author's order, without a gap."""
    short = [Example(str(number), "x") for number in range(20)]
    long = [Example("a", "x" * 900), Example("b", "x" * 1200), Example("c", "x")]

    assert shown_examples(short) == tuple(short[:6])
    assert shown_examples(long) == (long[0],)
    assert shown_examples([]) == ()


def test_the_same_examples_are_shown_whatever_is_asked():
    """An equal question gives an equal prompt, and its beginning is equal for every question."""
    one, other = filled(text="quanto custa?"), filled(text="vocês entregam?", name="Ana")

    assert one["examples"] == other["examples"] != ""


def test_a_figure_of_an_example_is_no_source():
    """A price of last year's example is not confirmed by it: facts and knowledge are (S3-116)."""
    tenant = dataclasses.replace(
        SHIPPED.tenants["cosmetics/bella"], examples=(Example("quanto?", "Sai por R$ 4.321,00!"),)
    )

    (found,) = grounding.of_tenant(tenant).unfounded("Sai por R$ 4.321,00!")
    assert found.kind == "price"


@pytest.mark.parametrize("key", [key for key, one in SHIPPED.tenants.items() if one.examples])
def test_what_a_shipped_example_claims_stands_in_facts_or_knowledge(key):
    """Else a model that speaks as the example does would be stopped by the check."""
    tenant = SHIPPED.tenants[key]
    sources = grounding.of_tenant(tenant)

    assert [sources.unfounded(one.reply) for one in tenant.examples] == [
        [] for _ in tenant.examples
    ]


@pytest.mark.parametrize("key", SHIPPED.crews, ids=".".join)
def test_no_heading_is_left_over_nothing(key):
    """A business that has no rules, facts or examples gets no empty lists in its prompts."""
    lines = prompt(SHIPPED.crews[key], EMPTY).splitlines()

    assert [
        (line, after)
        for line, after in itertools.pairwise(lines)
        if line.endswith(":") and (not after.strip() or after.endswith(":"))
    ] == []
    assert not lines[-1].endswith(":")
    assert "Como a casa responde" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ("A\n\nFatos:\n{facts}\n\nB {message}", "A\n\nB {message}"),
        ("Fatos:\n{facts}\n\nB", "B"),
        ("A\nFatos:\n{facts}", "A"),
        ("A\nFatos:\n{facts}\nRegras:\n{rules}\nB", "A\nRegras:\n{rules}\nB"),
        ("A: {facts}\nB", "A: {facts}\nB"),
        ("A:\n{facts} e {rules}", "A:\n{facts} e {rules}"),
        ("Diz:\n{message}", "Diz:\n{message}"),
    ],
)
def test_a_section_is_a_heading_and_a_placeholder_on_lines_of_their_own(template, left):
    """Only such a pair goes; everything else stays as it was written, the message always."""
    assert without(template, nothing_in({"facts": "", "message": "", "rules": "x"})) == left


def test_nothing_is_cut_where_everything_has_a_value():
    """A text is left alone, its own empty lines too."""
    text = "\n\nFatos:\n{facts}\n\n\nB"

    assert without(text, nothing_in({"facts": "- a"})) == text
    assert without(text, frozenset({"rules"})) == text


def test_a_heading_of_crewai_s_is_never_cut():
    """A description that begins with a section loses that, not the sentence around it."""
    crew = SHIPPED.crews["whatsapp", "cosmetics/bella", "support"]
    (role,), (task,) = crew.roles, crew.tasks
    task = dataclasses.replace(task, description="Fatos:\n{facts}\n\nDiga: {message}")
    words = templates(
        role, task, _sentences.read(), with_tools=True, empty=nothing_in({"facts": ""})
    )

    assert "Current Task: Diga: {message}" in words.user


@pytest.mark.parametrize("key", CHATS, ids=".".join)
def test_a_chat_prompt_is_the_same_for_every_customer(key):
    """An equal question of another person is answered from the cache: no name is in it (S4-33)."""
    ana, bruno = (filled(key=key, name=name) for name in ("Ana Lima", "Bruno"))

    assert prompt(CHATS[key], ana) == prompt(CHATS[key], bruno)
    assert "Ana" not in prompt(CHATS[key], ana)


def test_an_e_mail_still_greets_by_name():
    """Where every answer begins with a greeting, the name is there; where nobody has one, not."""
    key = ("email", "cosmetics/bella", "support")
    crew = SHIPPED.crews[key]

    assert "Nome do cliente:\nAna Lima" in prompt(crew, filled(key=key, name="Ana Lima"))
    assert "Nome do cliente" not in prompt(crew, filled(key=key))


@pytest.mark.parametrize(
    ("channel", "name", "found"),
    [
        ("whatsapp", "Beatriz Lima", True),
        ("email", "Beatriz Lima", False),
        ("email", None, True),
    ],
)
def test_an_answer_that_may_greet_by_name_is_nobody_else_s(channel, name, found):
    """A model that reads "Beatriz" may say "Bia": such an answer is not kept, and none is found."""
    ctx = turn(key=(channel, "cosmetics/bella", "support"), name=name, text="Vocês entregam?")
    ctx.passages = (Passage("faq.yaml:1", "Entrega", "Sim.", 1.0, certain=True),)

    assert (safe.question(ctx) is not None) == found


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Sim, entregamos em todo o país.", True),
        ("Sim! Dúvidas: WhatsApp (41) 95555-0131.", True),
        ("Sim! Passe na Rua do Sol, 45, ou ligue (81) 98888-7777.", False),
        ("Sim, no cadastro do CPF 111.444.777-35.", False),
    ],
)
def test_an_answer_with_somebodys_data_is_kept_for_nobody_else(text, kept):
    """Only what the business itself publishes may be said to the next who asks (N15, S4-33)."""
    reply = Reply(text, engine="compiled", reason="crew")

    assert safe.repeatable(turn(text="Vocês entregam?"), reply) == kept
