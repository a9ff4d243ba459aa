"""What the customer and the team read when the model fails (S3-64)."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatcrew.app.meter import LedgerMeter
from chatcrew.app.responder import CrewResponder
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, engines
from chatcrew.database import Database
from chatcrew.errors import ModelError
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import open_gateway
from chatcrew.telemetry import Metrics
from chatcrew.testing import FakeModelServer
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import builtin_catalogue

QUESTION = "Vocês consertam geladeira importada da Noruega?"

KINDS = (
    *("rate_limit", "insufficient_quota", "invalid_api_key", "timeout", "content_filter"),
    *("context_length", "unavailable", "no_model", "other"),
)
TECHNICAL = {"api", "http", "erro", "error", "token", "modelo", "model", "chave", "timeout", "ia"}


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_failure_ends_in_plain_words_and_a_person(clinic, kind: str) -> None:
    """The customer reads no technical word; the note says what failed, in words of the team."""
    crew = ScriptedResponder(lambda ask: ModelError("HTTP 500 at https://provider", kind=kind))
    async with clinic(responder=crew) as c:
        conversation = await c.says(QUESTION)
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
        conversation = await c.says(QUESTION)
        reply = await c.reply(conversation)
        await c.settled()

        assert "Não posso ajudar com esse pedido" in reply.content
        assert "recusou o pedido" in conversation.notes[0].content


@contextlib.asynccontextmanager
async def provider(database: Database) -> AsyncIterator[tuple[FakeModelServer, CrewResponder]]:
    """Run the shipped crews against a provider that the test scripts."""
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeModelServer())
        clock = SystemClock()
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=LedgerMeter(PostgresLedger(database), metrics=Metrics()),
            cache=None,
            clock=clock,
            stack=stack,
        )
        responder = CrewResponder(
            engines(CrewPool()),
            model=model,
            catalogue=builtin_catalogue(),
            knowledge=PostgresKnowledge(database),
            default_model="scripted",
            available=True,
            clock=clock,
        )
        yield server, responder


def steps(reply) -> list[tuple[str, str]]:
    """Return the rungs that stand in a reply's trace."""
    return [(name, end) for name, end, _ in reply.content_attributes["chatcrew"]["rungs"]]


@pytest.mark.parametrize("how", ["refusal", "filtered"])
async def test_a_model_s_refusal_reaches_no_customer(clinic, database, how: str) -> None:
    """Neither "I'm sorry" in another tone and language nor half a filtered sentence (S3-64)."""
    refusal = {"role": "assistant", "content": None, "refusal": "I'm sorry, I can't assist."}
    async with (
        provider(database) as (server, crew),
        clinic(responder=crew, times={"hedge": 0}) as c,
    ):
        if how == "refusal":
            server.answer({"choices": [{"message": refusal, "finish_reason": "stop"}]})
        else:
            server.say("Você pode", finish_reason="content_filter")
        reply = await c.reply(await c.says(QUESTION))

        assert "Não posso ajudar com esse pedido" in reply.content
        assert steps(reply)[0] == ("crew", "content_filter")


async def test_an_answer_without_a_whole_sentence_goes_to_the_next_rung(clinic, database) -> None:
    """The crew's was cut off, so the fast model is asked; its own cut answer is cut back (N5)."""
    async with (
        provider(database) as (server, crew),
        clinic(responder=crew, times={"hedge": 0}) as c,
    ):
        server.say("Depende de", finish_reason="length")
        server.say("Não consertamos. Mas se", finish_reason="length")
        reply = await c.reply(await c.says(QUESTION))

        assert reply.content == "Não consertamos."
        assert steps(reply) == [("crew", "crew_error"), ("fast", "answered")]
