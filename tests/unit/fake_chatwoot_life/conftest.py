"""A FakeChatwoot that runs fast and tells a bot, with one conversation that the bot owns."""

from collections.abc import AsyncIterator

import pytest

from chatcrew.testing import Account, Contact, Conversation, FakeChatwoot, Inbox, WebhookSink


@pytest.fixture
async def sink() -> AsyncIterator[WebhookSink]:
    """A bot address that records what it gets."""
    async with WebhookSink() as server:
        yield server


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot, sink: WebhookSink) -> Account:
    """An account with a bot."""
    account = cw.add_account(3)
    account.add_inbox(21, "WhatsApp Loja")
    account.add_inbox(24, "Site", channel="Channel::WebWidget")
    account.add_bot(7, outgoing_url=sink.url)
    account.add_agent(12, "Patrícia Gomes")
    return account


@pytest.fixture
def whatsapp(account: Account) -> Inbox:
    """The WhatsApp inbox."""
    return account.inboxes[21]


@pytest.fixture
def maria(account: Account) -> Contact:
    """A customer."""
    return account.add_contact(501, "Maria da Silva", phone_number="+5511900000000")


@pytest.fixture
async def conversation(cw: FakeChatwoot, whatsapp: Inbox, maria: Contact) -> Conversation:
    """A conversation the bot owns."""
    return await cw.customer_says(whatsapp, maria, "Oi")
