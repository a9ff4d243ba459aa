"""Kept answers in a running bot: other words, edits, asked in vain, and what that spares (N7)."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatcrew.answers import PostgresAnswers
from chatcrew.clock import SystemClock
from chatcrew.ids import ConversationId
from chatcrew.ledger import PostgresLedger
from chatcrew.messages import Answer as Said
from chatcrew.messages import Handoff, ModelCall, Usage
from chatcrew.testing import Conversation, Message
from chatcrew.testing.responders import ScriptedResponder

TENANT = "health/varizemed"
PLACE = "Onde fica a clínica?"
OTHER_WORDS = "Oi, boa tarde! Qual o endereço da clínica, por favor?"
UNKNOWN = "Vocês alugam bicicletas elétricas?"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


class Desk:
    """A clinic to which new customers write, one after the other."""

    def __init__(self, clinic: Any) -> None:
        self.clinic = clinic
        self.people = self.edits = 0

    async def asks(self, text: str) -> tuple[Conversation, Message]:
        """Let somebody new ask; return the talk and the bot's reply."""
        self.people += 1
        name = ("João Souza", "Rita Lima", "Davi Nunes", "Iara Pinto", "Hugo Dias", "Gabi Melo")
        contact = self.clinic.account.add_contact(
            name=name[self.people % len(name)], phone_number=f"+558199000{self.people:04d}"
        )
        talk = await self.clinic.chatwoot.customer_says(self.clinic.inbox, contact, text)
        reply = await self.clinic.reply(talk)
        await self.clinic.settled(idle=True)
        return talk, reply

    async def details(self, talk: Conversation) -> Mapping[str, Any]:
        """Return what the record of the talk's newest turn says."""
        ledger = PostgresLedger(self.clinic.bot.base.database)
        bot = self.clinic.bot.base.directory.current.bots
        (name,) = bot
        place = ConversationId("demo", name, talk.id)
        (turn, *_) = await ledger.turns(place, limit=1)
        assert turn.record is not None
        return turn.record.details

    def edit(self, **facts: str) -> None:
        """Put facts of the business in force that differ from its files."""
        directory = self.clinic.bot.base.directory
        now = directory.current
        tenant = replace(now.tenants[TENANT], facts={**now.tenants[TENANT].facts, **facts})
        self.edits += 1
        version = f"{now.version[:8]}{self.edits}"
        tenants = {**now.tenants, TENANT: tenant}
        directory.swap(replace(now, version=version, tenants=tenants))


def engine(reply: Message) -> str:
    """Return who wrote a reply."""
    return str(reply.content_attributes["chatcrew"]["engine"])


async def test_an_answer_serves_other_words_until_what_it_rests_on_changes(clinic) -> None:
    """One bot: asked once, served twice, an unrelated edit keeps it, its own edit takes it back."""
    crew = ScriptedResponder(lambda ask: "Ficamos na Rua das Acácias, 120, perto do metrô.")
    async with clinic(responder=crew) as c:
        desk = Desk(c)
        talk, first = await desk.asks(PLACE)
        made = await desk.details(talk)
        turn = first.content_attributes["chatcrew"]["turn"]
        assert "kept" not in made
        usage = Usage(prompt_tokens=1500, completion_tokens=25)
        await PostgresLedger(c.bot.base.database).record_call(
            ModelCall(TENANT, "gpt-4o-mini", usage, SystemClock().now(), turn_id=turn, cost=0.0004)
        )

        talk, near = await desk.asks(OTHER_WORDS)
        assert (near.content, engine(near)) == (first.content, "cache")
        kept = (await desk.details(talk))["kept"]
        assert kept["from"] == turn
        assert kept["near"] is True
        assert (kept["saved_prompt"], kept["saved_completion"]) == (1500, 25)
        assert kept["saved_usd"] == pytest.approx(0.0004)

        desk.edit(telefone="(11) 5555-0199")
        _, same = await desk.asks(PLACE)
        assert engine(same) == "cache"
        assert len(crew.asked) == 1

        desk.edit(endereço="Rua das Acácias, 120, sala 99, Jardim Paulista, São Paulo")
        _, anew = await desk.asks(PLACE)
        assert engine(anew) != "cache"
        assert len(crew.asked) == 2
        assert await c.bot.metric("chatcrew_answers_total", result="stale") >= 1

        rows = await PostgresAnswers(c.bot.base.database).rows(
            TENANT, now=SystemClock().now(), limit=5
        )
        assert [row.question for row in rows] == [PLACE]
        assert "endereço" in {one.name for one in rows[0].rests}


async def test_what_was_asked_in_vain_goes_to_people_without_asking_a_model_again(clinic) -> None:
    """Until the knowledge changes; the second customer waits for no model (N7)."""
    unknown = Said("Vou chamar alguém.", engine="compiled", handoff=Handoff("no_answer"))
    crew = ScriptedResponder(lambda ask: unknown)
    async with clinic(responder=crew) as c:
        desk = Desk(c)
        talk, _ = await desk.asks(UNKNOWN)
        assert talk.status == "open"
        talk, again = await desk.asks(UNKNOWN)
        assert talk.status == "open"
        assert len(crew.asked) == 1
        rungs = [rung[:2] for rung in again.content_attributes["chatcrew"]["rungs"]]
        assert rungs == [["cache", "vain"], ["extract", "uncertain"], ["template", "no_answer"]]
        assert (await desk.details(talk))["kept"]["vain"] is True

        await desk.asks("Vocês alugam patinetes elétricos?")
        assert len(crew.asked) == 2
