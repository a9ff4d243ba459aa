"""A Chatwoot that does not take a decided turn is asked ever more rarely, and not for ever."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from chatcrew.errors import ChatwootUnavailable
from chatcrew.hub.ended import Ended
from chatcrew.messages import Claim
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Stores, Talk
from chatcrew.worker import Again, Leases, Limits, Worker
from chatcrew.worker.turns import Booked

HOUR = 3600.0


def _fault(status: int | None, retry_after: float | None = None) -> ChatwootUnavailable:
    return ChatwootUnavailable("no", status=status, retry_after=retry_after)


@pytest.mark.parametrize(
    ("status", "age", "expected"),
    [
        (500, 0.0, Again(3.0, counted=False)),
        (500, 60.0, Again(30.0, counted=False)),
        (500, HOUR - 1, Again(300.0, counted=False)),
        (500, HOUR, Again(300.0, counted=True)),
        (None, 20.0, Again(10.0, counted=False)),
        (502, 6 * HOUR, Again(60.0, counted=False)),
        (None, 24 * HOUR, Again(60.0, counted=True)),
    ],
)
def test_pauses_grow_to_a_bound_and_count_after_long(status, age, expected) -> None:
    """An error of Chatwoot at this very thing will not pass by itself; its absence will."""
    assert Limits().again(_fault(status), age=age, chance=0.0) == expected


def test_chance_only_makes_a_pause_shorter() -> None:
    """Nobody waits longer than the bound, and not all come back at the same moment."""
    pauses = {Limits().again(_fault(502), age=600.0, chance=n / 4).pause for n in range(5)}
    assert min(pauses) == 45.0
    assert max(pauses) == 60.0
    assert len(pauses) == 5


def test_what_chatwoot_asks_for_is_waited() -> None:
    """429 names the end of its window."""
    assert Limits().again(_fault(429, 90.0), age=0.0, chance=1.0).pause == 90.0


@dataclass
class _Refused:
    """A hub whose every delivery Chatwoot answers with ``status``."""

    clock: ManualClock
    status: int | None
    tries: list[float] = field(default_factory=list)
    given_up: list[float] = field(default_factory=list)

    async def run(self, claim: Claim, *, give_up: bool = False) -> Ended:
        if give_up:
            self.given_up.append(self.clock.monotonic())
            return Ended(claim, REPLIED, park="undeliverable")
        self.tries.append(self.clock.monotonic())
        raise _fault(self.status)


class _Untyped:
    @contextlib.asynccontextmanager
    async def shown(self, claim: Claim) -> AsyncIterator[None]:
        yield


@contextlib.asynccontextmanager
async def _working(
    stores: Stores, hub: _Refused, clock: ManualClock, booked: Booked | None = None
) -> AsyncIterator[None]:
    worker = Worker(
        "w1",
        mailbox=stores.mailbox,
        hub=hub,  # type: ignore[arg-type]  # runs a turn, which is all the loop asks of it
        leases=Leases(clock),
        typing=_Untyped(),  # type: ignore[arg-type]  # shows nothing
        metrics=Metrics(),
        clock=clock,
        booked=booked,
    )
    working = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await working


async def test_a_conversation_that_chatwoot_refuses_for_hours_is_parked_in_the_end() -> None:
    """Some thirty tries in the first hour instead of a thousand; then it counts, and ends."""
    clock = ManualClock()
    stores, talk = Stores.in_memory(clock), Talk(clock)
    hub = _Refused(clock, status=500)
    async with _working(stores, hub, clock):
        await stores.mailbox.put(talk.says("Quero falar com uma pessoa"))
        await clock.advance(HOUR)
        first_hour = len(hub.tries)
        await clock.advance(HOUR)

    assert 15 <= first_hour <= 40
    pauses = [later - sooner for sooner, later in zip(hub.tries, hub.tries[1:], strict=False)]
    assert max(pauses) <= 301.0
    assert len(hub.given_up) == 1
    assert hub.given_up[0] > HOUR
    (parked,) = await stores.mailbox.parked()
    assert parked.reason == "undeliverable"
    assert (await stores.mailbox.depth()).waiting == 0


async def test_an_outage_of_hours_parks_nobody() -> None:
    """Nobody answers at all: everything is tried each minute until Chatwoot is back."""
    clock = ManualClock()
    stores, talk = Stores.in_memory(clock), Talk(clock)
    hub = _Refused(clock, status=None)
    async with _working(stores, hub, clock):
        await stores.mailbox.put(talk.says("Oi"))
        await clock.advance(3 * HOUR)

    assert hub.given_up == []
    assert hub.tries[-1] > 3 * HOUR - 61


async def test_what_a_failing_turn_used_is_on_the_books_before_it_is_given_back() -> None:
    """Its calls were made, and nobody else waits for their rows (S3-89)."""
    clock = ManualClock()
    stores, talk = Stores.in_memory(clock), Talk(clock)
    hub = _Refused(clock, status=500)
    seen: list[tuple[str, int]] = []

    async def booked(turn_id: str) -> None:
        seen.append((turn_id, len(hub.tries)))

    async with _working(stores, hub, clock, booked):
        await stores.mailbox.put(talk.says("Oi"))
        await clock.advance(2.0)

    assert seen
    assert [tries for _, tries in seen] == list(range(1, len(hub.tries) + 1))
