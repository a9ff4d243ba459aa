"""What Chatwoot knows by id is asked for once, also that it does not know it (issue 4, cache)."""

from collections.abc import AsyncIterator

import pytest

from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.chatwoot import ChatwootClient, Pacing, Transport, open_session
from chatcrew.chatwoot.lookups import NEGATIVE_TTL, TTL, Lookups
from chatcrew.errors import ChatwootUnavailable
from chatcrew.testing import FakeChatwoot, ManualClock


class Desk:
    """A Chatwoot with one inbox, and look-ups in it on a clock that stands still."""

    def __init__(self, chatwoot: FakeChatwoot, clock: ManualClock) -> None:
        self.chatwoot = chatwoot
        self.clock = clock
        self.cache = LayeredCache([MemoryStore(clock)], clock=clock)
        self.account = chatwoot.add_account(1, "Clínica")
        self.account.add_inbox(21, "WhatsApp")
        self.token = self.account.add_agent(12, role="administrator").access_token

    def lookups(self, account: str = "acme") -> Lookups:
        """Return the look-ups of an account's label."""
        return Lookups(self.cache, self.client, account=account)

    @property
    def asked(self) -> int:
        """How often Chatwoot was asked."""
        return self.chatwoot.calls["show_inbox"]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A desk whose Chatwoot listens."""
    clock = ManualClock()
    async with FakeChatwoot() as chatwoot, open_session() as session:
        desk = Desk(chatwoot, clock)
        transport = Transport(lambda: session, pacing=Pacing(clock), clock=clock, attempts=1)
        desk.client = ChatwootClient(
            transport,
            base_url=chatwoot.url,
            account_id=1,
            token="bot",
            user_token=desk.token,
        )
        yield desk


async def test_a_known_inbox_is_asked_for_once(desk: Desk) -> None:
    """An hour long; and nothing but its id, name and channel is kept."""
    found = [await desk.lookups().inbox(21) for _ in range(3)]

    assert found == [{"id": 21, "name": "WhatsApp", "channel_type": "Channel::Whatsapp"}] * 3
    assert desk.asked == 1
    await desk.clock.advance(TTL + 1)
    await desk.lookups().inbox(21)
    assert desk.asked == 2


async def test_an_unknown_id_is_not_asked_for_again_and_again(desk: Desk) -> None:
    """Ten minutes long; what people made since is found afterwards."""
    assert [await desk.lookups().inbox(99) for _ in range(5)] == [None] * 5
    assert desk.asked == 1

    desk.account.add_inbox(99, "Nova")
    assert await desk.lookups().inbox(99) is None
    await desk.clock.advance(NEGATIVE_TTL + 1)

    found = await desk.lookups().inbox(99)
    assert found is not None
    assert found["name"] == "Nova"


async def test_a_chatwoot_that_is_away_does_not_make_an_inbox_unknown(desk: Desk) -> None:
    """What was found serves on; what was never asked for is an error, and is not remembered."""
    await desk.lookups().inbox(21)
    await desk.clock.advance(TTL + 1)
    desk.chatwoot.faults.fail(500, endpoint="show_inbox", times=2)

    assert await desk.lookups().inbox(21) is not None
    with pytest.raises(ChatwootUnavailable):
        await desk.lookups().inbox(22)
    desk.chatwoot.faults.clear()
    assert await desk.lookups().inbox(22) is None


async def test_two_accounts_never_share_an_answer(desk: Desk) -> None:
    """Every installation has an inbox 21 (S4-48)."""
    await desk.lookups("acme").inbox(21)
    await desk.lookups("other").inbox(21)

    assert desk.asked == 2
