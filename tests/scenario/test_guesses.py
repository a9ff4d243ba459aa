"""A message that is like an intent's examples is answered before any model, if it is certain."""

from pathlib import Path

import pytest

from chatcrew.testing.responders import ScriptedResponder

LIKE = "minha perna está inchada e bem quente"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def test_a_message_like_an_intents_examples_needs_no_model(clinic) -> None:
    """The very first one waits until they are learnt; words that stand in none are told (S3-41)."""
    crew = ScriptedResponder(lambda ask: "Entendi.")
    async with clinic(responder=crew) as c:
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
