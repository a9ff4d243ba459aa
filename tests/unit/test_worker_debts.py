"""The watch over debts: what a handoff opens, and what people had given back before (N14)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatcrew.database.rows import MemoryTables
from chatcrew.debts import MemoryDebts
from chatcrew.hub.debts import handed
from chatcrew.hub.parts import OPEN_TO_PEOPLE, opened
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import ActKind, DebtEnd, DebtKind, PartState, StoredPart
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Configuration, load
from chatcrew.tenancy.directory import Directory
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk
from chatcrew.tools import names
from chatcrew.worker import DebtWatch

ROOT = Path(__file__).parents[2]
TENANT = "health/varizemed"


class Watched:
    """A conversation that people have or not, the book, and the watch over it."""

    def __init__(self, configuration: Configuration) -> None:
        self.clock, tables = ManualClock(), MemoryTables()
        self.mailbox, self.book = MemoryMailbox(tables, self.clock), MemoryDebts(tables, self.clock)
        self.talk = Talk(self.clock, 7, account="demo", bot="clinic-bot")
        self.watch = DebtWatch(
            self.book,
            mailbox=self.mailbox,
            configurations=Directory(configuration),
            metrics=Metrics(),
            clock=self.clock,
        )

    async def hands_over(self, turn: str) -> None:
        """Let the status of a handoff be about to be set."""
        payload = handed(OPEN_TO_PEOPLE, reason="customer_asked").payload
        await self.watch.owe(
            StoredPart(
                1, turn, self.talk.id, 0, ActKind.STATUS, payload, True, turn, PartState.SENDING
            )
        )

    async def drops(self, turn: str) -> None:
        """Let the status of a turn that says nothing be about to be set."""
        (claim,) = await self.mailbox.claim("w", limit=1)
        payload = opened(claim).payload
        await self.watch.owe(
            StoredPart(
                2, turn, self.talk.id, 0, ActKind.STATUS, payload, True, turn, PartState.SENDING
            )
        )

    async def history(self, kind: DebtKind) -> list[DebtEnd | None]:
        """Return how each debt of a kind ended, the oldest first."""
        since = self.clock.now() - timedelta(days=9)
        found = await self.book.history(TENANT, since=since, limit=9, kind=kind)
        return [one.ending for one in reversed(found)]


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    """Give the shipped configuration."""
    return load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())


@pytest.fixture
async def watched(shipped: Configuration) -> Watched:
    """Give a conversation that the bot has."""
    made = Watched(shipped)
    await made.mailbox.put(made.talk.says("quero falar com uma pessoa"))
    return made


async def test_chatwoot_that_was_away_for_long_makes_no_second_handoff(watched: Watched) -> None:
    """The watch gave the debt up meanwhile; the bot may still get this talk back once."""
    await watched.hands_over("t1")
    await watched.clock.advance(400)
    await watched.watch.run()
    given_up = await watched.book.standing(watched.talk.id)
    await watched.hands_over("t1")
    debt = await watched.book.standing(watched.talk.id)

    assert given_up is None
    assert debt is not None
    assert not debt.again


async def test_what_is_handed_over_anew_is_to_be_resolved_anew(watched: Watched) -> None:
    """People answered and gave it back before the watch looked: the old clock goes on for none."""
    await watched.hands_over("t1")
    await watched.hands_over("t1")
    await watched.mailbox.put(watched.talk.becomes("open"))
    await watched.mailbox.put(watched.talk.person("Oi!"))
    await watched.mailbox.put(watched.talk.becomes("pending"))
    await watched.mailbox.put(watched.talk.says("uma pessoa, por favor"))
    await watched.hands_over("t2")
    await watched.mailbox.put(watched.talk.becomes("open"))
    await watched.watch.run()

    end = await watched.book.standing(watched.talk.id, resolution=True)
    assert end is not None
    assert end.owed.turn_id == "t2"
    assert await watched.history(DebtKind.RESOLUTION) == [DebtEnd.RETURNED, None]
    assert await watched.history(DebtKind.HANDOFF) == [DebtEnd.RETURNED, None]


async def test_who_is_left_to_people_without_an_answer_is_owed_one_at_once(
    shipped: Configuration,
) -> None:
    """Since his last word, and not a minute later; where nobody waits nothing is owed (N14)."""
    for says, kinds in ((True, [DebtKind.REPLY]), (False, [])):
        world = Watched(shipped)
        first = world.talk.says("tem alguém?")
        await world.mailbox.put(replace(first, tenant=TENANT))
        said_at = world.clock.now()
        if not says:
            await world.mailbox.put(replace(world.talk.person("Oi!"), tenant=TENANT))
        await world.clock.advance(9)
        await world.drops("t1")
        standing = await world.book.list_standing(TENANT, limit=9)
        assert [one.owed.kind for one in standing] == kinds
        assert all(one.owed.opened_at == said_at for one in standing)
        assert await world.watch.find() == 0
