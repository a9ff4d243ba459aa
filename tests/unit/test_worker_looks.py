"""How often a worker asks the mailbox while it has nothing to do, and while it has."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime

from chatcrew.database.rows import MemoryTables
from chatcrew.hub.ended import Ended
from chatcrew.mailbox import Claims, MemoryMailbox
from chatcrew.messages import Claim
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Talk
from chatcrew.worker import Leases, Limits, Worker


class _Asked(MemoryMailbox):
    """Notes what it is asked, and when."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(MemoryTables(), clock)
        self.asked: list[tuple[str, float]] = []

    async def next_due(self) -> datetime | None:
        self.asked.append(("next_due", self._clock.monotonic()))
        return await super().next_due()

    async def claim(self, worker: str, *, limit: int) -> Claims:
        self.asked.append(("claim", self._clock.monotonic()))
        return await super().claim(worker, limit=limit)


class _Answers:
    """A hub that is done at once, or after ``seconds``."""

    def __init__(self, clock: ManualClock, *, seconds: float = 0.0) -> None:
        self._clock, self._seconds = clock, seconds
        self.given_up: list[int] = []

    async def run(self, claim: Claim, *, give_up: bool = False) -> Ended:
        if give_up:
            self.given_up.append(claim.key.conversation.number)
        if self._seconds:
            await self._clock.sleep(self._seconds)
        return Ended(claim, REPLIED)


class _Untyped:
    @contextlib.asynccontextmanager
    async def shown(self, claim: Claim) -> AsyncIterator[None]:
        yield


@contextlib.asynccontextmanager
async def _working(
    mailbox: _Asked,
    clock: ManualClock,
    *,
    hub: _Answers | None = None,
    limits: Limits | None = None,
) -> AsyncIterator[None]:
    worker = Worker(
        "w1",
        mailbox=mailbox,
        hub=hub or _Answers(clock),  # type: ignore[arg-type]  # all that a worker asks of it
        leases=Leases(clock),
        typing=_Untyped(),  # type: ignore[arg-type]  # shows nothing
        metrics=Metrics(),
        clock=clock,
        limits=limits,
    )
    working = asyncio.create_task(worker.run())
    await clock.advance(0)
    try:
        yield
    finally:
        worker.stop()
        await working


async def test_a_message_costs_one_look_and_one_claim() -> None:
    """What comes due at the known moment is claimed unasked; the claim tells the next (S1-74)."""
    clock = ManualClock()
    mailbox = _Asked(clock)
    async with _working(mailbox, clock):
        mailbox.asked.clear()
        await mailbox.put(Talk(clock).says("Oi"))
        for _ in range(9):
            await clock.advance(0.1)
    assert mailbox.asked == [("next_due", 0.0), ("claim", 0.8)]
    assert (await mailbox.depth()).waiting == 0


async def test_who_goes_on_writing_is_waited_for() -> None:
    """Each wake-up is a new look: the moment that was known may be later now."""
    clock = ManualClock()
    mailbox, talk = _Asked(clock), Talk(clock)
    async with _working(mailbox, clock):
        mailbox.asked.clear()
        await mailbox.put(talk.says("Oi"))
        await clock.advance(0.5)
        await mailbox.put(talk.says("quanto custa?"))
        for _ in range(9):
            await clock.advance(0.1)
    assert [(what, round(at, 1)) for what, at in mailbox.asked] == [
        ("next_due", 0.0),
        ("next_due", 0.5),
        ("claim", 1.3),
    ]


async def test_what_a_claim_left_over_is_claimed_without_a_look() -> None:
    """It has told that more is due: more than a worker has room for at once."""
    clock = ManualClock()
    mailbox = _Asked(clock)
    for number in range(1, 21):
        await mailbox.put(Talk(clock, number=number).says("Oi"))
    await clock.advance(1)
    async with _working(mailbox, clock):
        await clock.advance(0.1)
    assert [what for what, _ in mailbox.asked][:3] == ["next_due", "claim", "claim"]
    assert (await mailbox.depth()).waiting == 0


async def test_every_wake_up_lost_it_looks_each_second() -> None:
    """As another worker's lease may run out, of which nobody is told (S4-45)."""
    clock = ManualClock()
    mailbox = _Asked(clock)
    async with _working(mailbox, clock):
        mailbox.asked.clear()
        for _ in range(35):
            await clock.advance(0.1)
    assert [(what, round(at, 1)) for what, at in mailbox.asked] == [
        ("next_due", 1.0),
        ("next_due", 2.0),
        ("next_due", 3.0),
    ]


async def test_who_failed_too_often_goes_to_people_however_many_wait() -> None:
    """Each place that becomes free is taken by a claim: parking would never come to its turn."""
    clock = ManualClock()
    mailbox, hub = _Asked(clock), _Answers(clock, seconds=0.9)
    failing = Talk(clock, number=99)
    await mailbox.put(failing.says("Oi"))
    for _ in range(5):
        await clock.advance(1)
        (claim,) = await mailbox.claim("w0", limit=1)
        await mailbox.release(claim, retry_in=0.0)
    for number in range(1, 41):
        await mailbox.put(Talk(clock, number=number).says("Oi"))
    await clock.advance(1)
    async with _working(mailbox, clock, hub=hub, limits=Limits(concurrency=2)):
        for _ in range(30):
            await clock.advance(0.1)
        waiting, given_up = (await mailbox.depth()).waiting, list(hub.given_up)
        for _ in range(300):
            await clock.advance(0.1)
    assert waiting > 20
    assert given_up == hub.given_up == [failing.number]


async def test_who_hears_of_no_message_by_a_fault_hears_of_the_next() -> None:
    """It listens anew after a second, and works by looking until then (S4-45)."""
    clock = ManualClock()

    class Deaf(_Asked):
        heard = 0

        async def wakes(self) -> AsyncIterator[None]:
            self.heard += 1
            if self.heard == 1:
                raise ValueError("nobody foresaw that")
            async for _ in super().wakes():
                yield None

    mailbox = Deaf(clock)
    async with _working(mailbox, clock):
        await clock.advance(5)
        mailbox.asked.clear()
        await mailbox.put(Talk(clock).says("Oi"))
        await clock.advance(0.01)
        assert ("next_due", 5.0) in mailbox.asked
    assert mailbox.heard == 2
