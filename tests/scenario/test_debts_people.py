"""What people owe until it is done: others are asked, and what is not resolved is told (S3-81)."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from chatcrew.debts import PostgresDebts
from chatcrew.messages import DebtEnd, DebtKind
from chatcrew.testing import Conversation
from chatcrew.testing._debts_sql import grow_older
from chatcrew.testing.responders import ScriptedResponder

PEOPLE = """
people:
  distribution: {method: round_robin}
"""
LATE = "não foi resolvida"
DAY = 24 * 60


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


@pytest.fixture
def config(tmp_path: Path, lean_config: Callable[[str], Path]) -> Path:
    """The shipped configuration, whose clinic gives its conversations to people in turn."""
    copied = Path(shutil.copytree(lean_config("health/varizemed"), tmp_path / "people"))
    clinic = copied / "domains" / "health" / "varizemed.yaml"
    clinic.write_text(clinic.read_text("utf-8") + PEOPLE, "utf-8")
    return copied


async def _handed_off(c, who: str) -> Conversation:
    """Return a conversation of another customer that the bot gave to people."""
    contact = c.account.add_contact(name=who)
    asked = "quero falar com um atendente humano"
    conversation = await c.chatwoot.customer_says(c.inbox, contact, asked)
    await c.chatwoot.wait_for(lambda: conversation.status == "open")
    await c.settled()
    return conversation


async def _later(c, minutes: float) -> None:
    """Let time pass for what people owe, and the bot do what is due then."""
    await c.bot.parts.debts.run()
    await grow_older(c.bot.base.database, minutes=minutes)
    await c.bot.parts.debts.run()
    await c.settled()
    await c.bot.parts.debts.run()


def _notes(conversation: Conversation, words: str) -> list[str]:
    return [note.content for note in conversation.notes if words in note.content]


async def test_who_does_not_come_loses_it_and_who_does_not_finish_is_told(clinic, config) -> None:
    """One bot: a talk nobody takes, one nobody resolves, one that is resolved, one given back."""
    crew = ScriptedResponder(lambda ask: f"Sobre: {ask.inputs['message']}")
    async with clinic(responder=crew, config_dir=config, user_token=True) as c:
        rui = c.account.add_agent(name="Rui Prado")
        c.inbox.member_ids = [c.agent.id, rui.id]
        pair = {c.agent.id, rui.id}
        names = ("Esquecida", "Demorada", "Resolvida", "Devolvida")
        lost, slow, done, back = [await _handed_off(c, name) for name in names]
        first = lost.assignee
        said = [len(one.public_bot_replies) for one in (lost, slow)]
        assert first is not None
        for one in (slow, done, back):
            await c.chatwoot.agent_says(one, "Oi! Já estou vendo.", agent=one.assignee)
        await c.chatwoot.resolve(done)
        await c.chatwoot.set_status(back, "pending")
        await c.settled()

        # Nobody comes: announced after five minutes, another person's after fifteen
        await _later(c, 6)
        await _later(c, 10)
        (moved,) = _notes(lost, "esta conversa passa para")
        assert lost.assignee is not None
        assert {first.id, lost.assignee.id} == pair
        assert lost.assignee.name in moved
        assert len(_notes(lost, "O cliente espera uma pessoa há")) == 1
        assert not _notes(slow, "passa para")

        # People have it for a day of opening time: told once, and once more the day after
        await _later(c, DAY - 60)
        assert not _notes(slow, LATE)
        await _later(c, 60)
        (late,) = _notes(slow, LATE)
        assert "há 24 h de atendimento" in late
        assert "o cliente pediu uma pessoa" in late
        assert "prazo-vencido" in slow.labels
        assert _notes(lost, LATE)
        assert not _notes(done, LATE)
        assert not _notes(back, LATE)
        assert [len(one.public_bot_replies) for one in (lost, slow)] == said

        # A person wrote today: nobody has to be told that it is not finished
        await c.chatwoot.agent_says(slow, "Só mais um dia, por favor.", agent=slow.assignee)
        await c.settled()
        await _later(c, DAY)
        assert len(_notes(slow, LATE)) == 1
        assert len(_notes(lost, LATE)) == 2

        await c.chatwoot.resolve(slow)
        await c.settled()
        await _later(c, DAY)
        assert len(_notes(slow, LATE)) == 1
        book = PostgresDebts(c.bot.base.database, c.bot.base.clock)
        since = datetime(2000, 1, 1, tzinfo=c.bot.base.clock.now().tzinfo)
        ended = {
            one.owed.conversation.number: one
            for one in await book.history(
                "health/varizemed", since=since, limit=9, kind=DebtKind.RESOLUTION
            )
        }
        assert {number: one.ending for number, one in ended.items()} == {
            lost.id: None,
            slow.id: DebtEnd.RESOLVED,
            done.id: DebtEnd.RESOLVED,
            back.id: DebtEnd.RETURNED,
        }
        assert ended[slow.id].waited == pytest.approx(2 * DAY * 60 + 16 * 60, abs=60)
        assert (ended[done.id].waited or 0) < 60
