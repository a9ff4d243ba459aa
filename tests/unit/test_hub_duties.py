"""What a turn owes people: its calls are read only where there may be any."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chatcrew.hub.context import TurnContext
from chatcrew.hub.duties import duties
from chatcrew.hub.ports import NoRulings
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
    Claim,
    ConversationState,
    PlannedPart,
    Rung,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import Configuration
from chatcrew.testing import ManualClock

NOTE = PlannedPart(ActKind.NOTE, {"content": "?"})
HERE = ConversationId("acme", "acme-bot", 1)


class Rulings(NoRulings):
    """A record in which each turn made a call that is in doubt."""

    async def duties(self, claim: Claim, *, told: bool) -> Sequence[PlannedPart]:
        """Return the note on it."""
        return (NOTE,)


def turn() -> TurnContext:
    """Return a turn whose crew was asked."""
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
    ctx = TurnContext(claim, Configuration("v1", {}, {}, None, {}, {}), deadline=0.0)
    ctx.rungs.append(Rung("crew", "answered"))
    return ctx


async def test_where_no_tool_acted_no_calls_are_read() -> None:
    """Most turns search and speak: the record of calls costs them nothing (S1-74)."""
    assert await duties(turn(), Rulings()) == ()


@pytest.mark.parametrize("how", ["acted", "again", "restarted"])
async def test_where_a_tool_may_have_acted_people_are_told(how: str) -> None:
    """In this attempt, before a crash, or before the customer said more (S1-32)."""
    ctx = turn()
    if how == "acted":
        ctx.acted = True
    elif how == "again":
        ctx.claim = replace(ctx.claim, attempts=2)
    else:
        ctx.restart()
    assert await duties(ctx, Rulings()) == (NOTE,)
    assert await duties(ctx, Rulings(), said=False) == (NOTE,)
