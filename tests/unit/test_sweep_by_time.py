"""When a worker sweeps: at once, then each minute, whatever the database does (design §3)."""

from datetime import datetime

import pytest

from chatcrew.app.chores import Chores, Round
from chatcrew.app.rounds import SWEEP_EVERY
from chatcrew.chatwoot import ChatwootClient
from chatcrew.database.rows import MemoryTables
from chatcrew.errors import StoreError
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import ConversationState
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory
from chatcrew.testing import ManualClock
from chatcrew.testing.door import configuration
from chatcrew.worker import Sweep


class CountingMailbox(MemoryMailbox):
    """A mailbox that counts how often it was swept and can be away."""

    looks = 0
    away = False

    async def unanswered(self, *, before: datetime, limit: int = 100) -> list[ConversationState]:
        """See ``Mailbox.unanswered``."""
        self.looks += 1
        if self.away:
            raise StoreError("the database restarts")
        return await super().unanswered(before=before, limit=limit)


class NoClients:
    """Nothing here may call Chatwoot."""

    async def client(self, bot: str) -> ChatwootClient:
        """Refuse."""
        raise AssertionError(f"a client of {bot!r} was asked for")

    def agent_bot_id(self, bot: str) -> int:
        """Return the id of the bot."""
        return 7


class Alone:
    """There is one worker."""

    async def peers(self, prefix: str) -> int:
        """Return how many work here."""
        return 1


@pytest.mark.parametrize("away", [False, True])
async def test_the_sweep_runs_at_start_and_each_minute(*, away: bool) -> None:
    """A database that restarts costs one look, not the sweep."""
    clock = ManualClock()
    mailbox = CountingMailbox(MemoryTables(), clock)
    mailbox.away = away
    sweep = Sweep(
        mailbox,
        configurations=Directory(configuration()),
        clients=NoClients(),
        metrics=Metrics(),
        clock=clock,
    )
    async with Chores([Round("sweep", SWEEP_EVERY, sweep.run)], clock=clock):
        looks = []
        for _ in range(3):
            await clock.advance(0.0)
            looks.append(mailbox.looks)
            await clock.advance(SWEEP_EVERY)

    assert looks == [1, 2, 3]
