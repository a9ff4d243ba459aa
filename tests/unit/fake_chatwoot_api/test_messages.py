"""FakeChatwoot stores, renders, refuses and lists messages as Chatwoot does (N12)."""

from typing import Any

import aiohttp
import pytest

from chatcrew.testing import Account, ApiClient, Conversation, FakeChatwoot, File, ManualClock


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"content": "x", "content_type": "rich"}, "'rich' is not a valid content_type"),
        (
            {"content": "x" * 150_001},
            "Validation failed: Content is too long (maximum is 150000 characters)",
        ),
        (
            {"content": "x", "content_type": "input_select", "content_attributes": {}},
            "Validation failed: Content attributes At least one item is required.",
        ),
        (
            {
                "content": "x",
                "content_type": "input_select",
                "content_attributes": {"items": [{"title": "a", "value": "b", "id": 1}]},
            },
            "Validation failed: Content attributes contains invalid keys for items : [:id]",
        ),
        ({"content": "x", "message_type": "incoming"}, "Incoming messages are only allowed"),
    ],
)
async def test_a_message_chatwoot_cannot_store_is_422(
    bot: ApiClient, conversation: Conversation, params: dict[str, Any], error: str
) -> None:
    """422 with the reason, and nothing stored (4.1)."""
    status, body = await bot.call("POST", "/conversations/1/messages", **params)

    assert status == 422
    assert body["error"].startswith(error)
    assert len(conversation.messages) == 1


async def test_more_than_200_messages_in_a_minute_are_422(
    bot: ApiClient, conversation: Conversation, clock: ManualClock
) -> None:
    """Counted per conversation, over the last 60 s."""
    answers = [
        await bot.call("POST", "/conversations/1/messages", content=str(n)) for n in range(200)
    ]

    assert [status for status, _ in answers] == [200] * 199 + [422]
    assert answers[-1][1] == {"error": "Validation failed: Too many messages"}

    await clock.advance(61)
    assert (await bot.call("POST", "/conversations/1/messages", content="agora sim"))[0] == 200


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Olá {{ contact.name }}!", "Olá Maria da Silva!"),
        ("seu fone é {{contact.phone_number}}", "seu fone é +5511900000000"),
        ("{{ contact.first_name | upcase }}", "MARIA"),
        ("{{ nada.disso }}fim", "fim"),
        ("{{ nada | default: 'x' }}", "x"),
        ("{% if true %}a{% endif %}", "a"),
        ("código `{{ contact.name }}` fica", "código `{{ contact.name }}` fica"),
        ("{\u200b{ contact.name }\u200b}", "{\u200b{ contact.name }\u200b}"),
        ("aberto {{ contact.name", "aberto {{ contact.name"),
    ],
)
async def test_outgoing_text_is_rendered_as_liquid(
    bot: ApiClient, conversation: Conversation, sent: str, stored: str
) -> None:
    """Model text with {{…}} leaks contact data unless the braces were neutralised (4.1)."""
    _, body = await bot.call("POST", "/conversations/1/messages", content=sent)

    assert body["content"] == stored


async def test_a_customers_braces_are_left_alone(
    cw: FakeChatwoot, conversation: Conversation
) -> None:
    """Only outgoing messages are rendered."""
    message = await cw.customer_replies(conversation, "{{ contact.name }}")

    assert message is not None
    assert message.content == "{{ contact.name }}"


async def test_messages_are_listed_by_id(
    cw: FakeChatwoot, person: ApiClient, bot: ApiClient, conversation: Conversation
) -> None:
    """Newest 20; before: 20 smaller ones; after: larger ones; always ascending (4.1)."""
    for number in range(30):
        await cw.bot_says(conversation, str(number))
    ids = [m.id for m in conversation.messages]

    async def listed(query: str) -> list[int]:
        _, body = await person.call("GET", f"/conversations/1/messages{query}")
        return [m["id"] for m in body["payload"]]

    assert await listed("") == ids[-20:]
    assert await listed(f"?before={ids[25]}") == ids[5:25]
    assert await listed(f"?after={ids[25]}") == ids[26:]
    assert await listed(f"?after={ids[3]}&before={ids[6]}") == ids[3:6]


async def test_a_message_with_a_source_id_never_reaches_the_customer(
    cw: FakeChatwoot, clock: ManualClock, bot: ApiClient, conversation: Conversation
) -> None:
    """It counts as one that came from the channel (4.1)."""
    await bot.call("POST", "/conversations/1/messages", content="perdida", source_id="x1")
    await clock.advance(10)
    await cw.idle()

    assert conversation.public_bot_replies == []
    assert conversation.messages[-1].status == "sent"


@pytest.mark.parametrize(
    ("content", "items"),
    [
        ("x" * 4097, []),
        ("Escolha", ["um título com mais de vinte letras"]),
        ("Escolha", [f"linha {n}" for n in range(11)]),
    ],
)
async def test_whatsapp_refuses_what_meta_refuses(
    cw: FakeChatwoot,
    clock: ManualClock,
    bot: ApiClient,
    conversation: Conversation,
    content: str,
    items: list[str],
) -> None:
    """Too long or too many: stored with 200, then failed with an external_error (7)."""
    params: dict[str, Any] = {"content": content}
    if items:
        listed = [{"title": t, "value": t} for t in items]
        params |= {"content_type": "input_select", "content_attributes": {"items": listed}}
    status, _ = await bot.call("POST", "/conversations/1/messages", **params)
    await clock.advance(10)
    await cw.idle()

    assert status == 200
    assert conversation.messages[-1].status == "failed"
    assert "external_error" in conversation.messages[-1].content_attributes


async def test_outside_the_24_hour_window_a_plain_message_fails(
    cw: FakeChatwoot, bot: ApiClient, conversation: Conversation, clock: ManualClock
) -> None:
    """can_reply turns false and the message is marked failed; a template goes out (7)."""
    await clock.advance(90000)
    _, seen = await bot.call("GET", "/conversations/1")
    await bot.call("POST", "/conversations/1/messages", content="Oi?")
    template = {"name": "oi", "category": "UTILITY", "language": "pt_BR", "processed_params": {}}
    await bot.call("POST", "/conversations/1/messages", content="Oi", template_params=template)
    await clock.advance(10)
    await cw.idle()

    assert seen["can_reply"] is False
    assert [m.status for m in conversation.messages[-2:]] == ["failed", "sent"]


async def test_attachments_are_downloaded_through_a_redirect(
    cw: FakeChatwoot, conversation: Conversation, session: aiohttp.ClientSession
) -> None:
    """data_url answers 302, only behind it is the file (3.5)."""
    voice = File("audio", "voz.ogg", "audio/ogg", b"OggS...")
    await cw.customer_replies(conversation, None, files=[voice])
    key = conversation.messages[-1].attachments[0].key
    url = f"{cw.url}/rails/active_storage/blobs/redirect/{key}/voz.ogg"

    async with session.get(url, allow_redirects=False) as answer:
        assert answer.status == 302
    async with session.get(url) as answer:
        assert await answer.read() == b"OggS..."


async def test_multipart_creates_a_message_with_files(
    cw: FakeChatwoot,
    account: Account,
    conversation: Conversation,
    session: aiohttp.ClientSession,
) -> None:
    """attachments[] as form data, content_attributes as a JSON string (4.1)."""
    form = aiohttp.FormData()
    form.add_field("content", "segue")
    form.add_field("content_attributes", '{"tag": "x"}')
    form.add_field("attachments[]", b"%PDF", filename="nota.pdf", content_type="application/pdf")
    url = f"{cw.url}/api/v1/accounts/3/conversations/1/messages"
    headers = {"api_access_token": account.bots[7].access_token}

    async with session.post(url, data=form, headers=headers) as answer:
        body = await answer.json()

    assert body["attachments"][0]["file_type"] == "file"
    assert body["content_attributes"] == {"tag": "x"}
    assert conversation.messages[-1].attachments[0].file.data == b"%PDF"
