"""A message that is like an intent's examples is answered before any model, if it is certain."""

import asyncio
from pathlib import Path

import pytest

from chatcrew.intents import Classifiers
from chatcrew.tenancy import load
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]

LIKE = "minha perna está inchada e bem quente"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def test_a_message_like_an_intents_examples_needs_no_model(clinic) -> None:
    """Learnt ahead, as workers do, the very first one is told by words of no example (S3-41)."""
    crew = ScriptedResponder(lambda ask: "Entendi.")
    classifiers = Classifiers()
    files = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")
    loaded = await asyncio.to_thread(load, *files, tools=names())
    tenant = loaded.tenants["health/varizemed"]
    await asyncio.to_thread(classifiers.teach, tenant, tenant.language)
    async with clinic(responder=crew, classifiers=classifiers) as c:
        conversation = await c.says(LIKE)
        await c.reply(conversation)
        await c.settled()

        trace = conversation.public_bot_replies[0].content_attributes["chatcrew"]
        assert trace["reason"] == "intent:emergency"
        assert "pode ser uma urgência" in conversation.notes[-1].content
        assert not crew.asked


async def test_a_question_about_something_else_is_left_to_the_crew(clinic) -> None:
    """A wrong shortcut is worse than a model call."""
    crew = ScriptedResponder(lambda ask: "Não sei dizer.")
    async with clinic(responder=crew) as c:
        for number, words in enumerate(("Vocês consertam fogão?", "Quero saber da sede de Olinda")):
            customer = c.account.add_contact(name="Ana", phone_number=f"+558199000001{number}")
            await c.reply(await c.chatwoot.customer_says(c.inbox, customer, words))
            await c.settled()
        assert len(crew.asked) == 2
