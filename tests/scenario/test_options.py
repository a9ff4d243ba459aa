"""Options of our own message: tapped, typed or by number, they lead where their title says."""

from pathlib import Path

import pytest

from chatcrew.testing.responders import ScriptedResponder


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


@pytest.mark.parametrize(
    ("channel", "chatwoot_channel", "chosen"),
    [
        ("whatsapp", "Channel::Whatsapp", "Ver valores"),
        ("whatsapp", "Channel::Whatsapp", "2"),
        ("sms", "Channel::Sms", "2."),
        ("sms", "Channel::Sms", "ver valores"),
    ],
)
async def test_the_second_option_of_the_greeting_answers_with_prices(
    clinic, channel: str, chatwoot_channel: str, chosen: str
) -> None:
    """Buttons on WhatsApp, numbered lines elsewhere: both are understood (S1-39, S3-41)."""
    async with clinic(channel=channel, chatwoot_channel=chatwoot_channel) as c:
        conversation = await c.says("Oi!")
        greeting = await c.reply(conversation)
        await c.settled()
        await c.says(chosen)
        reply = await c.reply(conversation, 2)

        assert (greeting.content_type == "input_select") == (channel == "whatsapp")
        assert ("2. Ver valores" in greeting.content) == (channel == "sms")
        assert "R$ 350" in reply.content
        assert reply.content_attributes["chatcrew"]["engine"] == "faq"


async def test_a_tapped_option_is_read_with_the_question_it_answers(clinic) -> None:
    """The widget reports a tap as a change of our own message, which the crew still has to see."""
    crew = ScriptedResponder(lambda ask: "certo")
    async with clinic(
        responder=crew, channel="web_widget", chatwoot_channel="Channel::WebWidget"
    ) as c:
        conversation = await c.says("Oi!")
        greeting = await c.reply(conversation)
        await c.settled()
        await c.chatwoot.click(greeting, "Ver valores")
        await c.reply(conversation, 2)

        asked = crew.asked[-1].inputs
        assert asked["message"] == "Ver valores"
        assert asked["history"].endswith(f"Você: {greeting.content}")
