"""The stores over each backend, for every contract suite below."""

import pytest

from chatcrew.mailbox import Mailbox
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores, Talk


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that the test moves."""
    return ManualClock()


@pytest.fixture(params=["memory", "postgres"])
def stores(request: pytest.FixtureRequest, clock: ManualClock) -> Stores:
    """Give the stores over each backend: three tries, twenty inputs at most."""
    if request.param == "memory":
        return Stores.in_memory(clock, max_attempts=3, max_pending=20)
    database = request.getfixturevalue("database")
    return Stores.on_postgres(database, clock, max_attempts=3, max_pending=20)


@pytest.fixture
def mailbox(stores: Stores) -> Mailbox:
    """Give the mailbox."""
    return stores.mailbox


@pytest.fixture
def talk(clock: ManualClock) -> Talk:
    """Give a conversation with the default timing: quiet 0.8 s, at most 6 s."""
    return Talk(clock)
