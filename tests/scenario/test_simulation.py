"""Trying a bot without Chatwoot: the real mailbox, hub and outbox, and nobody outside (S1-55)."""

import asyncio

import pytest
from sqlalchemy import text

from chatcrew.app.simulated import PostgresSimulations, Simulator
from chatcrew.debts import PostgresDebts
from chatcrew.ledger import PostgresLedger
from chatcrew.messages import Outcome
from chatcrew.testing.bot import RunningBot
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.web.api import NotSimulated

TENANT = "health/varizemed"


def simulator(bot: RunningBot) -> Simulator:
    """Return a simulator over a running bot."""
    base = bot.base
    return Simulator(
        lambda: base.directory.current,
        mailbox=base.mailbox,
        outbox=bot.outbox,
        ledger=PostgresLedger(base.database),
        store=PostgresSimulations(base.database),
        clock=base.clock,
    )


async def test_what_is_said_in_a_simulation_is_answered_and_reaches_nobody(clinic) -> None:
    """Each session is a talk of its own with a memory; Chatwoot hears nothing (S1-55, S2-09)."""
    crew = ScriptedResponder(
        lambda ask: f"{'laser?' in ask.inputs['history']}: {ask.inputs['message']}"
    )
    async with clinic(responder=crew) as c:
        tried = simulator(c.bot)

        first = await tried.say(
            TENANT, "Como é a recuperação do laser?", session="a", contact="ana", name="Ana"
        )
        again = await tried.say(TENANT, "E dói depois do laser?", session="a", contact="ana")
        other = await tried.say(TENANT, "E dói depois do laser?", session="b", contact="rui")

        assert [one.text for one in first.replies] == ["False: Como é a recuperação do laser?"]
        assert [one.text for one in again.replies] == ["True: E dói depois do laser?"]
        assert [one.text for one in other.replies] == ["False: E dói depois do laser?"]
        assert first.outcome is Outcome.REPLIED
        assert first.conversation == again.conversation != other.conversation
        assert first.conversation.simulated
        assert not first.with_people
        assert not c.account.conversations


async def test_a_simulated_handoff_obliges_nobody(clinic) -> None:
    """It is told whole, and then the talk is people's; nothing of it is owed or counted (N14)."""
    async with clinic() as c:
        tried, base = simulator(c.bot), c.bot.base

        handed = await tried.say(
            TENANT, "quero falar com um atendente humano", session="a", contact="ana"
        )
        after = await tried.say(TENANT, "tem alguém aí?", session="a", contact="ana")
        await c.bot.parts.sweep.run()
        await c.bot.parts.debts.find()
        await c.settled()

        assert handed.outcome is Outcome.HANDED_OFF
        assert handed.replies
        assert handed.notes
        assert handed.with_people
        assert after.replies == ()
        assert after.outcome is Outcome.DROPPED
        assert not await PostgresDebts(base.database, base.clock).list_standing(None, limit=9)


async def test_nothing_that_was_tried_out_is_answered_to_a_customer(clinic) -> None:
    """What a simulation was told is no answer kept for others; a customer's is (N7, S1-55)."""
    asked, said = "Onde fica a clínica?", "Ficamos na Rua das Acácias, 120, perto do metrô."
    async with clinic(responder=ScriptedResponder(lambda ask: said)) as c:
        await simulator(c.bot).say(TENANT, asked, session="a", contact="ana")
        await simulator(c.bot).say(TENANT, asked, session="b", contact="rui")
        tried = await _kept(c)
        await c.reply(await c.says(asked))
        await c.settled()
        real = await _kept(c)

    assert (tried, real) == (0, 1)


async def _kept(c) -> int:
    async with c.bot.base.database.begin() as connection:
        return int(await connection.scalar(text("select count(*) from kept_answer")) or 0)


async def test_what_cannot_be_simulated_is_said_with_the_way_out(clinic) -> None:
    """Nothing is stored of it."""
    async with clinic() as c:
        tried = simulator(c.bot)
        faults = {}
        for kind, options in {
            "unknown_tenant": {"tenant": "health/nobody"},
            "unknown_channel": {"channel": "fax"},
            "empty": {"words": "  "},
            "too_long": {"words": "x" * 10_001},
        }.items():
            told = {"tenant": TENANT, "words": "oi", "session": "a", "contact": "ana", **options}
            with pytest.raises(NotSimulated) as raised:
                await tried.say(told.pop("tenant"), told.pop("words"), **told)
            faults[raised.value.kind] = kind

        assert faults == {kind: kind for kind in faults}
        assert (await c.bot.base.mailbox.depth()).waiting == 0


async def test_words_said_at_once_in_one_session_are_all_answered(clinic) -> None:
    """They may share a turn; each caller is told what became of his words."""
    crew = ScriptedResponder(lambda ask: ask.inputs["message"])
    async with clinic(responder=crew) as c:
        tried = simulator(c.bot)

        both = await asyncio.gather(
            *(
                tried.say(TENANT, words, session="a", contact="ana")
                for words in ("Como é a recuperação do laser?", "E o laser dói depois?")
            )
        )

        assert all(one.replies for one in both)
