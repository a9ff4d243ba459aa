"""What FakeChatwoot sends for a story, verified and classified from its raw bytes."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from chatcrew.chatwoot import webhook
from chatcrew.messages import Effect, Weight
from chatcrew.tenancy.model import Bot, Secret
from chatcrew.testing import Account, AgentBot, FakeChatwoot, WebhookSink

BOT = Bot(
    name="loja-bot",
    account="loja",
    account_id=3,
    base_url="http://127.0.0.1",
    agent_bot_id=7,
    token=Secret("env:TOKEN"),
)


@pytest.fixture
async def sink() -> AsyncIterator[WebhookSink]:
    """Where the bot's webhooks arrive."""
    async with WebhookSink() as sink:
        yield sink


@pytest.fixture
async def chatwoot() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot whose waits are short."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(chatwoot: FakeChatwoot) -> Account:
    """Account 3 with an agent."""
    account = chatwoot.add_account(3)
    account.add_agent(12, "Patrícia Gomes")
    return account


async def reactions(
    chatwoot: FakeChatwoot, sink: WebhookSink, bot: AgentBot
) -> list[webhook.Classified]:
    """Return what the bot makes of everything sent until Chatwoot is quiet."""
    await chatwoot.idle()
    assert bot.secret is not None
    found = []
    for received in sink.received:
        verified = webhook.verify(
            received.body,
            received.headers,
            secrets={"agent_bot": [bot.secret.encode()]},
            policy="required",
            now=chatwoot.clock.now().timestamp(),
        )
        assert verified.sender == "agent_bot"
        found.append(webhook.classify(webhook.parse(received.body), bot=BOT))
    return found


async def test_a_takeover_at_the_desk_reads_as_one(
    chatwoot: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """Question, answer with receipts, command, takeover, phone, automation, resolution (S4-01)."""
    inbox = account.add_inbox(21, "WhatsApp Loja")
    bot = account.add_bot(7, outgoing_url=sink.url)
    maria = account.add_contact(501, "Maria da Silva", phone_number="+5511900000000")

    conversation = await chatwoot.customer_says(inbox, maria, "Oi")
    await chatwoot.bot_says(
        conversation, "Olá!", attributes={"chatcrew": {"tag": "t-1", "rung": "crew"}}
    )
    await chatwoot.idle()  # receipts name their status only while theirs is the newest message
    await chatwoot.agent_says(conversation, "/bot pausar", private=True)
    spoken = await chatwoot.agent_says(conversation, "Sou a Patrícia")
    await chatwoot.phone_echo(conversation, "pelo celular")
    await chatwoot.automation_says(conversation, "automática")
    await chatwoot.delete(spoken)
    await chatwoot.resolve(conversation, by=account.agents[12])

    found = await reactions(chatwoot, sink, bot)
    effects = Counter(item.change.effect for item in found)
    turns = [item.reason for item in found if item.weight is Weight.TURN]
    echoes = [item for item in found if item.change.effect is Effect.OWN_ECHO]
    receipts = {item.change.receipt.status for item in found if item.change.receipt is not None}

    assert sorted(turns) == ["command", "customer_message"]
    assert effects[Effect.PERSON_SPOKE] == 1
    assert effects[Effect.PHONE_SPOKE] == 1
    assert {item.change.deleted_id for item in found} == {None, spoken.id}
    assert [item.change.line and item.change.line.tag for item in echoes] == ["t-1"]
    assert receipts == {"sent", "delivered", "read"}
    assert "conversation_resolved" in {item.reason for item in found}
    assert "bookkeeping" in {item.reason for item in found}
    assert all(item.conversation == conversation.id for item in found)


async def test_a_tap_in_the_widget_is_input_once(
    chatwoot: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """The choice arrives as an update of our own question."""
    inbox = account.add_inbox(24, "Site", channel="Channel::WebWidget")
    bot = account.add_bot(7, outgoing_url=sink.url)
    rafael = account.add_contact(505, "Rafael Souza")
    items = [{"title": "Agendar", "value": "agendar"}, {"title": "Preços", "value": "precos"}]

    conversation = await chatwoot.customer_says(inbox, rafael, "Olá")
    question = await chatwoot.bot_says(
        conversation, "Como posso ajudar?", content_type="input_select", attributes={"items": items}
    )
    await chatwoot.click(question, "Agendar")

    found = await reactions(chatwoot, sink, bot)
    chosen = [item.change.line for item in found if item.change.effect is Effect.CHOICE]

    assert [line and line.text for line in chosen] == ["Agendar"]
    assert sum(item.weight is Weight.TURN for item in found) == 2


async def test_chatwoots_own_opening_after_a_failed_webhook_is_told_from_a_hand_off(
    chatwoot: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """The bot stays as owner of an open conversation only when nobody took it (complaint 1)."""
    inbox = account.add_inbox(21, "WhatsApp Loja")
    bot = account.add_bot(7, outgoing_url=sink.url)
    maria = account.add_contact(501, "Maria da Silva")
    sink.answer = lambda received: 400 if received.event == "message_created" else 200

    conversation = await chatwoot.customer_says(inbox, maria, "Oi")
    failed = await reactions(chatwoot, sink, bot)
    sink.received.clear()
    await chatwoot.set_status(conversation, "pending")
    await chatwoot.set_status(conversation, "open", by=bot)
    handed = await reactions(chatwoot, sink, bot)

    assert Effect.CHATWOOT_OPENED in {item.change.effect for item in failed}
    assert Effect.CHATWOOT_OPENED not in {item.change.effect for item in handed}
