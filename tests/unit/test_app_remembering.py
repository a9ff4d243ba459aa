"""Turns' notes are gone through together, and none of them is in another's way (S3-58)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from chatcrew.app.remembering import EVERY, GATHER, TOGETHER, Remembering
from chatcrew.ids import ConversationId
from chatcrew.memory import LEASE, MemoryMemory
from chatcrew.memory.remember import Remembered
from chatcrew.messages import Noted, Work
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock


class _Rememberer:
    """Ends all works at a glance but ``slow`` ones, each of which takes ``seconds``."""

    def __init__(self, store: MemoryMemory, clock: ManualClock) -> None:
        self._store, self._clock = store, clock
        self.slow: set[int] = set()
        self.seconds = 0.0
        self.broken = False
        self.glances: list[int] = []
        self.done: list[int] = []

    async def glance(self, works: Sequence[Work]) -> Sequence[Work]:
        self.glances.append(len(works))
        if self.broken:
            raise ValueError("a line that nobody can read")
        read: Mapping[Work, int] = {
            work: work.marked for work in works if work.conversation.number not in self.slow
        }
        await self._store.finish_read(read, now=self._clock.now())
        return [work for work in works if work not in read]

    async def remember(self, work: Work) -> Remembered:
        self.done.append(work.conversation.number)
        if self.seconds:
            await self._clock.sleep(self.seconds)
        kept = await self._store.finish(work, now=self._clock.now())
        return Remembered(kept=kept)


class _House:
    def __init__(self) -> None:
        self.clock, self.store, self.metrics = ManualClock(), MemoryMemory(), Metrics()
        self.rememberer = _Rememberer(self.store, self.clock)
        self.remembering = Remembering(
            self.store,
            self.rememberer,  # type: ignore[arg-type]  # has what is asked of it
            metrics=self.metrics,
            clock=self.clock,
        )

    async def note(self, *numbers: int) -> None:
        """Note turns of these conversations."""
        for number in numbers:
            talk = ConversationId("acme", "bot", number)
            noted = Noted(talk, 1, None, up_to=5, tenant="shop/acme")
            await self.store.note(noted, now=self.clock.now(), keep_days=365)
            self.remembering.wake()

    def kept(self) -> float:
        """Return how many works were counted as done."""
        rows = self.metrics.exposition({}).decode().splitlines()
        of = 'chatcrew_memory_total{result="kept"} '
        return sum(float(row.removeprefix(of)) for row in rows if row.startswith(of))


@pytest.fixture
async def house() -> AsyncIterator[_House]:
    """Remember in an empty house."""
    house = _House()
    async with house.remembering:
        await house.clock.advance(1)
        yield house


async def test_what_is_noted_within_half_a_second_is_gone_through_at_once(house: _House) -> None:
    """One claim for all of them, and a note that comes during it has its own."""
    await house.note(1, 2, 3)
    await house.clock.advance(GATHER / 2)
    await house.note(4)
    assert house.rememberer.glances == []

    await house.clock.advance(GATHER)
    await house.note(5)
    await house.clock.advance(GATHER)

    assert (house.rememberer.glances, house.rememberer.done) == ([4, 1], [])
    assert house.kept() == 5
    await asyncio.wait_for(house.remembering.idle(), 1)


async def test_many_notes_are_gone_through_in_bounded_portions(house: _House) -> None:
    """However many turns end at once."""
    await house.note(*range(1, 2 * TOGETHER + 2))
    await house.clock.advance(GATHER)

    assert house.rememberer.glances == [TOGETHER, TOGETHER, 1]


async def test_a_model_that_takes_long_lets_no_lease_of_the_others_run_out(house: _House) -> None:
    """Whose turn does not come in time is given back untried, and claimed again at once."""
    house.rememberer.slow, house.rememberer.seconds = {1, 2, 3}, LEASE / 5
    await house.note(1, 2, 3)
    await house.clock.advance(GATHER)
    await house.clock.advance(LEASE)

    assert sorted(house.rememberer.done) == [1, 2, 3]
    assert house.rememberer.glances == [3, 1]
    assert not await house.store.claim(now=house.clock.now(), limit=9)


async def test_what_stops_a_glance_stops_no_other_conversation(house: _House) -> None:
    """Each is then tried by itself."""
    house.rememberer.broken = True
    await house.note(1, 2)
    await house.clock.advance(GATHER)

    assert sorted(house.rememberer.done) == [1, 2]
    assert house.kept() == 2


async def test_what_nobody_foresaw_stops_one_round_and_not_all_remembering(
    house: _House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with any other round: it is told of, and the next one comes by itself (S3-58)."""
    claim, broken = house.store.claim, [ValueError("a row that nobody can read")]

    async def spoilt(**values: Any) -> Sequence[Work]:
        if broken:
            raise broken.pop()
        return await claim(**values)

    monkeypatch.setattr(house.store, "claim", spoilt)
    await house.note(1)
    await house.clock.advance(GATHER)
    assert house.kept() == 0

    await house.clock.advance(EVERY)
    assert house.kept() == 1
