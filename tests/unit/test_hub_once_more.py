"""What comes to a talk once more: a VIP whom people gave back, a flood that the sweep finds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatcrew.hub.context import TurnContext
from chatcrew.hub.signals import DropTurn, FinishTurn
from chatcrew.hub.stages.behave import Behave
from chatcrew.hub.stages.escalate import Escalate
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
    Author,
    AuthorKind,
    Claim,
    Conduct,
    ConversationState,
    Input,
    InputKind,
    Line,
    Person,
    Snapshot,
    Talk,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy._values.handoff import made_handoff
from chatcrew.tenancy._values.intents import Vip
from chatcrew.tenancy.model import Configuration, People, Persona, Tenant
from chatcrew.testing import ManualClock

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HERE = ConversationId("acme", "acme-bot", 1)
TENANT = Tenant(
    "shop/acme",
    "pt-BR",
    ZoneInfo("America/Recife").key,
    Persona("Ana", "Acme", "leve"),
    people=People(handoff=made_handoff({"vip": {"enabled": True}})),
    vip=Vip(labels=("ouro",)),
)


def context(*kinds: InputKind, text: str = "", history: tuple[Line, ...] = ()) -> TurnContext:
    """Return a turn of a customer whose conversation is labelled as a VIP's."""
    claim = Claim(
        TurnKey("t1", HERE, 1),
        ConversationState(HERE, snapshot=Snapshot(labels=("ouro",))),
        tuple(Input(number, kind, None, NOW) for number, kind in enumerate(kinds)),
        TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    configuration = Configuration("v1", {}, {}, None, {TENANT.key: TENANT}, {})
    ctx = TurnContext(claim, configuration, deadline=0.0, tenant=TENANT, text=text)
    ctx.history = history
    return ctx


class Figures:
    """A talk as it is."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk

    async def so_far(self, claim: Claim) -> Talk:
        """Return it."""
        return self.talk


async def test_a_vip_goes_to_people_until_they_give_the_talk_back() -> None:
    """Else nobody could hand a VIP back to the bot: its next turn would return him (S1-26)."""
    with pytest.raises(FinishTurn) as called:
        await Escalate(Figures(Talk(1)))(context(text="e agora"))
    await Escalate(Figures(Talk(1, handed=True)))(context(text="e agora"))

    assert called.value.reply.reason == "vip"


class Flood:
    """A customer who has written too much, and was told so."""

    async def look(self, claim: Claim, person: Person | None) -> Conduct:
        """Return it."""
        return Conduct(day=101, minute=0, told=frozenset({"flood"}))

    async def tell(self, claim: Claim, notice: str) -> None:
        """Fail: he was told."""
        raise AssertionError("one notice")

    async def opt_out(self, claim: Claim, person: Person) -> None:
        """Note nothing."""

    async def opt_in(self, person: Person) -> bool:
        """Return False."""
        return False


async def test_a_sweep_answers_no_flood_before_its_time() -> None:
    """The bound is two minutes, the sweep comes after one; a hand-back is answered (S1-79)."""
    said = Line(7, Author(AuthorKind.BOT), "Claro!", NOW)
    early = Behave(Flood(), ManualClock(NOW + timedelta(seconds=61)))
    ctx = context(InputKind.SWEEP, history=(said,))

    with pytest.raises(DropTurn) as dropped:
        await early(ctx)
    await early(context(InputKind.SWEEP, InputKind.HANDBACK, history=(said,)))
    late = Behave(Flood(), ManualClock(NOW + timedelta(seconds=121)))
    await late(context(InputKind.SWEEP, history=(said,)))

    assert dropped.value.reason == "abuse_slowed"
    assert [duty.kind for duty in ctx.duties] == [ActKind.TIMER]
