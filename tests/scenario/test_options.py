"""Options of our own message: tapped, typed or by number, they lead where their title says."""

import pytest


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
