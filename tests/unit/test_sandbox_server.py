"""The sandbox's server: state, buttons, live stream, and what keeps other pages out (S0-01)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from chatcrew.sandbox import Sandbox
from chatcrew.testing import Account, Conversation, FakeChatwoot

OWN = {"X-Chatcrew-Sandbox": "1"}


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot) -> Account:
    """An account with what a sandbox needs."""
    account = cw.add_account(3)
    account.add_inbox(21, "WhatsApp")
    account.add_bot(7, "Assistente")
    account.add_agent(12, "Patrícia Gomes")
    return account


@pytest.fixture
async def sandbox(cw: FakeChatwoot, account: Account) -> AsyncIterator[Sandbox]:
    """A served sandbox."""
    sandbox = Sandbox(
        cw,
        title="Clínica",
        model_configured=False,
        starters=["Oi", "Quanto custa?"],
        business_name="Clínica Varizemed",
    )
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.close()


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that does what the page's scripts do."""
    async with aiohttp.ClientSession(sandbox.url, headers=OWN) as session:
        yield session


async def state(page: aiohttp.ClientSession) -> Any:
    """Return what the page loads first."""
    async with page.get("api/state") as answer:
        assert answer.status == 200
        return await answer.json()


async def post(page: aiohttp.ClientSession, path: str, **body: Any) -> int:
    """Post what a button posts; returns the status."""
    async with page.post(path, json=body or None) as answer:
        return answer.status


@pytest.fixture
async def conversation(account: Account, page: aiohttp.ClientSession) -> Conversation:
    """The first customer's conversation, begun on the phone."""
    customer = (await state(page))["customers"][0]["id"]
    assert await post(page, f"api/customers/{customer}/messages", text="Oi") == 204
    return account.conversations[1]


async def test_the_first_state_offers_a_customer_and_says_that_there_is_no_model(
    page: aiohttp.ClientSession,
) -> None:
    """Nothing to set up before the first message."""
    loaded = await state(page)

    assert loaded["modelConfigured"] is False
    assert loaded["starters"] == ["Oi", "Quanto custa?"]
    assert loaded["businessName"] == "Clínica Varizemed"
    assert [c["name"] for c in loaded["customers"]] == ["Maria da Silva"]
    assert loaded["conversations"] == []


async def test_what_the_phone_writes_reaches_chatwoot_and_the_operators_state(
    page: aiohttp.ClientSession, conversation: Conversation
) -> None:
    """One message, seen from both sides."""
    shown = (await state(page))["conversations"][0]

    assert conversation.messages[0].content == "Oi"
    assert shown["status"] == "pending"
    assert shown["owner"] == {"name": "Assistente", "kind": "bot"}
    assert [m["kind"] for m in shown["messages"]] == ["customer"]


async def test_a_bots_reply_shows_its_engine_and_the_time_it_took(
    cw: FakeChatwoot, page: aiohttp.ClientSession, conversation: Conversation
) -> None:
    """The engine comes from content_attributes, the time from the messages."""
    tag = {"chatcrew": {"engine": "crewai", "turn": "t-1"}}
    await cw.bot_says(conversation, "Olá", attributes=tag)

    reply = (await state(page))["conversations"][0]["messages"][-1]

    assert (reply["kind"], reply["engine"], reply["turn"]) == ("bot", "crewai", "t-1")
    assert 0 <= reply["seconds"] < 5


@pytest.mark.parametrize("tag", [None, "x", {"engine": ["<b>"]}, {"engine": 1}])
async def test_a_strange_tag_is_shown_as_no_engine(
    cw: FakeChatwoot, page: aiohttp.ClientSession, conversation: Conversation, tag: Any
) -> None:
    """Any bot may talk here, so nothing about the tag is taken for granted."""
    await cw.bot_says(conversation, "Olá", attributes={"chatcrew": tag})

    reply = (await state(page))["conversations"][0]["messages"][-1]

    assert reply["engine"] is None


async def test_the_operators_buttons_do_what_chatwoots_do(
    account: Account, page: aiohttp.ClientSession, conversation: Conversation
) -> None:
    """Take over, hand back, resolve."""
    root = f"api/conversations/{conversation.id}"

    assert await post(page, f"{root}/take-over") == 204
    assert (conversation.status, conversation.owner) == ("open", account.agents[12])
    assert await post(page, f"{root}/hand-back") == 204
    assert (conversation.status, conversation.owner) == ("pending", account.bots[7])
    assert await post(page, f"{root}/resolve") == 204
    assert conversation.status == "resolved"


async def test_the_operator_answers_and_notes(
    page: aiohttp.ClientSession, conversation: Conversation
) -> None:
    """A note never reaches the customer's view."""
    root = f"api/conversations/{conversation.id}/messages"
    await post(page, root, text="Oi, sou a Patrícia")
    await post(page, root, text="cliente VIP", private=True)

    assert [m.content for m in conversation.customer_view] == ["Oi", "Oi, sou a Patrícia"]
    assert [m.content for m in conversation.notes] == ["cliente VIP"]


@pytest.mark.parametrize(
    ("file", "kind"), [("voice", "audio"), ("photo", "image"), ("location", "location")]
)
async def test_made_up_files_arrive_as_attachments(
    page: aiohttp.ClientSession, conversation: Conversation, file: str, kind: str
) -> None:
    """The attachment path can be tried without a phone."""
    customer = conversation.contact.id
    await post(page, f"api/customers/{customer}/messages", file=file)

    message = conversation.messages[-1]
    assert (message.content, message.attachments[0].file.kind) == (None, kind)


async def test_the_photo_is_served_as_a_real_png(
    page: aiohttp.ClientSession, conversation: Conversation
) -> None:
    """Only pictures are served, from the sandbox's own origin."""
    await post(page, f"api/customers/{conversation.contact.id}/messages", file="photo")
    url = (await state(page))["conversations"][0]["messages"][-1]["files"][0]["url"]

    async with page.get(url) as answer:
        assert answer.content_type == "image/png"
        assert (await answer.read()).startswith(b"\x89PNG\r\n")


async def test_a_button_is_tapped_by_its_title(
    cw: FakeChatwoot, page: aiohttp.ClientSession, conversation: Conversation
) -> None:
    """On WhatsApp the tap comes back as text; an unknown button is 404."""
    items = {"items": [{"title": "Sim", "value": "s"}]}
    menu = await cw.bot_says(
        conversation, "Pode ser?", content_type="input_select", attributes=items
    )
    path = f"api/customers/{conversation.contact.id}/messages"

    assert await post(page, path, text="Sim", chosen=menu.id) == 204
    assert conversation.messages[-1].content == "Sim"
    assert await post(page, path, text="Talvez", chosen=menu.id) == 404


async def test_every_change_is_streamed_with_the_whole_conversation(
    cw: FakeChatwoot, page: aiohttp.ClientSession, conversation: Conversation
) -> None:
    """A page that begins at seq N gets everything after N."""
    seq = (await state(page))["seq"]
    await cw.bot_says(conversation, "Olá")

    async with page.get(f"api/events?after={seq}") as stream, asyncio.timeout(5):
        async for line in stream.content:
            if line.startswith(b"data:"):
                view = json.loads(line[5:])
                break

    assert view["id"] == conversation.id
    assert view["messages"][-1]["text"] == "Olá"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 403), ({"X-Chatcrew-Sandbox": "1", "Host": "evil.example"}, 403), (OWN, 201)],
)
async def test_another_sites_page_cannot_write(
    sandbox: Sandbox, headers: dict[str, str], status: int
) -> None:
    """No own header (cross-site form) and a re-pointed host name are both refused."""
    async with (
        aiohttp.ClientSession(sandbox.url) as stranger,
        stranger.post("api/customers", headers=headers) as answer,
    ):
        assert answer.status == status


async def test_the_page_carries_a_strict_policy_and_nothing_from_elsewhere(
    page: aiohttp.ClientSession,
) -> None:
    """default-src 'self', no inline script or style, no address of another host."""
    async with page.get("") as answer:
        html = await answer.text()
        policy = answer.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'self'")
    assert "unsafe-inline" not in policy
    assert "<script>" not in html
    assert "style=" not in html
    assert "http" not in html


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ("", "", "pt-BR"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr,pt;q=0.8,en;q=0.5", "pt-BR"),
        ("?lang=en", "pt-BR", "en"),
        ("?lang=pt", "en", "pt-BR"),
        ("?lang=<script>", "en", "pt-BR"),
    ],
)
async def test_the_language_is_chosen_by_query_then_browser_then_portuguese(
    page: aiohttp.ClientSession, query: str, accepts: str, language: str
) -> None:
    """pt-BR first, English where it is asked for."""
    async with page.get(query or "/", headers={"Accept-Language": accepts}) as answer:
        html = await answer.text()

    assert f'<html lang="{language}">' in html


@pytest.mark.parametrize("name", ["app.js", "phone.css", "icons.svg"])
async def test_static_files_are_served_and_nothing_else(
    page: aiohttp.ClientSession, name: str
) -> None:
    """By exact name from memory: there is no path to walk."""
    async with page.get(f"static/{name}") as answer:
        assert answer.status == 200
    async with page.get("static/%2e%2e%2f_sandbox.py") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("body", [b"", b"{}", b'{"text": ""}', b'{"text": 1}', b'{"x": 1}'])
async def test_a_bad_body_is_422(page: aiohttp.ClientSession, body: bytes) -> None:
    """Empty, wrong and unknown keys."""
    customer = (await state(page))["customers"][0]["id"]
    async with page.post(f"api/customers/{customer}/messages", data=body) as answer:
        assert answer.status == 422


async def test_a_chatwoot_without_bot_or_agent_is_refused(cw: FakeChatwoot) -> None:
    """The message says what to add."""
    account = cw.add_account(3)
    account.add_inbox()
    options: dict[str, Any] = {
        "title": "",
        "model_configured": True,
        "starters": [],
        "business_name": "",
    }
    with pytest.raises(ValueError, match="no inbox with a bot"):
        Sandbox(cw, **options)
    account.add_bot()
    with pytest.raises(ValueError, match="no agent"):
        Sandbox(cw, **options)
