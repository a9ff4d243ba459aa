"""What the knowledge is told of who asks: the turn of a simulation, and nobody else's (S3-115)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chatcrew.hub.context import TurnContext
from chatcrew.hub.stages.retrieve import Retrieve
from chatcrew.ids import ConversationId
from chatcrew.messages import Claim, ConversationState, Passage, TurnKey, TurnState
from chatcrew.tenancy import load
from chatcrew.testing import ManualClock
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
SHIPPED = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
TENANT = "health/varizemed"


class Listening:
    """Knowledge that notes for which trial it is asked."""

    def __init__(self) -> None:
        self.trials: list[str | None] = []

    async def search(
        self,
        tenant: str,
        question: str,
        *,
        version: str,
        limit: int,
        today: date,
        trial: str | None = None,
    ) -> Sequence[Passage]:
        """Find nothing."""
        self.trials.append(trial)
        return ()


@pytest.mark.parametrize(("bot", "trial"), [(f"sim:{TENANT}", "t1"), ("clinic", None)])
async def test_only_a_simulation_names_its_turn_to_the_knowledge(
    bot: str, trial: str | None
) -> None:
    """By it the cost of its vectors stays out of the figures."""
    conversation = ConversationId("demo", bot, 1)
    noon = datetime(2026, 11, 20, tzinfo=UTC)
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation, tenant=TENANT),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=noon,
    )
    tenant = SHIPPED.tenants[TENANT]
    ctx = TurnContext(claim, SHIPPED, float("inf"), tenant=tenant, text="Quanto custa?")
    knowledge = Listening()
    await Retrieve(knowledge, ManualClock(noon))(ctx)
    assert knowledge.trials == [trial]
