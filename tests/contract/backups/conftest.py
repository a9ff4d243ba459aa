"""A house, and an empty one to restore it into."""

from collections.abc import AsyncIterator

import pytest

from chatcrew.database import Database
from chatcrew.privacy import Keyring
from chatcrew.testing._postgres import PostgresForTests


@pytest.fixture
def keys() -> Keyring:
    """No keys: nothing is sealed."""
    return Keyring()


@pytest.fixture
async def house(postgres: PostgresForTests, keys: Keyring) -> AsyncIterator[Database]:
    """Give a migrated database."""
    async with postgres.fresh() as url, await Database.open(url, pool_size=3, keys=keys) as opened:
        yield opened


@pytest.fixture
async def other(postgres: PostgresForTests, keys: Keyring) -> AsyncIterator[Database]:
    """Give another migrated database."""
    async with postgres.fresh() as url, await Database.open(url, pool_size=3, keys=keys) as opened:
        yield opened
