"""The account of turns over PostgreSQL and memory: the same from both, and for its tenant only."""

import pytest

from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
    ModelCall,
    Outcome,
    Owner,
    OwnerKind,
    PlannedPart,
    Rung,
    TurnRecord,
    Usage,
    closed_because,
)
from chatcrew.testing.stores import Stores, Talk, claimed
from chatcrew.why import IntentTold, StoredWhy, ToolTold

OURS = "health/varizemed"
RECORD = TurnRecord(
    outcome=Outcome.REPLIED,
    reason="crew",
    tenant=OURS,
    crew="whatsapp",
    function="support",
    engine="compiled",
    config="abc123",
    stage_ms={"admit": 1.5, "answer": 900.0},
    details={
        "rungs": [{"name": "crew", "end": "answered", "ms": 900.0}],
        "guess": ["price", 0.55, "booking"],
        "tools": ["find_slots", "order_status"],
        "tool_runs": [["find_slots", True, 12.0], ["find_slots", True, 8.0]],
        "cites": [{"kind": "knowledge", "name": "Quanto?", "places": ["a.yaml:4"]}],
        "roles": ["attendant"],
        "model": "gpt-4o-mini",
        "waited_ms": 1890,
        "promise": "kept",
        "language": "pt-BR",
        "burst": 2,
    },
)


@pytest.fixture
def why(stores: Stores) -> StoredWhy:
    """Give the account over the stores, with the gate's own rule."""
    return StoredWhy(
        stores.ledger,
        outbox=stores.outbox,
        states=stores.mailbox,
        quiet=lambda state: closed_because(state, agent_bot_id=7),
    )


async def test_a_turn_is_told_with_all_it_took(why, stores, talk, clock):
    """What the hub recorded, what the model cost, what was sent: one value (N9)."""
    await stores.mailbox.put(talk.says("Quanto custa?"))
    claim = await claimed(stores, clock)
    turn = claim.key.turn_id
    call = ModelCall(
        turn_id=turn, tenant=OURS, role="attendant", model="gpt-4o-mini",
        usage=Usage(800, 90), from_cache=False, seconds=0.9, error=None, at=clock.now(),
        cost=0.0002,
    )  # fmt: skip
    await stores.ledger.record_call(call)
    part = PlannedPart(ActKind.MESSAGE, {"content": "R$ 200"})
    await stores.outbox.decide(claim.key, [part], RECORD)
    await stores.mailbox.settle(claim.key, RECORD, arrivals=claim.arrivals)
    (told,) = await why.turns(talk.id, tenant=OURS)
    assert (told.turn, told.outcome, told.reason) == (turn, "replied", "crew")
    assert told.rungs == (Rung("crew", "answered", 900.0),)
    assert told.intent == IntentTold("price", "near", "", 0.55, "booking")
    assert told.tools == (
        ToolTold("find_slots", "ok", calls=2, ms=20.0),
        ToolTold("order_status", "called"),
    )
    assert [one.places for one in told.cites] == [("a.yaml:4",)]
    assert (told.spent.calls, told.spent.cost, told.spent.models) == (1, 0.0002, ("gpt-4o-mini",))
    assert (told.waited_ms, told.promise, told.burst) == (1890, "kept", 2)
    assert [(one.kind, one.state) for one in told.parts] == [("message", "planned")]
    assert told.stages == {"admit": 2, "answer": 900}
    assert "R$ 200" not in str(told.facts())


async def test_no_other_tenant_learns_of_a_turn(why, stores, talk, clock):
    """Whatever number it names: the conversation looks like one that nobody has seen."""
    await stores.mailbox.put(talk.says("Oi"))
    claim = await claimed(stores, clock)
    await stores.mailbox.settle(claim.key, RECORD, arrivals=claim.arrivals)
    turn, other = claim.key.turn_id, "cosmetics/acme"
    assert await why.turns(talk.id, tenant=other) == []
    assert await why.turn(talk.id, turn, tenant=other) is None
    assert await why.standing(talk.id, tenant=other) is None
    elsewhere = ConversationId("acme", "acme-bot", 9)
    assert await why.turn(elsewhere, turn, tenant=None) is None
    assert (await why.turn(talk.id, turn, tenant=OURS)).turn == turn
    assert len(await why.turns(talk.id, tenant=None)) == 1


async def test_the_standing_says_why_the_bot_is_quiet(why, stores, talk, clock):
    """A person's word silences it; ownership shows who answers."""
    await stores.mailbox.put(talk.says("Oi"))
    now = await why.standing(talk.id, tenant=OURS)
    assert (now.quiet, now.owner, now.status) == (None, "nobody", "pending")
    await stores.mailbox.put(talk.person("Deixa comigo"))
    await stores.mailbox.put(talk.becomes("open", owner=Owner(OwnerKind.PERSON, 3, "Ana")))
    now = await why.standing(talk.id, tenant=OURS)
    assert (now.quiet, now.owner, now.owner_name) == ("silenced_by_person", "person", "Ana")
    assert now.since is not None
    assert await why.standing(Talk(clock, number=9).id, tenant=None) is None


async def test_a_turn_that_nobody_decided_is_told_to_the_admin_only(why, stores, talk, clock):
    """Whose turn it is, is not known before it is decided."""
    await stores.mailbox.put(talk.says("Oi"))
    await claimed(stores, clock)
    (open_,) = await why.turns(talk.id, tenant=None)
    assert (open_.outcome, open_.state, open_.worker) == (None, "open", "w1")
    assert await why.turns(talk.id, tenant=OURS) == []
