"""The note that answers a correction: what was said stands in it letter by letter (N10)."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chatcrew.app.corrections import StoredCorrections
from chatcrew.hub.corrections_port import Correction
from chatcrew.ids import ConversationId
from chatcrew.messages import Claim, ConversationState, TurnKey, TurnState
from chatcrew.proposals import MemoryProposals, Said

HERE = ConversationId("demo", "bot", 1)
CLAIM = Claim(
    key=TurnKey("t1", HERE, 1),
    state=ConversationState(HERE, tenant="health/varizemed"),
    burst=(),
    turn_state=TurnState.OPEN,
    arrivals=1,
    attempts=1,
    lease_until=0.0,
    started_at=datetime(2026, 11, 20, tzinfo=UTC),
)
LINK = "[suporte](https://ruim.example)"


async def silent(conversation: ConversationId, *, turn: str | None = None) -> Said | None:
    """Have said nothing."""
    return None


@pytest.mark.parametrize(
    "said",
    [
        Correction("Custa R$ 5.", rule=False, question=f"quanto {LINK}?", by="Ana", key="1"),
        Correction(f"Veja {LINK}", rule=False, question="quanto custa?", by="Ana", key="1"),
        Correction(f"Nunca {LINK}", rule=True, question="", by="Ana", key="1"),
    ],
)
async def test_no_link_of_a_customers_is_the_bots_in_the_note(said: Correction) -> None:
    """The proposal keeps the words; the team's note shows them and links nowhere."""
    proposals = MemoryProposals()
    nobody: Any = SimpleNamespace(last=silent)
    note = await StoredCorrections(proposals, replies=nobody, history=nobody).propose(CLAIM, said)

    assert r"\[suporte\]" in note
    assert LINK not in note
    assert "https://" not in note
    (kept,) = await proposals.listed()
    assert LINK in kept.new.content.text + kept.new.content.question
