"""FakeChatwoot delivers webhooks with Chatwoot's promises, and only with those (N12)."""

import socket
from collections.abc import AsyncIterator, Callable

import pytest

from chatcrew.testing import (
    Account,
    Conversation,
    Disorder,
    FakeChatwoot,
    Received,
    WebhookSink,
    rails_json,
    sign,
)


@pytest.fixture
async def sink() -> AsyncIterator[WebhookSink]:
    """A bot address that records what it gets."""
    async with WebhookSink() as server:
        yield server


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000, webhook_timeout=0.2) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot, sink: WebhookSink) -> Account:
    """An account with a bot."""
    account = cw.add_account(3)
    account.add_inbox(21, "WhatsApp Loja")
    account.add_bot(7, outgoing_url=sink.url, secret="ExemploSegredo24caracter")
    return account


async def write(cw: FakeChatwoot, account: Account, text: str = "Oi") -> Conversation:
    """Let the customer write and wait until everything was delivered."""
    contact = account.contacts.get(501) or account.add_contact(501, phone_number="+5511900000000")
    conversation = await cw.customer_says(account.inboxes[21], contact, text)
    await cw.idle()
    return conversation


def on_messages(status: int) -> Callable[[Received], int]:
    """Answer message events with a status, all others with 200."""
    return lambda request: status if request.event.startswith("message") else 200


def message_attempts(sink: WebhookSink) -> list[Received]:
    """Return the attempts to deliver a message_created."""
    return [r for r in sink.received if r.event == "message_created"]


async def test_the_signature_is_over_timestamp_dot_raw_body(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """sha256= and lower hex, over the very bytes that were sent (1.2)."""
    await write(cw, account, "Preço < R$ 50 & frete? ção 😀")

    for request in sink.received:
        timestamp = request.headers["X-Chatwoot-Timestamp"]
        expected = sign("ExemploSegredo24caracter", timestamp, request.body)
        assert request.headers["X-Chatwoot-Signature"] == expected
        assert request.headers["Content-Type"] == "application/json"


async def test_the_body_is_one_line_of_rails_json(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """<, >, &, U+2028 and U+2029 are escaped, everything else is raw UTF-8."""
    await write(cw, account, "a<b>&c\u2028\u2029 ção 😀\n")

    body = message_attempts(sink)[0].body
    assert b"a\\u003cb\\u003e\\u0026c\\u2028\\u2029 \xc3\xa7\xc3\xa3o \xf0\x9f\x98\x80\\n" in body
    assert b"\n" not in body


async def test_a_bot_without_secret_is_not_signed(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """Before 4.13.0 bot webhooks carry no signature at all."""
    account.bots[7].secret = None
    await write(cw, account)

    assert all("X-Chatwoot-Signature" not in r.headers for r in sink.received)
    assert all("X-Chatwoot-Timestamp" not in r.headers for r in sink.received)


@pytest.mark.parametrize("status", [429, 500])
async def test_429_and_500_are_tried_three_times_under_one_delivery_id(
    cw: FakeChatwoot, account: Account, sink: WebhookSink, status: int
) -> None:
    """Three attempts; then the pending conversation is opened with an activity line (1.4)."""
    sink.answer = on_messages(status)
    conversation = await write(cw, account)

    attempts = message_attempts(sink)
    assert len(attempts) == 3
    assert len({r.headers["X-Chatwoot-Delivery"] for r in attempts}) == 1
    assert len({r.body for r in attempts}) == 1
    assert conversation.status == "open"
    assert conversation.owner is account.bots[7]
    assert conversation.activity == [
        "A conversa foi marcada como aberta pelo sistema devido a um erro com o robô "
        "de atendimento."
    ]


async def test_a_retry_that_succeeds_leaves_the_conversation_pending(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """Two refusals and a success are a success."""
    sink.answer = lambda _request: 500 if len(message_attempts(sink)) in {1, 2} else 200
    conversation = await write(cw, account)

    assert len(message_attempts(sink)) == 3
    assert conversation.status == "pending"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 502, 503, 504])
async def test_every_other_failure_opens_at_once(
    cw: FakeChatwoot, account: Account, sink: WebhookSink, status: int
) -> None:
    """No retry for anything but 429 and 500."""
    sink.answer = on_messages(status)
    conversation = await write(cw, account)

    assert len(message_attempts(sink)) == 1
    assert conversation.status == "open"


async def test_silence_beyond_the_timeout_opens(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """The 5 s rule (here 0.2 s): no answer, no retry (complaint 1)."""
    sink.answer = on_messages(-1)
    conversation = await write(cw, account)

    assert len(message_attempts(sink)) == 1
    assert conversation.status == "open"


async def test_a_refused_connection_opens(cw: FakeChatwoot, account: Account) -> None:
    """A server that is down costs the conversation."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        account.bots[7].outgoing_url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    conversation = await write(cw, account)

    assert conversation.status == "open"


async def test_a_failed_conversation_event_opens_nothing(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """Only message events have the consequence."""
    sink.answer = lambda request: 200 if request.event.startswith("message") else 500
    conversation = await write(cw, account)

    assert conversation.status == "pending"


async def test_keep_pending_on_bot_failure_keeps_it_pending(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """The hidden account setting (since 4.11.0)."""
    account.keep_pending_on_bot_failure = True
    sink.answer = on_messages(502)
    conversation = await write(cw, account)

    assert conversation.status == "pending"


async def test_inbox_bot_and_owning_bot_are_both_told(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """Bot A on the inbox, bot B as owner: both get the event (2.1)."""
    other = account.add_bot(8, outgoing_url=sink.url + "/b", secret="outro", inboxes=[])
    conversation = await write(cw, account)
    await cw.assign(conversation, other)
    await write(cw, account, "de novo")

    told = [r.path for r in message_attempts(sink) if r.json["content"] == "de novo"]
    assert sorted(told) == ["/hook", "/hook/b"]


async def test_a_whatsapp_reply_of_the_bot_comes_back_and_then_four_receipts(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """message_created, then updates for source_id, sent, delivered and read (1.6)."""
    conversation = await write(cw, account)
    reply = await cw.bot_says(conversation, "Olá!", attributes={"tag": "x"})
    await cw.idle()

    echo = message_attempts(sink)[-1].json
    assert echo["sender"] == {"id": 7, "name": "Atendente Virtual", "type": "agent_bot"}
    assert echo["content_attributes"] == {"tag": "x"}
    assert len(sink.of("message_updated")) == 4
    assert (reply.status, reply.source_id is not None) == ("read", True)


async def test_account_webhooks_get_what_bots_do_not(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """conversation_created and typing go to account webhooks, opened and resolved do not (2.2)."""
    account.add_webhook(sink.url + "/account", secret="conta")
    conversation = await write(cw, account)
    await cw.typing(conversation)
    await cw.resolve(conversation)
    await cw.idle()

    by_path = {
        path: {r.event for r in sink.received if r.path == path}
        for path in ("/hook", "/hook/account")
    }
    assert {"conversation_created", "conversation_typing_on"} <= by_path["/hook/account"]
    assert "conversation_resolved" not in by_path["/hook/account"]
    assert "conversation_resolved" in by_path["/hook"]
    assert not {"conversation_created", "conversation_typing_on"} & by_path["/hook"]


async def test_an_account_webhook_is_never_retried_and_never_opens(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """Its failure is only logged."""
    account.add_webhook(sink.url + "/account", subscriptions=["message_created"])
    sink.answer = lambda request: 500 if request.path == "/hook/account" else 200
    conversation = await write(cw, account)

    assert len([r for r in sink.received if r.path == "/hook/account"]) == 1
    assert conversation.status == "pending"


async def test_shuffled_deliveries_lose_their_order_and_duplicates_have_their_own_id(
    sink: WebhookSink,
) -> None:
    """No ordering and #11901: the same message twice under two delivery ids."""
    disorder = Disorder(shuffle=30.0, duplicates=1.0, seed=4)
    async with FakeChatwoot(speed=1000, disorder=disorder) as cw:
        account = cw.add_account(3)
        account.add_inbox(21)
        account.add_bot(7, outgoing_url=sink.url)
        contact = account.add_contact(501)
        for number in range(12):
            await cw.customer_says(account.inboxes[21], contact, str(number))
        await cw.idle()

    ids = [r.json["id"] for r in message_attempts(sink)]
    assert len(ids) == 24
    assert ids != sorted(ids)
    assert len({r.headers["X-Chatwoot-Delivery"] for r in sink.received}) == len(sink.received)


async def test_an_api_inbox_that_refuses_marks_the_message_failed(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """api_inbox_webhook: failed plus external_error, once (1.1)."""
    inbox = account.add_inbox(
        31, "Gateway", channel="Channel::Api", bot=account.bots[7], webhook_url=sink.url + "/api"
    )
    conversation = await cw.customer_says(inbox, account.add_contact(502), "Oi")
    await cw.idle()
    sink.answer = lambda request: 503 if request.path == "/hook/api" else 200

    reply = await cw.bot_says(conversation, "Olá")
    await cw.idle()

    assert reply.status == "failed"
    assert reply.content_attributes["external_error"] == "webhook answered 503"


async def test_deliver_posts_a_given_payload_signed_now(
    cw: FakeChatwoot, account: Account, sink: WebhookSink
) -> None:
    """Recorded payloads can be sent as Chatwoot would send them."""
    payload = {"event": "message_created", "content": "<b>"}
    status, _ = await cw.deliver(account.bots[7], payload, delivery="abc")

    request = sink.received[0]
    assert status == 200
    assert request.body == rails_json(payload)
    assert request.headers["X-Chatwoot-Delivery"] == "abc"
