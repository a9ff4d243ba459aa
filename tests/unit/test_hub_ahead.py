"""Reads that begin before their stage: they wait together, and nothing of them is left over."""

import asyncio
from dataclasses import dataclass, field

import pytest

from chatcrew.errors import StoreError
from chatcrew.hub.ahead import begun
from chatcrew.hub.context import TurnContext
from chatcrew.hub.stages.behave import Behave
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Claim,
    Conduct,
    ConversationState,
    Person,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import Configuration, Persona, Tenant
from chatcrew.testing import ManualClock

TENANT = Tenant("shop/acme", "pt-BR", "America/Recife", Persona("Ana", "Acme", "leve"))
HERE = ConversationId("acme", "acme-bot", 1)


@dataclass
class Conducts:
    """Counts looks; each waits until ``answer`` is set."""

    answer: asyncio.Event = field(default_factory=asyncio.Event)
    looks: int = 0
    ended: int = 0
    away: bool = False

    async def look(self, claim: Claim, person: Person | None) -> Conduct:
        """Return that he has written ten times today."""
        self.looks += 1
        try:
            await self.answer.wait()
            if self.away:
                raise StoreError("away")
            return Conduct(day=10, minute=0)
        finally:
            self.ended += 1


def turn() -> TurnContext:
    """Return a turn in which nobody said anything new."""
    claim = Claim(
        TurnKey("t1", HERE, 1),
        ConversationState(HERE),
        (),
        TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=ManualClock().now(),
    )
    configuration = Configuration("v1", {}, {}, None, {TENANT.key: TENANT}, {})
    return TurnContext(claim, configuration, deadline=0.0, tenant=TENANT)


async def walked(conducts: Conducts, ctx: TurnContext) -> None:
    """Begin to look, then go through the stage."""
    behave = Behave(conducts, ManualClock())
    async with begun(ctx, [behave]):
        await asyncio.sleep(0)
        await behave(ctx)


async def broken(conducts: Conducts) -> None:
    """Begin to look, then fail before the stage."""
    async with begun(turn(), [Behave(conducts, ManualClock())]):
        await asyncio.sleep(0)
        raise StoreError("history")


async def test_what_a_stage_reads_is_under_way_before_it_and_read_once() -> None:
    """Recall and the look at how a customer writes wait for the database together (S1-74)."""
    conducts, ctx = Conducts(), turn()
    behave = Behave(conducts, ManualClock())
    async with begun(ctx, [behave]):
        await asyncio.sleep(0)
        assert conducts.looks == 1
        conducts.answer.set()
        await behave(ctx)
    assert (conducts.looks, conducts.ended) == (1, 1)


async def test_a_turn_that_ends_early_leaves_no_read_behind() -> None:
    """Why it ended is what is told, not what its reads said; none of them goes on (S4-46)."""
    conducts = Conducts()
    with pytest.raises(StoreError, match="history"):
        await broken(conducts)
    assert (conducts.looks, conducts.ended) == (1, 1)


async def test_a_read_that_failed_unheard_hides_no_other_fault() -> None:
    """Storage that is away fails several reads at once: the first that a stage met is told."""
    conducts = Conducts(away=True)
    conducts.answer.set()
    with pytest.raises(StoreError, match="history"):
        await broken(conducts)
    with pytest.raises(StoreError, match="away"):
        await walked(conducts, turn())


async def test_a_turn_that_begins_again_looks_again() -> None:
    """What was read before the customer said more is not what he has said (S1-79)."""
    conducts, ctx = Conducts(), turn()
    conducts.answer.set()
    for _ in range(2):
        await walked(conducts, ctx)
    assert conducts.looks == 2
