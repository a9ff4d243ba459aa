"""A page of several inboxes: each business keeps its own customers' words (S2-05, S4-37)."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from chatcrew.sandbox import Sandbox, Window
from chatcrew.testing import Account, FakeChatwoot


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot) -> Account:
    """An account with a clinic's WhatsApp, a shop's Instagram, and an inbox not on the page."""
    account = cw.add_account(3)
    account.add_inbox(21, "Clínica", channel="Channel::Whatsapp")
    account.add_inbox(22, "Loja", channel="Channel::Instagram")
    account.add_inbox(23, "Outra", channel="Channel::Telegram")
    account.add_bot(7, "Assistente")
    account.add_bot(8, "Bella", inboxes=[account.inboxes[22]])
    account.add_agent(12, "Patrícia Gomes")
    return account


@pytest.fixture
async def page(cw: FakeChatwoot, account: Account) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a page with two of the three inboxes."""
    sandbox = Sandbox(
        cw,
        title="chatcrew",
        model_configured=True,
        windows=[
            Window(account.inboxes[21], "Clínica Varizemed", ["Quanto custa?"]),
            Window(account.inboxes[22], "Bella Flor", ["Tem batom?"], voice="alegre e prática"),
        ],
    )
    await sandbox.start(port=0)
    async with aiohttp.ClientSession(sandbox.url, headers={"X-Chatcrew-Sandbox": "1"}) as session:
        yield session
    await sandbox.close()


async def state(page: aiohttp.ClientSession) -> Any:
    """Return what the page loads first."""
    async with page.get("api/state") as answer:
        return await answer.json()


async def post(page: aiohttp.ClientSession, path: str, **body: Any) -> int:
    """Post what a button posts; returns the status."""
    async with page.post(path, json=body or None) as answer:
        return answer.status


async def test_the_state_names_each_inbox_with_its_business_channel_and_starters(
    page: aiohttp.ClientSession,
) -> None:
    """What the chooser, the phone's header and the suggestions are drawn from."""
    assert (await state(page))["inboxes"] == [
        {
            "id": 21,
            "channel": "Whatsapp",
            "business": "Clínica Varizemed",
            "bot": "Assistente",
            "voice": "",
            "starters": ["Quanto custa?"],
        },
        {
            "id": 22,
            "channel": "Instagram",
            "business": "Bella Flor",
            "bot": "Bella",
            "voice": "alegre e prática",
            "starters": ["Tem batom?"],
        },
    ]


async def test_one_customer_writes_to_two_businesses_in_conversations_of_their_own(
    account: Account, page: aiohttp.ClientSession
) -> None:
    """The chosen inbox gets the message; the operator sees both, each with its inbox."""
    customer = (await state(page))["customers"][0]["id"]
    path = f"api/customers/{customer}/messages"

    assert await post(page, path, text="Oi, loja", inbox=22) == 204
    assert await post(page, path, text="Oi, clínica", inbox=21) == 204

    shown = (await state(page))["conversations"]
    assert [(c["inbox"], c["messages"][0]["text"]) for c in shown] == [
        (22, "Oi, loja"),
        (21, "Oi, clínica"),
    ]
    assert [c.inbox.id for c in account.conversations.values()] == [22, 21]


async def test_an_inbox_that_is_not_on_the_page_is_out_of_reach(
    cw: FakeChatwoot, account: Account, page: aiohttp.ClientSession
) -> None:
    """Neither written to nor shown, nor are its conversations acted on."""
    contact = account.add_contact(name="Rita")
    hidden = await cw.customer_says(account.inboxes[23], contact, "segredo")

    assert await post(page, f"api/customers/{contact.id}/messages", text="Oi", inbox=23) == 404
    assert await post(page, f"api/conversations/{hidden.id}/resolve") == 404
    assert (await state(page))["conversations"] == []


async def test_the_operator_hands_each_conversation_back_to_the_bot_of_its_own_inbox(
    account: Account, page: aiohttp.ClientSession
) -> None:
    """Two inboxes may have two bots."""
    other = account.add_bot(8, "Bella", inboxes=[account.inboxes[22]])
    customer = (await state(page))["customers"][0]["id"]
    await post(page, f"api/customers/{customer}/messages", text="Oi", inbox=22)

    await post(page, "api/conversations/1/take-over")
    await post(page, "api/conversations/1/hand-back")

    assert account.conversations[1].owner is other


async def test_inboxes_of_two_accounts_are_not_mixed_on_one_page(
    cw: FakeChatwoot, account: Account
) -> None:
    """Conversation numbers begin anew in each account, so one page could not tell them apart."""
    elsewhere = cw.add_account(4)
    elsewhere.add_inbox(31)
    elsewhere.add_bot()
    elsewhere.add_agent()
    windows = [Window(account.inboxes[21], "A"), Window(elsewhere.inboxes[31], "B")]

    with pytest.raises(ValueError, match="one account"):
        Sandbox(cw, title="", model_configured=True, windows=windows)
