"""A parking that was decided is finished, whatever dies between its decision and its end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace

from chatcrew.database.rows import MemoryTables
from chatcrew.errors import StoreError
from chatcrew.hub import Hub
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import ActKind, Claim, PlannedPart
from chatcrew.outbox import MemoryOutbox
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import REPLIED, Talk
from chatcrew.worker import Leases, Worker

PARKING = [PlannedPart(ActKind.STATUS, {"status": "open"})]


class _Failing(MemoryMailbox):
    """The database is away in the very moment of the parking, so often."""

    failures = 0

    async def park(self, claim: Claim, *, reason: str) -> bool:
        if self.failures:
            self.failures -= 1
            raise StoreError("away")
        return await super().park(claim, reason=reason)


class _Turns:
    """Everything that was decided is sent."""

    async def deliver(self, claim: Claim, parts: object = None) -> str | None:
        return None


class _Untyped:
    @contextlib.asynccontextmanager
    async def shown(self, claim: Claim) -> AsyncIterator[None]:
        yield


async def _after_a_crash(clock: ManualClock, *, reason: str, failures: int = 0) -> _Failing:
    """Let a worker die after a decision, and another one find the turn."""
    tables, talk = MemoryTables(), Talk(clock)
    mailbox = _Failing(tables, clock)
    mailbox.failures = failures
    await mailbox.put(talk.says("Oi"))
    await clock.advance(6)
    (claim,) = await mailbox.claim("w1", limit=1)
    await MemoryOutbox(tables, clock).decide(claim.key, PARKING, replace(REPLIED, reason=reason))
    nothing = SimpleNamespace(current=SimpleNamespace(version="v", tenants={}))
    hub = Hub(
        nothing,  # type: ignore[arg-type]  # a decided turn asks for its version only
        history=nothing,  # type: ignore[arg-type]  # not asked
        knowledge=nothing,  # type: ignore[arg-type]  # not asked
        responder=nothing,  # type: ignore[arg-type]  # not asked
        kept=nothing,  # type: ignore[arg-type]  # not asked
        metrics=Metrics(),
        turns=_Turns(),  # type: ignore[arg-type]  # only delivers
        clock=clock,
    )
    worker = Worker(
        "w2",
        mailbox=mailbox,
        hub=hub,
        leases=Leases(clock),
        typing=_Untyped(),  # type: ignore[arg-type]  # shows nothing
        metrics=Metrics(),
        clock=clock,
    )
    working = asyncio.create_task(worker.run())
    await clock.advance(40)
    worker.stop()
    await working
    assert (await mailbox.depth()).waiting == 0
    return mailbox


async def test_a_worker_that_died_before_the_parking_is_written_leaves_it_to_the_next() -> None:
    """The entry to retry or discard is there all the same (S4-45)."""
    mailbox = await _after_a_crash(ManualClock(), reason="parked")
    assert [entry.reason for entry in await mailbox.parked()] == ["too_many_failures"]


async def test_a_database_that_is_away_in_that_moment_loses_no_parking() -> None:
    """It is written as soon as the database is back."""
    mailbox = await _after_a_crash(ManualClock(), reason="parked", failures=2)
    assert [entry.reason for entry in await mailbox.parked()] == ["too_many_failures"]


async def test_another_decision_is_settled_as_ever() -> None:
    """Only a parking is parked."""
    mailbox = await _after_a_crash(ManualClock(), reason="crew")
    assert await mailbox.parked() == []
