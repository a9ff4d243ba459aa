"""The sweep over Chatwoot's list: what no webhook told us is found and answered once (S3-11)."""

import asyncio
from pathlib import Path

import pytest
import yaml

from chatcrew.ids import ConversationId
from chatcrew.tenancy import load
from chatcrew.testing import WebhookSink, rails_json
from chatcrew.testing._debts_sql import grow_older
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import names
from chatcrew.worker import SweepPolicy

AT_ONCE = SweepPolicy(older_than=0.0, grace=0.0, every=0.0)
READS = ("list_conversations", "list_messages")


def _crew() -> ScriptedResponder:
    return ScriptedResponder(lambda ask: f"Sobre: {ask.inputs['message']}")


async def _swept(c, policy: SweepPolicy = AT_ONCE) -> int:
    """Let the sweep look now, and the bot finish what follows from it."""
    c.bot.parts.sweep.policy = policy
    found = await c.bot.parts.sweep.run()
    await c.settled()
    return found


async def _while_away(c, *texts: str):
    """Let the customer write while Chatwoot tells nobody; return the conversation."""
    address, c.agent_bot.outgoing_url = c.agent_bot.outgoing_url, None
    for text in texts:
        conversation = await c.says(text)
    await c.chatwoot.idle()
    c.agent_bot.outgoing_url = address
    return conversation


async def _state(c, conversation):
    return await c.bot.base.mailbox.state(ConversationId("demo", "clinic-bot", conversation.id))


@pytest.fixture
def crews_dir(prompt_crews: Path) -> Path:
    """Customers here send one message at a time."""
    return prompt_crews


async def test_messages_whose_webhooks_were_lost_are_found_and_answered_once(clinic) -> None:
    """All of the burst is read, and one answer covers it; a second look finds nothing."""
    crew = _crew()
    async with clinic(responder=crew, user_token=True) as c:
        conversation = await _while_away(
            c, "tenho uma dúvida sobre o exame", "é sobre o laudo da minha mãe"
        )
        assert await _swept(c) == 1
        assert await _swept(c) == 0

        assert len(conversation.public_bot_replies) == 1
        assert "dúvida sobre o exame\né sobre o laudo" in crew.asked[0].inputs["message"]
        assert conversation.status == "pending"


async def test_lost_messages_of_a_known_conversation_complete_its_history(clinic) -> None:
    """Only what came after our newest message is read, and the new answer knows the old one."""
    crew = _crew()
    async with clinic(responder=crew, user_token=True) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        await _while_away(c, "e o preparo para ele, como é que funciona?")
        await _swept(c)

        assert len(conversation.public_bot_replies) == 2
        assert "como é que funciona" in crew.asked[-1].inputs["message"]
        assert "minha mãe" in crew.asked[-1].inputs["history"]
        (read,) = [call for call in c.chatwoot.requests if call.endpoint == "list_messages"]
        assert int(read.query["after"]) == conversation.public_bot_replies[0].id


async def test_a_webhook_that_comes_late_is_a_duplicate(clinic) -> None:
    """Chatwoot's queue was stuck: the message was answered already when its webhook comes."""
    async with clinic(responder=_crew(), user_token=True) as c, WebhookSink() as sink:
        address, c.agent_bot.outgoing_url = c.agent_bot.outgoing_url, sink.url
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.idle()
        c.agent_bot.outgoing_url = address
        await _swept(c)
        answered = len(conversation.public_bot_replies)
        for body in sink.of("message_created"):
            status, _ = await c.chatwoot.deliver(c.agent_bot, rails_json(body))
            assert status == 200
        await c.settled()
        await _swept(c)

        assert answered == 1
        assert len(conversation.public_bot_replies) == 1


async def test_without_a_user_token_nothing_is_asked(clinic) -> None:
    """A bot's token may not list (contract §2.5)."""
    async with clinic(responder=_crew()) as c:
        await _while_away(c, "tenho uma dúvida sobre o exame da minha mãe")
        before = c.chatwoot.calls.total()

        assert await _swept(c) == 0
        assert c.chatwoot.calls.total() == before


@pytest.mark.parametrize("endpoint", READS)
async def test_a_server_error_is_tried_again_next_round(clinic, endpoint: str) -> None:
    """Three tries, then the round ends; nothing is marked as seen."""
    async with clinic(responder=_crew(), user_token=True) as c:
        conversation = await _while_away(c, "tenho uma dúvida sobre o exame da minha mãe")
        c.chatwoot.faults.fail(500, times=3, endpoint=endpoint)
        await _swept(c)
        assert conversation.public_bot_replies == []
        await _swept(c)

        assert len(conversation.public_bot_replies) == 1


async def test_a_fresh_message_is_left_to_its_webhook(clinic) -> None:
    """Chatwoot tries three times within some seconds; the sweep does not race it."""
    async with clinic(responder=_crew(), user_token=True) as c:
        conversation = await _while_away(c, "tenho uma dúvida sobre o exame da minha mãe")
        await _swept(c, SweepPolicy(older_than=0.0, every=0.0))

        assert conversation.public_bot_replies == []


async def test_messages_from_before_the_bot_are_left_alone(clinic) -> None:
    """A bot that is plugged into an old account answers nobody's question of last month."""
    async with clinic(responder=_crew(), user_token=True) as c:
        conversation = await _while_away(c, "tenho uma dúvida sobre o exame da minha mãe")
        await _swept(c, SweepPolicy(older_than=0.0, grace=0.0, every=0.0, newest_age=-1.0))

        assert conversation.public_bot_replies == []
        assert c.chatwoot.calls["list_messages"] == 0


async def test_a_person_who_answered_meanwhile_is_not_talked_over(clinic) -> None:
    """The lost messages hold a takeover: known as one, and the customer is made visible."""
    async with clinic(responder=_crew(), user_token=True) as c:
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.reply(conversation)
        await c.settled()
        address, c.agent_bot.outgoing_url = c.agent_bot.outgoing_url, None
        await c.chatwoot.agent_says(conversation, "Oi, aqui é a Patrícia!")
        await c.says("obrigada! e quanto tempo demora o laudo?")
        c.agent_bot.outgoing_url = address
        await _swept(c)
        await _swept(c)

        assert len(conversation.public_bot_replies) == 1
        assert conversation.status == "open"
        assert len(conversation.notes) == 1


async def test_a_conversation_that_chatwoot_opened_is_left_to_people_and_watched(clinic) -> None:
    """The webhook was refused for good: people see it, no note now; their clock runs (N14)."""
    async with clinic(responder=_crew(), user_token=True) as c:
        address = c.agent_bot.outgoing_url
        c.agent_bot.outgoing_url = "http://127.0.0.1:9/nobody-listens"
        conversation = await c.says("tenho uma dúvida sobre o exame da minha mãe")
        await c.chatwoot.idle()
        c.agent_bot.outgoing_url = address
        await _swept(c)
        await _swept(c)

        assert conversation.status == "open"
        assert conversation.public_bot_replies == []
        assert conversation.notes == []
        assert await c.bot.metric("chatcrew_sweeps_total", action="recovered") == 1
        assert await c.bot.metric("chatcrew_sweeps_total", action="left_open") == 1
        assert await c.bot.metric("chatcrew_sweeps_total") == 2
        state = await _state(c, conversation)
        assert state.last_customer_id == conversation.messages[0].id
        await grow_older(c.bot.base.database, minutes=2)
        assert await c.bot.parts.debts.find() == 1


async def test_a_lost_message_after_a_handoff_is_announced(clinic) -> None:
    """Open because we gave it to people, who left it: history, then one note."""
    async with clinic(responder=_crew(), user_token=True) as c:
        conversation = await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        await c.chatwoot.agent_says(conversation, "Um momento, já vejo isso.")
        await c.chatwoot.assign(conversation, None)
        await c.settled()
        await c.bot.parts.debts.run()
        notes = len(conversation.notes)
        await _while_away(c, "alguém pode me atender agora, por favor?")
        await _swept(c)
        await _swept(c)
        await _swept(c)

        assert len(conversation.notes) == notes + 1
        assert len(conversation.public_bot_replies) == 1


async def test_a_lost_hand_back_is_noticed_and_the_customer_answered(clinic) -> None:
    """We think that it is people's; Chatwoot shows it pending and the bot's again."""
    async with clinic(responder=_crew(), user_token=True) as c:
        conversation = await c.says("quero falar com um atendente humano")
        await c.chatwoot.wait_for(lambda: conversation.status == "open")
        await c.settled()
        await c.says("quanto tempo dura a recuperação do meu pai?")
        await c.settled()
        address, c.agent_bot.outgoing_url = c.agent_bot.outgoing_url, None
        await c.chatwoot.assign(conversation, c.agent_bot)
        await c.chatwoot.set_status(conversation, "pending")
        c.agent_bot.outgoing_url = address
        # Our own records know an open conversation that waits: not yet for a minute.
        await _swept(c, SweepPolicy(grace=0.0, every=0.0))

        assert len(conversation.public_bot_replies) == 2
        assert "recuperação do meu pai" in conversation.public_bot_replies[-1].content


async def test_a_greeting_behind_the_customers_words_does_not_hide_them(clinic) -> None:
    """Chatwoot's own greeting is the newest message of a first contact, and answers nothing."""
    async with clinic(responder=_crew(), user_token=True) as c:
        c.inbox.greeting_message = "Olá! Já vamos atender você."
        conversation = await _while_away(c, "tenho uma dúvida sobre o exame da minha mãe")
        assert conversation.messages[-1].message_type == "template"
        await _swept(c)

        assert len(conversation.public_bot_replies) == 1


async def test_another_inbox_is_never_answered(clinic) -> None:
    """An inbox that the mapping does not name may be another bot's, and nobody told us of it."""
    async with clinic(responder=_crew(), user_token=True) as c:
        other = c.account.add_inbox(22, channel="Channel::Whatsapp")
        other.bot = None
        conversation = await c.chatwoot.customer_says(other, c.contact, "isto é só para pessoas")
        await c.chatwoot.set_status(conversation, "pending")
        await c.chatwoot.idle()
        await _swept(c)

        assert conversation.public_bot_replies == []
        assert await _state(c, conversation) is None


async def test_the_lists_of_an_inbox_that_people_deleted_are_not_read(clinic, tmp_path) -> None:
    """Whether it is there is asked once, and not in every round; one that is there is read."""
    for there in (False, True):
        async with clinic(user_token=True) as c:
            await asyncio.to_thread(_map_by_inbox, c, tmp_path)
            if not there:
                del c.account.inboxes[21]
            for _ in range(3):
                await _swept(c)

            assert c.chatwoot.calls["list_conversations"] == (6 if there else 0)
            assert c.chatwoot.calls["show_inbox"] == 1


def _map_by_inbox(c, folder: Path) -> None:
    """Name the business at its inbox, so that no other inbox of the account has one."""
    mapping = folder / "chatwoot_mapping.yaml"
    body = yaml.safe_load(mapping.read_text("utf-8"))
    account = body["accounts"]["demo"]
    account["inboxes"]["21"]["tenant"] = account.pop("tenant")
    mapping.write_text(yaml.safe_dump(body), "utf-8")
    root = Path(__file__).parents[2]
    c.bot.base.directory.swap(load(mapping, root / "config", root / "crews", tools=names()))
