"""Figures of a talk are read only where a rule of the business may need them (S1-74)."""

import pytest

from chatcrew.hub.context import TurnContext
from chatcrew.hub.signals import FinishTurn
from chatcrew.hub.stages.escalate import Escalate
from chatcrew.ids import ConversationId
from chatcrew.messages import Claim, ConversationState, Talk, TurnKey, TurnState
from chatcrew.tenancy._values.handoff import made_handoff
from chatcrew.tenancy.model import Configuration, People, Persona, Tenant
from chatcrew.testing import ManualClock

HERE = ConversationId("acme", "acme-bot", 1)


class Figures:
    """A talk as it is, and how often somebody asked."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.asked = 0

    async def so_far(self, claim: Claim) -> Talk:
        """Return it."""
        self.asked += 1
        return self.talk


def turn(*, talked: int | None, usd: float | None = None) -> TurnContext:
    """Return a turn of a business that gives talks of more than 20 messages to people."""
    policy = made_handoff({} if usd is None else {"cost": {"usd": usd}})
    persona = Persona("Ana", "Acme", "leve")
    people = People(handoff=policy)
    tenant = Tenant("shop/acme", "pt-BR", "America/Recife", persona, people=people)
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
    configuration = Configuration("v1", {}, {}, None, {tenant.key: tenant}, {})
    ctx = TurnContext(claim, configuration, deadline=0.0, tenant=tenant, text="e agora")
    ctx.talked = talked
    return ctx


async def test_a_talk_that_is_short_as_a_whole_is_not_counted() -> None:
    """Since people last had it, it can only be shorter."""
    figures = Figures(Talk(21))
    await Escalate(figures)(turn(talked=20))
    assert figures.asked == 0


@pytest.mark.parametrize("talked", [21, None])
async def test_a_talk_that_may_be_long_is_counted(talked: int | None) -> None:
    """Also where it has more lines than recall has read."""
    figures = Figures(Talk(21))
    with pytest.raises(FinishTurn) as called:
        await Escalate(figures)(turn(talked=talked))
    assert called.value.reply.reason == "long"


async def test_a_short_talk_may_still_be_too_dear() -> None:
    """What it has cost stands in no line of it."""
    with pytest.raises(FinishTurn) as called:
        await Escalate(Figures(Talk(3, 0.5)))(turn(talked=3, usd=0.5))
    assert called.value.reply.reason == "cost"
