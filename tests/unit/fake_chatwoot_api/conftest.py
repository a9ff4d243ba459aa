"""A FakeChatwoot on a clock the test moves, one conversation, and clients for bot and agent."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from chatcrew.testing import Account, ApiClient, Conversation, FakeChatwoot, ManualClock


@pytest.fixture
def clock() -> ManualClock:
    """A clock the test moves."""
    return ManualClock()


@pytest.fixture
async def cw(clock: ManualClock) -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot that tells nobody."""
    async with FakeChatwoot(clock=clock, receipts=()) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot) -> Account:
    """Account 3 with a WhatsApp inbox, a bot and an agent."""
    account = cw.add_account(3)
    account.add_inbox(21, "WhatsApp Loja")
    account.add_bot(7)
    account.add_agent(12, "Patrícia Gomes")
    return account


@pytest.fixture
async def conversation(cw: FakeChatwoot, account: Account) -> Conversation:
    """Conversation 1, pending, owned by bot 7."""
    maria = account.add_contact(501, "Maria da Silva", phone_number="+5511900000000")
    return await cw.customer_says(account.inboxes[21], maria, "Oi")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """One connection pool."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def bot(cw: FakeChatwoot, account: Account) -> AsyncIterator[ApiClient]:
    """The API with the bot's token."""
    async with ApiClient(cw.url, 3, account.bots[7].access_token) as client:
        yield client


@pytest.fixture
async def person(cw: FakeChatwoot, account: Account) -> AsyncIterator[ApiClient]:
    """The API with an agent's token."""
    async with ApiClient(cw.url, 3, account.agents[12].access_token) as client:
        yield client
