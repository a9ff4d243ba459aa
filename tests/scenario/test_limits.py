"""What customers and the team see when a limit is reached, or nearly so (S0-18, S3-88..90)."""

import asyncio
import contextlib
import re
import shutil
from pathlib import Path

import pytest

from chatcrew.app.limiting import alerts_over
from chatcrew.app.meter import LedgerMeter
from chatcrew.app.responder import CrewResponder
from chatcrew.budgets import Keeper, PostgresCounters
from chatcrew.clock import SystemClock
from chatcrew.crews import CrewPool, engines
from chatcrew.database import Database
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.ledger import PostgresLedger
from chatcrew.llm import open_gateway
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory, ModelCatalogue
from chatcrew.testing import Conversation, FakeModelServer
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import builtin_catalogue

QUESTION = "Vocês consertam geladeira importada da Noruega?"


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


def limited(folder: Path, lean: Path, limits: str) -> Path:
    """Return the configuration with these limits of the clinic in place of its own."""
    config = Path(shutil.copytree(lean, folder / "limited"))
    clinic = config / "domains" / "health" / "varizemed.yaml"
    others = re.sub(r"\nlimits:\n( .*\n)+", "\n", clinic.read_text("utf-8"))
    clinic.write_text(f"{others}\n{limits}\n", "utf-8")
    return config


async def people_read_of_it_once(c, talk: Conversation) -> None:
    """The round of any worker finds what is to be told; whoever looks again tells nothing."""
    assert [await alerts_over(c.bot.base).run() for _ in range(2)] == [2, 0]
    await c.bot.parts.alarms.run()
    await c.chatwoot.wait_for(lambda: any("⛔" in one.content for one in talk.notes))
    await c.settled()
    notes = "\n".join(note.content for note in talk.notes)
    assert notes.count("⚠️ **100% do limite de 1 chamadas ao modelo por dia") == 1
    assert notes.count("⛔") == 1


async def test_beyond_a_limit_no_model_is_asked_and_people_read_which_and_until_when(
    clinic, database: Database, tmp_path: Path, lean_config
) -> None:
    """One call finds room: the second customer gets what is written, the third a person."""
    config = await asyncio.to_thread(
        limited,
        tmp_path,
        lean_config("health/varizemed"),
        "limits: {calls: {day: 1}, money: {day: 5, month: 100}}",
    )
    running: list[Directory] = []
    clock = SystemClock()
    metrics = Metrics()
    keeper = Keeper(
        PostgresCounters(database),
        tenants=lambda: running[0].current.tenants,
        exchange=lambda: running[0].current.models.exchange,
        clock=clock,
        metrics=metrics,
    )
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeModelServer())
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=LedgerMeter(PostgresLedger(database), metrics=metrics),
            cache=None,
            clock=clock,
            stack=stack,
            catalogue=lambda: running[0].current.models if running else ModelCatalogue(),
            purse=keeper,
        )
        pool = CrewPool(size=1)
        stack.push_async_callback(pool.close)
        responder = CrewResponder(
            engines(pool),
            model=model,
            catalogue=builtin_catalogue(),
            knowledge=PostgresKnowledge(database),
            default_model="gpt-4o-mini",
            available=True,
            clock=clock,
        )
        server.say("Não consertamos geladeiras, só cuidamos de varizes.")
        c = await stack.enter_async_context(clinic(responder=responder, config_dir=config))
        running.append(c.bot.base.directory)
        first = await c.says("Vocês consertam geladeira?")
        await c.reply(first)
        asked = len(server.requests)

        bia = c.account.add_contact(name="Bia")
        second = await c.chatwoot.customer_says(c.inbox, bia, QUESTION)
        await c.chatwoot.wait_for(lambda: second.status == "open")
        await c.settled()
        states = await keeper.state(["health/varizemed"])

        assert len(server.requests) == asked == 1
        notes = "\n".join(note.content for note in second.notes)
        assert "Limite de 1 chamadas ao modelo por dia atingido; volta às 00:00" in notes
        assert "um limite de uso do modelo de IA foi atingido" in notes
        words = second.public_bot_replies[0].content.lower()
        assert "limite" not in words
        assert "para continuar por aqui" in words
        (calls,) = [one for one in states if (one.kind, one.span) == ("calls", "day")]
        assert (calls.used, calls.reserved, calls.left) == (1, 0, 0)
        (day,) = [
            one for one in states if (one.kind, one.span, one.scope) == ("money", "day", "tenant")
        ]
        assert 0 < (day.used or 0) < 0.01
        assert day.reserved == 0

        await c.chatwoot.agent_says(second, "/bot porque", private=True)
        await c.settled()
        assert "limite de 1 chamadas ao modelo por dia" in second.notes[-1].content

        await people_read_of_it_once(c, second)
        await c.chatwoot.agent_says(second, "/bot porque", private=True)
        await c.settled()
        assert "limite de 1 chamadas ao modelo por dia" in second.notes[-1].content
        assert "**Por que o bot fez isso**" in second.notes[-1].content

        caio = c.account.add_contact(name="Caio")
        third = await c.chatwoot.customer_says(c.inbox, caio, QUESTION)
        await c.chatwoot.wait_for(lambda: third.status == "open")
        await c.settled()
        assert await alerts_over(c.bot.base).run() == 0
        assert "⛔" not in "\n".join(note.content for note in third.notes)


async def test_who_is_answered_too_often_is_told_once_and_answered_together(
    clinic, tmp_path: Path, lean_config
) -> None:
    """Two answers a minute: the second says it, what comes then waits, and nothing is lost."""
    lean, said = lean_config("health/varizemed"), "limits: {contact: {minute: 2}}"
    config = await asyncio.to_thread(limited, tmp_path, lean, said)
    crew = ScriptedResponder(lambda ask: "Não consertamos geladeiras.")
    async with clinic(responder=crew, config_dir=config) as c:
        talk = await c.says("Vocês consertam geladeira?")
        first = await c.reply(talk, 1)
        await c.settled(idle=True)
        await c.says("E fogão importado, vocês consertam?")
        second = await c.reply(talk, 2)
        await c.settled(idle=True)
        assert "Pode continuar escrevendo" not in first.content
        assert second.content.startswith("Pode continuar escrevendo")

        await c.says("E micro-ondas da Noruega?")
        await c.says("E ventilador de teto?")
        await c.settled(idle=True)
        assert len(talk.public_bot_replies) == 2
        assert len(crew.asked) == 2
        assert talk.status == "pending"
