"""FakeChatwoot's webhooks have the shapes of the samples."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chatcrew.testing import Account, Conversation, FakeChatwoot, File, WebhookSink

SAMPLES = Path(__file__).parents[1] / "samples" / "chatwoot"


def sample(name: str) -> Any:
    """Return a webhook sample."""
    return json.loads((SAMPLES / "payloads" / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Any, path: str = "$") -> set[str]:
    """Return every path with its JSON type; free-form objects are not looked into."""
    free = ("additional_attributes", "custom_attributes", "changed_attributes", "template_params")
    if isinstance(value, dict) and not path.endswith(free):
        inner = (shape(item, f"{path}.{key}") for key, item in value.items())
        return {path}.union(*inner)
    if isinstance(value, list) and value:
        return {path}.union(*(shape(item, f"{path}[]") for item in value))
    kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return {f"{path}:{kind or type(value).__name__}"}


@pytest.fixture
async def sink() -> AsyncIterator[WebhookSink]:
    """A bot address that records."""
    async with WebhookSink() as server:
        yield server


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot, sink: WebhookSink) -> Account:
    """Account 3, as in the samples."""
    account = cw.add_account(3)
    account.add_inbox(21, "WhatsApp Loja", phone_number="+5511911111111")
    account.add_bot(7, outgoing_url=sink.url)
    account.add_agent(12, "Patrícia Gomes", role="administrator")
    account.add_team(4)
    return account


@pytest.fixture
async def conversation(cw: FakeChatwoot, account: Account) -> Conversation:
    """A conversation with a customer's text."""
    maria = account.add_contact(501, "Maria da Silva", phone_number="+5511900000000")
    return await cw.customer_says(account.inboxes[21], maria, "Oi, boa tarde!")


async def told(sink: WebhookSink, cw: FakeChatwoot, event: str) -> Any:
    """Return the newest body of one event after everything was delivered."""
    await cw.idle()
    return sink.of(event)[-1]


async def test_a_customers_text_has_the_samples_shape(
    cw: FakeChatwoot, conversation: Conversation, sink: WebhookSink
) -> None:
    """Same keys, same types, everywhere."""
    body = await told(sink, cw, "message_created")

    assert shape(body) == shape(sample("message_created-whatsapp-text"))


@pytest.mark.parametrize(
    ("name", "file", "text"),
    [
        ("audio", File("audio", "voz.ogg", "audio/ogg", b"OggS"), None),
        ("image-caption", File("image", "foto.jpg", "image/jpeg", b"JFIF"), "olha"),
        ("document-empty-content", File("file", "nota.pdf", "application/pdf", b"%PDF"), None),
        (
            "location",
            File("location", meta={"lat": -23.5, "long": -46.6, "title": "Praça"}),
            None,
        ),
        (
            "contact-card",
            File("contact", meta={"phone": "+5511", "first_name": "C", "last_name": "E"}),
            "Carlos Exemplo",
        ),
    ],
)
async def test_attachments_have_the_samples_shape(
    cw: FakeChatwoot,
    conversation: Conversation,
    sink: WebhookSink,
    name: str,
    file: File,
    text: str | None,
) -> None:
    """Every kind has its own keys (3.5)."""
    await cw.customer_replies(conversation, text, files=[file])
    body = await told(sink, cw, "message_created")

    assert shape(body) == shape(sample(f"message_created-whatsapp-{name}"))


async def test_replies_of_bot_person_and_phone_have_the_samples_shapes(
    cw: FakeChatwoot, conversation: Conversation, sink: WebhookSink
) -> None:
    """Who spoke is told by sender and content_attributes (2.4)."""
    tag = {"exemplo_run_id": "run_1"}
    expected = []
    await cw.bot_says(conversation, "Olá", attributes=tag)
    expected.append("message_created-outgoing-bot-echo")
    await cw.agent_says(conversation, "Oi, sou a Patrícia")
    expected.append("message_created-outgoing-agent")
    await cw.phone_echo(conversation, "pelo celular")
    expected.append("message_created-outgoing-whatsapp-app-echo")
    await cw.idle()

    bodies = {b["id"]: b for b in sink.of("message_created")}
    got = [bodies[m.id] for m in conversation.messages[1:]]
    for body, name in zip(got, expected, strict=True):
        # Times differ by story (nobody answered yet, or somebody did); their kind may be null.
        assert shape(body) ^ shape(sample(name)) <= {
            "$.conversation.first_reply_created_at:NoneType",
            "$.conversation.first_reply_created_at:str",
        }


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("conversation_resolved", "conversation_resolved-by-agent"),
        ("conversation_status_changed", "conversation_status_changed-resolved"),
    ],
)
async def test_conversation_events_have_the_samples_shape(
    cw: FakeChatwoot,
    account: Account,
    conversation: Conversation,
    sink: WebhookSink,
    event: str,
    name: str,
) -> None:
    """The conversation stands at top level."""
    await cw.assign(conversation, account.agents[12])
    await cw.agent_says(conversation, "Pronto")
    await cw.resolve(conversation, by=account.agents[12])
    body = await told(sink, cw, event)

    # The newest public message is a person's here and the customer's there.
    ours, theirs = body | {"messages": []}, sample(name) | {"messages": []}
    assert shape(ours) == shape(theirs)


async def test_conversation_updated_lists_the_diff_as_the_samples_do(
    cw: FakeChatwoot, conversation: Conversation, sink: WebhookSink
) -> None:
    """Labels change two columns and updated_at (3.4)."""
    await cw.set_labels(conversation, ["entrega"])
    await cw.set_labels(conversation, ["entrega", "vip"])
    body = await told(sink, cw, "conversation_updated")
    expected = sample("conversation_updated-labels")

    ours = [next(iter(change)) for change in body["changed_attributes"]]
    assert ours == [next(iter(change)) for change in expected["changed_attributes"]]
    assert shape(body) == shape(expected)


async def test_account_webhook_events_have_the_samples_shapes(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """conversation_created and typing exist only there."""
    account.add_webhook(sink.url + "/account")
    maria = account.add_contact(502, "Maria", phone_number="+5511900000001")
    conversation = await cw.customer_says(account.inboxes[21], maria, "Oi")
    created = await told(sink, cw, "conversation_created")
    await cw.typing(conversation, on=False, by=account.agents[12])
    typing = await told(sink, cw, "conversation_typing_off")

    assert shape(created) == shape(sample("conversation_created-whatsapp"))
    assert shape(typing) == shape(sample("conversation_typing_off-agent-private"))
