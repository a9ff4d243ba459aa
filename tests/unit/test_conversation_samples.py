"""The scripted conversations: their shape, and what intents and knowledge say to each step."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from chatcrew import intents
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.messages import Contact
from chatcrew.tenancy import load
from chatcrew.tenancy.model import Intent, Tenant
from chatcrew.tools import builtin_catalogue, names

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "samples" / "conversations"
FILES = sorted(FOLDER.glob("*/*.yaml"))


class Strict(BaseModel):
    """No key that the runner does not know."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Expectation(Strict):
    """What the bot must have done."""

    contains_any: list[str] = []
    not_contains: list[str] = []
    handoff: bool | None = None
    engine: Literal["faq", "intent", "crew", "template", "any"] = "any"
    status: Literal["pending", "open"]


class Customer(Strict):
    """What the customer writes."""

    customer: Annotated[str, Field(min_length=1)]


class Expect(Strict):
    """What is looked at after it."""

    expect: Expectation


class ToolUse(Strict):
    """A tool the model calls."""

    name: str
    arguments: dict[str, str]


class ModelLine(Strict):
    """What a scripted model does when ``when`` stands in the last message it reads."""

    when: str
    say: str | None = None
    tool: ToolUse | None = None


class Script(Strict):
    """One conversation."""

    name: str
    tenant: str
    channel: Literal["whatsapp", "web_widget"]
    model: list[ModelLine] = []
    steps: list[Customer | Expect]

    def turns(self) -> list[tuple[str, Expectation]]:
        """Return each message with what is expected after it."""
        said = [step for step in self.steps if isinstance(step, Customer)]
        expected = [step.expect for step in self.steps if isinstance(step, Expect)]
        return [(one.customer, two) for one, two in zip(said, expected, strict=True)]


def script(path: Path) -> Script:
    """Return a conversation, checked."""
    return Script.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture
def clinic() -> Tenant:
    """Give the example clinic as loaded."""
    loaded = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
    return loaded.tenants["health/varizemed"]


def answering(text: str, tenant: Tenant) -> Intent | None:
    """Return the intent that answers or hands over; a bare route only changes who answers."""
    own = {intent.name for intent in tenant.intents}
    builtin = [intent for intent in intents.builtin("pt-BR") if intent.name not in own]
    hit = intents.match(text, [*tenant.intents, *builtin], names=[tenant.persona.name])
    return hit.intent if hit and (hit.intent.replies or hit.intent.action != "route") else None


def test_there_are_ten_conversations_without_a_model_and_two_with() -> None:
    """Issue 2 asks for ten that pass through the running server."""
    scripts = [script(path) for path in FILES]
    assert sum(not one.model for one in scripts) >= 10
    assert sum(bool(one.model) for one in scripts) >= 2
    assert len({one.name for one in scripts}) == len(scripts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_ends_with_its_handoff_and_its_model_uses_real_tools(path: Path) -> None:
    """After a handoff the bot is silent, so nothing may be expected of it (N1)."""
    one = script(path)
    turns = one.turns()
    tools = builtin_catalogue().names

    assert turns
    for _, expected in turns[:-1]:
        assert expected.status == "pending"
    for _, expected in turns:
        assert (expected.status == "open") == bool(expected.handoff)
    for line in one.model:
        assert (line.say is None) != (line.tool is None)
        assert line.tool is None or line.tool.name in tools


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_intents_and_knowledge_say_what_the_script_expects(
    path: Path, clinic: Tenant
) -> None:
    """Each step, without a server: the rung that answers and the words it gives (S2-34)."""
    knowledge = MemoryKnowledge()
    await knowledge.sync(clinic.key, clinic.faq, version="1")
    one = script(path)
    for text, expected in one.turns():
        intent = answering(text, clinic)
        found = await knowledge.search(clinic.key, text, version="1")
        sure = bool(found) and found[0].certain
        language = intents.detect_language(text, default=clinic.language)
        if intent is not None:
            engine, handoff = "intent", intent.action == "handoff"
            words = intents.choose(intent.replies, seed="x") if intent.replies else ""
            words = intents.fill(words, tenant=clinic, contact=Contact(name="Maria"))
            words = words or clinic.texts["handoff"][language]
        elif one.model:
            engine, handoff = "crew", bool(expected.handoff)
            words = next(line.say for line in reversed(one.model) if line.say)
        elif sure:
            engine, handoff, words = "faq", False, found[0].text
        else:
            engine, handoff = "template", True
            words = clinic.texts["handoff_no_answer"][language]

        assert expected.engine in (engine, "any"), text
        assert handoff == bool(expected.handoff), text
        assert not expected.contains_any or any(w in words for w in expected.contains_any), words
        assert not any(w in words for w in expected.not_contains), words


def test_names_and_options_in_the_clinics_words_are_real(clinic: Tenant) -> None:
    """Doctors named in replies exist, and each offered option leads somewhere."""
    people = {one.name for one in clinic.professionals}
    said = [reply for intent in clinic.intents for reply in intent.replies]
    said += [entry.answer for entry in clinic.faq]
    for text in said:
        for title in ("Dra. ", "Dr. "):
            for rest in text.split(title)[1:]:
                assert title + " ".join(rest.split()[:2]).rstrip(".,") in people, text
    for intent in clinic.intents:
        for button in intent.buttons:
            assert len(button) <= 20


async def test_each_offered_option_has_an_answer_without_a_model(clinic: Tenant) -> None:
    """A tapped option is an intent or a certain entry, never a shrug (S1-39)."""
    knowledge = MemoryKnowledge()
    await knowledge.sync(clinic.key, clinic.faq, version="1")
    options = {button for intent in clinic.intents for button in intent.buttons}
    assert options
    for option in options:
        found = await knowledge.search(clinic.key, option, version="1")
        assert answering(option, clinic) or found[0].certain, option


def test_the_clinic_has_35_entries_and_says_no_price_that_is_no_fact(clinic: Tenant) -> None:
    """Prices stand once as facts; an answer that names another one is out of date."""
    known = " ".join(clinic.facts.values())
    assert len(clinic.faq) >= 35
    for entry in clinic.faq:
        assert entry.keywords, entry.question
        for price in entry.answer.split("R$ ")[1:]:
            assert price.split()[0].rstrip(".,;") in known, entry.question
