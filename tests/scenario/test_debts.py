"""What people owe customers: told again, given to others, or back to the bot, each once (N14)."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chatcrew.debts import PostgresDebts
from chatcrew.ids import ConversationId
from chatcrew.messages import Debt, DebtEnd
from chatcrew.testing._debts_sql import grow_older
from chatcrew.testing.responders import ScriptedResponder

WAITS = "O cliente espera uma pessoa há"
POLICY = """
people:
  waiting:
    steps:
      - {after: 5, do: announce}
      - {after: 30, do: return}
    label: esperando
"""
CLOSED = """
people:
  opening:
    times: ["mon-sun 00:00-23:59"]
    special: {"%s/%s": []}
"""
"""Not today nor tomorrow."""


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


@pytest.fixture
def policy(tmp_path: Path, lean_config: Callable[[str], Path]):
    """Return a copy of the configuration whose clinic says more about its people."""

    def write(words: str) -> Path:
        copied = Path(shutil.copytree(lean_config("health/varizemed"), tmp_path / "people"))
        clinic = copied / "domains" / "health" / "varizemed.yaml"
        clinic.write_text(clinic.read_text("utf-8") + words, "utf-8")
        return copied

    return write


def _crew() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: f"Sobre: {ask.inputs['message']}")


async def _handed_off(c):
    """Return a conversation that the bot gave to people, who have not come yet."""
    conversation = await c.says("quero falar com um atendente humano")
    await c.chatwoot.wait_for(lambda: conversation.status == "open")
    await c.settled()
    return conversation


async def _later(c, minutes: float) -> int:
    """Let time pass for who waits, and the bot do what is due then."""
    await grow_older(c.bot.base.database, minutes=minutes)
    woken = await c.bot.parts.debts.run()
    await c.settled()
    return woken


async def _debts(c) -> list[Debt]:
    book = PostgresDebts(c.bot.base.database, c.bot.base.clock)
    found = await book.list_standing(None, limit=10)
    return list(found)


def _notes(conversation, words: str = WAITS) -> list[str]:
    return [note.content for note in conversation.notes if words in note.content]


async def test_people_who_do_not_come_are_told_again_once_and_others_the_customer_not(
    clinic,
) -> None:
    """After five minutes one note and one label, whoever looks and however often he writes."""
    async with clinic(responder=_crew()) as c:
        conversation = await _handed_off(c)
        said = len(conversation.public_bot_replies)
        early = await _later(c, 4)
        await c.says("oi? alguém aí?")
        await c.settled()
        await grow_older(c.bot.base.database, minutes=2)
        woken = await asyncio.gather(*(c.bot.parts.debts.run() for _ in range(3)))
        await c.settled()

        assert early == 0
        assert sum(woken) >= 1
        (note,) = _notes(conversation)
        assert "há 6 min" in note
        assert "o cliente pediu uma pessoa" in note
        assert "aguardando" in conversation.labels
        assert len(conversation.public_bot_replies) == said
        assert (await _debts(c))[0].step == 1


async def test_a_persons_word_ends_the_wait_and_is_measured(clinic) -> None:
    """Nothing is told any more, and how long it took is known."""
    async with clinic(responder=_crew()) as c:
        conversation = await _handed_off(c)
        await grow_older(c.bot.base.database, minutes=4)
        await c.chatwoot.agent_says(conversation, "Oi, Maria! Sou a Patrícia.")
        await c.settled()
        await c.bot.parts.debts.run()
        woken = await _later(c, 60)

        assert woken == 0
        assert _notes(conversation) == []
        assert await _debts(c) == []
        book = PostgresDebts(c.bot.base.database, c.bot.base.clock)
        (debt,) = await book.history(
            "health/varizemed", since=c.bot.base.clock.now().replace(year=2000), limit=5
        )
        assert (debt.ending, debt.by) == (DebtEnd.ANSWERED, c.agent.id)
        assert debt.waited == pytest.approx(240, abs=15)


async def test_a_word_that_comes_with_the_step_is_not_answered_with_a_note(clinic) -> None:
    """The input was made already; the turn sees that a person has written."""
    async with clinic(responder=_crew()) as c:
        conversation = await _handed_off(c)
        (debt,) = await _debts(c)
        await c.chatwoot.agent_says(conversation, "Oi, Maria!")
        await c.settled()
        await c.bot.base.mailbox.wake(
            ConversationId("demo", "clinic-bot", conversation.id),
            key="late",
            payload={"timer": "debt", "debt": debt.id, "step": 1},
        )
        await c.settled()

        assert _notes(conversation) == []


async def test_the_bot_gets_it_back_with_an_apology_once_and_answers(clinic, policy) -> None:
    """By the business's policy: pending, an apology, and the question is answered; not twice."""
    crew = _crew()
    async with clinic(responder=crew, config_dir=policy(POLICY)) as c:
        conversation = await _handed_off(c)
        await c.chatwoot.assign(conversation, c.agent)
        await c.says("quanto tempo dura a recuperação do meu pai?")
        await c.settled()
        await _later(c, 6)
        told = len(_notes(conversation))
        await _later(c, 30)
        await c.settled()
        status, words = conversation.status, [m.content for m in conversation.public_bot_replies]
        await c.bot.parts.debts.run()
        ended = await _debts(c)

        assert told == 1
        assert status == "pending"
        assert conversation.assignee is None
        assert "esperando" in conversation.labels
        assert "Desculpe a demora" in words[1]
        assert "recuperação do meu pai" in words[2]
        assert len(words) == 3
        assert ended == []

        await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        await _later(c, 6)
        await _later(c, 60)

        assert conversation.status == "open"
        assert len(_notes(conversation)) == 3


async def test_a_promise_made_while_nobody_works_is_kept_at_the_next_opening(
    clinic, policy
) -> None:
    """The clock stands still; people are told of who waited first thing."""
    now = datetime.now(ZoneInfo("America/Recife"))
    closed = CLOSED % (now.date(), now.date() + timedelta(days=1))
    opening = datetime.combine(now.date() + timedelta(days=2), time(), now.tzinfo)
    async with clinic(responder=_crew(), config_dir=policy(closed)) as c:
        conversation = await _handed_off(c)
        woken = await _later(c, 600)
        (debt,) = await _debts(c)

        assert woken == 0
        assert debt.owed.closed_then
        assert _notes(conversation) == []
        assert "o cliente pediu uma pessoa" in conversation.notes[0].content

        said = len(conversation.public_bot_replies)
        # Ten hours of the wait are over; at noon, for a day after the opening more is due
        opened = await _later(c, (opening - now) / timedelta(minutes=1) + (12 - 10) * 60)
        (told,) = _notes(conversation, "espera desde antes da abertura")

        assert opened == 1
        assert "o cliente pediu uma pessoa" in told
        assert "aguardando" in conversation.labels
        assert len(conversation.public_bot_replies) == said


async def test_a_customer_who_writes_again_to_people_is_not_forgotten(clinic) -> None:
    """A person owns it and left: found without a note, told after an hour; thanks are no wait."""
    async with clinic(responder=_crew()) as c:
        conversation = await _handed_off(c)
        await c.chatwoot.assign(conversation, c.agent)
        await c.chatwoot.agent_says(conversation, "Oi! Já vejo isso para você.")
        await c.settled()
        await c.bot.parts.debts.run()
        await c.says("e aí, conseguiu ver o meu exame?")
        await c.settled()
        young = await c.bot.parts.debts.find()
        await grow_older(c.bot.base.database, minutes=2)
        found = await c.bot.parts.debts.find()
        quiet = len(_notes(conversation))
        await _later(c, 60)
        told = len(_notes(conversation))
        await c.chatwoot.agent_says(conversation, "Está pronto!")
        await c.says("ok, obrigada!")
        await c.settled()
        await c.bot.parts.debts.run()
        await grow_older(c.bot.base.database, minutes=2)
        thanked = await c.bot.parts.debts.find()
        await _later(c, 60)
        again = await c.bot.parts.debts.find()

        assert (young, found, quiet, told) == (0, 1, 0, 1)
        assert (thanked, again) == (1, 0)
        assert len(_notes(conversation)) == 1
        assert await _debts(c) == []
