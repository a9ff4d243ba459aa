"""The sweep over our own records: nobody who waits is forgotten or announced twice (S3-11)."""

import asyncio
from pathlib import Path

import pytest

from chatcrew.ids import ConversationId
from chatcrew.messages import PartState
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.worker import SweepPolicy

AT_ONCE = SweepPolicy(older_than=0.0)
WAITING = "O cliente está esperando resposta"


def _crew() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: f"Sobre: {ask.inputs['message']}")


async def _swept(c, *, idle: bool = False) -> int:
    """Let the sweep look now, and the bot finish what follows from it."""
    c.bot.parts.sweep.policy = AT_ONCE
    found = await c.bot.parts.sweep.run()
    await c.settled(idle=idle)
    return found


def _announcements(conversation) -> list[str]:
    return [note.content for note in conversation.notes if WAITING in note.content]


async def _handed_off(c):
    """Return a conversation that the bot gave to people, who have not come yet."""
    conversation = await c.says("quero falar com um atendente humano")
    await c.chatwoot.wait_for(lambda: conversation.status == "open")
    await c.settled()
    return conversation


async def _left_by_people(c):
    """Return one that people answered once, and that is nobody's now."""
    conversation = await _handed_off(c)
    await c.chatwoot.agent_says(conversation, "Um momento, já vejo isso.")
    await c.chatwoot.assign(conversation, None)
    await c.settled()
    await c.bot.parts.debts.run()
    return conversation


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def test_a_customer_whose_turn_said_nothing_is_taken_back_and_answered_once(clinic) -> None:
    """The turn was dropped while another bot had the conversation; nobody has it now."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        key = ConversationId("demo", "clinic-bot", conversation.id)
        await c.chatwoot.assign(conversation, c.account.add_bot(8))
        await c.settled()
        await c.says("e o preparo para ele, como é que funciona?")
        await c.settled()
        assert len(conversation.public_bot_replies) == 1
        # Taking it off gives nothing back: Chatwoot names nobody then.
        await c.chatwoot.assign(conversation, None)
        await c.settled()
        waiting = len(conversation.public_bot_replies)

        assert await _swept(c) == 1
        assert await _swept(c) == 0

        assert waiting == 1
        assert len(conversation.public_bot_replies) == 2
        assert "como é que funciona" in conversation.public_bot_replies[-1].content
        assert _announcements(conversation) == []
        assert (await c.bot.base.mailbox.state(key)).due_at is None


async def test_a_customer_is_left_alone_before_a_minute_has_passed(clinic) -> None:
    """Default policy: 60 s, for people are slower than a bot."""
    async with clinic(responder=_crew()) as c:
        conversation = await _handed_off(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()

        assert await c.bot.parts.sweep.run() == 0
        assert _announcements(conversation) == []


async def test_a_pending_conversation_of_a_person_is_opened_at_once_and_told_once(clinic) -> None:
    """Pending stands in nobody's list, so the person who owns it would never see it."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.assign(conversation, c.agent)
        await c.settled()
        await c.says("e quanto tempo demora o laudo dela afinal?")
        await c.settled()
        assert conversation.status == "open"
        await _swept(c)
        await _swept(c)

        assert [n.content for n in conversation.notes if "estava pendente" in n.content] != []
        assert len(conversation.notes) == 1
        assert conversation.assignee is c.agent
        assert len(conversation.public_bot_replies) == 1


async def test_a_conversation_a_person_spoke_in_is_announced_and_opened(clinic) -> None:
    """The bot is silenced by the person's words, and the customer waits: people's, but visibly."""
    async with clinic(responder=_crew()) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.agent_says(conversation, "Oi, aqui é a Patrícia!")
        await c.settled()
        await c.says("e quanto tempo demora o laudo dela afinal?")
        await c.settled()
        await _swept(c)

        assert conversation.status == "open"
        assert len(_announcements(conversation)) == 1
        assert len(conversation.public_bot_replies) == 1


async def test_in_a_conversation_without_a_person_one_note_says_that_the_customer_waits(
    clinic,
) -> None:
    """Open, and nobody's: one note until somebody answers, however often he writes."""
    async with clinic(responder=_crew()) as c:
        conversation = await _left_by_people(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()
        await _swept(c)
        await _swept(c)
        once = len(_announcements(conversation))
        await c.says("alô, ainda estou esperando por vocês aqui")
        await c.settled()
        await _swept(c)
        await _swept(c)

        assert once == 1
        assert len(_announcements(conversation)) == 1
        assert await c.bot.metric("chatcrew_sweeps_total") == 2  # announced, told_before


async def test_who_waits_again_after_an_answer_is_announced_again(clinic) -> None:
    """A person answered once and went away: that is another wait."""
    async with clinic(responder=_crew()) as c:
        conversation = await _left_by_people(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()
        await _swept(c)
        await c.chatwoot.agent_says(conversation, "Claro, um momento.")
        await c.chatwoot.assign(conversation, None)
        await c.settled()
        await c.says("já se passou mais de um momento, cadê vocês?")
        await c.settled()
        await _swept(c)

        assert len(_announcements(conversation)) == 2


async def test_who_is_told_of_but_hidden_again_is_shown_again(clinic) -> None:
    """A person put it back to pending with himself as owner: opened once more, without a note."""
    async with clinic(responder=_crew()) as c:
        conversation = await _left_by_people(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()
        await _swept(c)
        await c.chatwoot.assign(conversation, c.agent)
        await c.chatwoot.set_status(conversation, "pending")
        await c.settled()
        await c.says("alô, ainda estou esperando por vocês aqui")
        await c.settled()
        await _swept(c)

        assert conversation.status == "open"
        assert len(_announcements(conversation)) == 1


@pytest.mark.parametrize("words", ["ok, obrigado!", "Beleza", "👍🏽", "tá bom, até amanhã"])
async def test_a_plain_thanks_to_people_is_no_wait(clinic, words) -> None:
    """Nobody has to be told that the customer said thank you; a question after it counts."""
    async with clinic(responder=_crew()) as c:
        conversation = await _left_by_people(c)
        await c.says(words)
        await c.settled()
        await _swept(c)
        silent = len(_announcements(conversation))
        await c.says("na verdade, alguém pode me ligar hoje?")
        await c.settled()
        await _swept(c)

        assert silent == 0
        assert len(_announcements(conversation)) == 1
        assert conversation.status == "open"


async def test_nothing_is_announced_once_a_person_has_answered(clinic) -> None:
    """The customer's word is not the last one any more."""
    async with clinic(responder=_crew()) as c:
        conversation = await _handed_off(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()
        await c.chatwoot.agent_says(conversation, "Claro, já estou aqui.")
        await c.settled()

        assert await _swept(c) == 0
        assert _announcements(conversation) == []


async def test_sweeps_of_many_workers_announce_once(clinic) -> None:
    """Of sweeps that look at once, one wins; one that is late finds the word marked."""
    async with clinic(responder=_crew()) as c:
        conversation = await _left_by_people(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()
        c.bot.parts.sweep.policy = AT_ONCE
        found = await asyncio.gather(*(c.bot.parts.sweep.run() for _ in range(4)))
        await c.settled()

        assert sum(found) == 1
        assert len(_announcements(conversation)) == 1


async def test_an_announcement_is_repeated_until_chatwoot_takes_it_and_never_doubled(
    clinic,
) -> None:
    """Chatwoot refuses connections: the note waits in the outbox, like any decided reply (N3)."""
    async with clinic(responder=_crew()) as c:
        conversation = await _left_by_people(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()
        await c.chatwoot.refuse_connections()
        await _swept(c, idle=True)
        async with asyncio.timeout(10):
            while not (await c.bot.outbox.undelivered())[PartState.PLANNED]:
                await asyncio.sleep(0.01)
        await _swept(c, idle=True)
        await c.chatwoot.accept_connections()
        await c.chatwoot.wait_for(lambda: _announcements(conversation), timeout=20.0)
        await c.settled()
        await _swept(c)

        assert len(_announcements(conversation)) == 1


async def test_a_lost_answer_to_an_announcement_makes_no_second_note(clinic) -> None:
    """The POST was done, its answer got lost; the echo says so."""
    async with clinic(responder=_crew()) as c:
        conversation = await _left_by_people(c)
        await c.says("alguém pode me atender agora, por favor?")
        await c.settled()
        c.chatwoot.faults.drop_response(endpoint="create_message")
        await _swept(c)

        assert len(_announcements(conversation)) == 1


async def test_a_conversation_that_chatwoot_opened_itself_is_left_to_people(clinic) -> None:
    """Its own line says so in the conversation, and the bot stays its owner: count, no note."""
    async with clinic(responder=ScriptedResponder(lambda ask: "resposta", delay=1.0)) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.idle()
        await c.chatwoot.set_status(conversation, "open")
        await c.settled()
        await _swept(c)
        await _swept(c)

        assert conversation.owner is c.agent_bot
        assert conversation.notes == []
        assert await c.bot.metric("chatcrew_sweeps_total") == 1


async def test_another_bots_conversation_is_not_ours_to_open(clinic) -> None:
    """The owner is another bot: neither answered nor opened nor announced."""
    async with clinic(responder=_crew()) as c:
        other = c.account.add_bot(8)
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await c.chatwoot.assign(conversation, other)
        await c.settled()
        await c.says("e quanto tempo demora o laudo dela afinal?")
        await c.settled()
        await _swept(c)

        assert conversation.status == "pending"
        assert conversation.notes == []
        assert len(conversation.public_bot_replies) == 1
