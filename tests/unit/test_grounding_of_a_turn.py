"""What a turn's reply may rest on is read once, and again where anything of it has changed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chatcrew.hub import grounding
from chatcrew.hub.answers_port import NothingKept
from chatcrew.hub.claims import _ground
from chatcrew.hub.context import TurnContext
from chatcrew.hub.stages.answer import AnswerStage
from chatcrew.hub.stages.check import Check
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Answer,
    Author,
    AuthorKind,
    Claim,
    Contact,
    ConversationState,
    Fact,
    FactKind,
    Line,
    Passage,
    Snapshot,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy import load
from chatcrew.testing import ManualClock
from chatcrew.testing.responders import ScriptedResponder
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
SHIPPED = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)


def turn() -> TurnContext:
    """Return a turn after ``retrieve``."""
    conversation = ConversationId("demo", "bot", 1)
    tenant = SHIPPED.tenants["health/varizemed"]
    snapshot = Snapshot(inbox_id=1, contact=Contact(1, "Maria"))
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(conversation, tenant=tenant.key, snapshot=snapshot),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    return TurnContext(
        claim,
        SHIPPED,
        deadline=20.0,
        tenant=tenant,
        crew=SHIPPED.crews["whatsapp", tenant.key, tenant.default_function],
        text="quanto custa?",
        rules=tenant.rules,
    )


async def test_a_reply_is_read_once_from_where_it_comes_to_where_it_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last look holds it against the same grounds, which are not laid together again."""
    laid: list[object] = []
    whole = grounding.Sources.__post_init__

    def counted(self: Any) -> None:
        laid.append(self)
        whole(self)

    monkeypatch.setattr(grounding.Sources, "__post_init__", counted)
    read: list[str] = []
    reads = _ground.read

    def noted(text: str, *args: Any, **more: Any) -> Any:
        read.append(text)
        return reads(text, *args, **more)

    monkeypatch.setattr(_ground, "read", noted)
    ctx, clock = turn(), ManualClock(NOW)
    says = Answer("A consulta custa R$ 350.", engine="compiled")

    await AnswerStage(ScriptedResponder(lambda ask: says), NothingKept(), clock)(ctx)
    await Check(clock, lambda _: False)(ctx)

    assert ctx.reply is not None
    assert ctx.reply.text == says.text
    assert len(laid) == 1
    assert read.count(says.text) == 1


LINE = Line(1, Author(AuthorKind.BOT, 1, "Clara"), "Fica R$ 77,31.", NOW)
FACT = Fact(
    1, FactKind.PREFERENCE, "Escreva a rui@exemplo.com", None, "demo/bot/1", 1, 1.0, NOW, None, NOW
)
PRICE = "O pacote especial sai por R$ 77,31."


@pytest.mark.parametrize(
    "change",
    [
        {"passages": (Passage("a.md", "Pacote", PRICE, 1.0),)},
        {"rules": (PRICE,)},
        {"told": (PRICE,)},
        {"history": (LINE,)},
        {"summary": f"Você: {PRICE}"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_comes_to_be_known_in_a_turn_is_a_source_from_then_on(change: Any) -> None:
    """Nothing that was read before hides it."""
    ctx = turn()

    before = grounding.of_turn(ctx, day=DAY).unfounded(PRICE)
    for name, value in change.items():
        setattr(ctx, name, value)
    after = grounding.of_turn(ctx, day=DAY).unfounded(PRICE)

    assert [one.kind for one in before] == ["price"]
    assert after == []


@pytest.mark.parametrize(
    "change",
    [
        {"text": "meu email é rui@exemplo.com"},
        {"before": "Deixou rui@exemplo.com"},
        {"collected": {"email": "rui@exemplo.com"}},
        {"memory": (FACT,)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_the_customer_comes_to_say_may_be_given_back(change: Any) -> None:
    """His words, and what is remembered of him."""
    ctx = turn()
    reply = "Você escreveu rui@exemplo.com."

    assert grounding.of_turn(ctx, day=DAY).unfounded(reply)
    for name, value in change.items():
        setattr(ctx, name, value)
    assert grounding.of_turn(ctx, day=DAY).unfounded(reply) == []


def test_the_day_what_tools_found_and_the_contact_are_part_of_it() -> None:
    """Each changes what is founded."""
    ctx = turn()

    today = grounding.of_turn(ctx, day=DAY)
    assert grounding.of_turn(ctx, day=DAY) is today
    assert grounding.of_turn(ctx, day=date(2026, 11, 21)) is not today
    assert grounding.of_turn(ctx, day=DAY, found=(PRICE,)).unfounded(PRICE) == []
    passage = Passage("a.md", "Pacote", PRICE, 1.0)
    assert grounding.of_turn(ctx, day=DAY, passages=(passage,)).unfounded(PRICE) == []
    snapshot = replace(ctx.claim.state.snapshot, contact=Contact(1, "Maria", "rui@exemplo.com"))
    ctx.claim = replace(ctx.claim, state=replace(ctx.claim.state, snapshot=snapshot))
    assert grounding.of_turn(ctx, day=DAY) != today
