"""A Chatwoot with what a sandbox needs, for every test of the page."""

from collections.abc import AsyncIterator

import pytest

from chatcrew.testing import Account, FakeChatwoot


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
