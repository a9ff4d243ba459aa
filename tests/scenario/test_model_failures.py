"""What the customer and the team read when the model fails (S3-64)."""

import pytest

from chatcrew.errors import ModelError
from chatcrew.testing.responders import ScriptedResponder

KINDS = (
    *("rate_limit", "insufficient_quota", "invalid_api_key", "timeout", "content_filter"),
    *("context_length", "unavailable", "no_model", "other"),
)
TECHNICAL = {"api", "http", "erro", "error", "token", "modelo", "model", "chave", "timeout", "ia"}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_failure_ends_in_plain_words_and_a_person(clinic, kind: str) -> None:
    """The customer reads no technical word; the note says what failed, in words of the team."""
    crew = ScriptedResponder(lambda ask: ModelError("HTTP 500 at https://provider", kind=kind))
    async with clinic(responder=crew) as c:
        conversation = await c.says("Vocês consertam geladeira importada da Noruega?")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()

        words = conversation.public_bot_replies[0].content.lower().replace(",", " ").split()
        assert TECHNICAL.isdisjoint(words)
        note = conversation.notes[0].content
        assert "crew:" not in note
        assert "HTTP" not in note


async def test_a_request_the_provider_refuses_is_not_called_a_breakdown(clinic) -> None:
    """The content filter has words of its own, in the tenant's own tone where it has some."""
    crew = ScriptedResponder(lambda ask: ModelError("filtered", kind="content_filter"))
    async with clinic(responder=crew) as c:
        conversation = await c.says("Vocês consertam geladeira importada da Noruega?")
        reply = await c.reply(conversation)
        await c.settled()

        assert "Não posso ajudar com esse pedido" in reply.content
        assert "recusou o pedido" in conversation.notes[0].content
