"""Which questions and answers are anybody's, and which are one customer's own (N7, N15)."""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatcrew.hub import safe
from chatcrew.hub.again import Again
from chatcrew.hub.answers_port import NothingKept
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Claim,
    Contact,
    ConversationState,
    Handoff,
    Passage,
    Piece,
    Rung,
    Snapshot,
    TurnKey,
    TurnState,
    Wanted,
)
from chatcrew.tenancy import load
from chatcrew.tenancy.model import AnswerPolicy, ToolEntry
from chatcrew.testing import ManualClock
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SHIPPED = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
KEY = ("whatsapp", "cosmetics/bella", "support")
FOUND = Passage("faq.yaml:1", "Entrega", "Sim.", 1.0, certain=True)
STOCK = ToolEntry("estoque", "http", url="https://loja.example/{sku}", cache=60)


def turn(text: str, *, tools: tuple[ToolEntry, ...] = (), name: str | None = "Rita Lima"):
    """Return a turn of a shipped crew to which somebody writes for the first time."""
    conversation = ConversationId("demo", "bot", 1)
    claim = Claim(
        key=TurnKey("t1", conversation, 1),
        state=ConversationState(
            conversation, tenant=KEY[1], snapshot=Snapshot(inbox_id=1, contact=Contact(1, name))
        ),
        burst=(),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    tenant = dataclasses.replace(SHIPPED.tenants[KEY[1]], tools=tools)
    ctx = TurnContext(claim, SHIPPED, float("inf"), tenant=tenant, crew=SHIPPED.crews[KEY])
    ctx.text, ctx.passages = text, (FOUND,)
    return ctx


@pytest.mark.parametrize(
    "text",
    [
        "Vocês entregam em Recife?",
        "Parcelam em 3x?",
        "Tem de 500 ml?",
        "Frete grátis acima de R$ 1.500,00?",
        "Mesa para 6 pessoas?",
        "Tem 10% de desconto?",
    ],
)
def test_a_question_that_anybody_asks_is_one(text: str) -> None:
    """Figures that count something make no question one customer's own."""
    question = safe.question(turn(text))
    assert question is not None
    assert question.text == text
    assert question.sure


@pytest.mark.parametrize(
    "text",
    [
        "Onde está meu pedido?",
        "O pedido 48213 já saiu?",
        "Comprei ontem, cadê?",
        "Paguei e não recebi",
        "Recebi errado, trocam?",
        "Meu CPF é 529.982.247-25, tem cadastro?",
        "Entregam no CEP 50030-230?",
        "Meu nome é Ana, vocês entregam?",
        "A Rita pode retirar?",
        "Marquei para o dia 12, vale?",
        "Tem horário às 15?",
        "Está aberto agora?",
        "Entregam hoje?",
        "Vocês estão atendendo?",
        "Tem vaga nesta semana?",
        "Abrem na semana que vem?",
        "Isso serve para mim?",
        "oi",
        "Vocês entregam? " * 20,
    ],
)
def test_a_question_of_ones_own_is_neither_looked_up_nor_kept(text: str) -> None:
    """Orders, days, documents, one's name, what points at something said before."""
    assert safe.question(turn(text)) is None


@pytest.mark.parametrize(
    "told",
    [
        {"summary": "Cliente: tem alergia."},
        {"before": "comprou um creme"},
        {"collected": {"size": "M"}},
        {"told": ("O pedido foi aprovado.",)},
    ],
    ids=lambda told: next(iter(told)),
)
def test_what_flowed_in_from_elsewhere_makes_it_ones_own(told: dict[str, object]) -> None:
    """Memory, summary, slots, what a tool told this customer."""
    ctx = turn("Vocês entregam em Recife?")
    for name, value in told.items():
        setattr(ctx, name, value)
    assert safe.question(ctx) is None


def reply(*, runs: list[list[object]] | None = None, tools: list[str] | None = None) -> Reply:
    """Return a crew's reply that rests on what tools returned."""
    called = {"tools": tools or ["estoque"], "tool_runs": runs or [["estoque", True, 12.0]]}
    return Reply(
        "Temos 7.",
        engine="compiled",
        reason="crew",
        passages=(FOUND,),
        sources=("7 unidades",),
        details=called,
    )


def test_what_a_kept_tool_read_is_given_again_for_its_seconds() -> None:
    """The result stands among what the answer rests on."""
    used = safe.tools_used(turn("Tem creme?", tools=(STOCK,)), reply())
    assert used == ((Piece("tool", "estoque", "7 unidades"),), 60.0)


@pytest.mark.parametrize(
    "entry",
    [
        dataclasses.replace(STOCK, cache=0),
        dataclasses.replace(STOCK, acts=True),
        dataclasses.replace(STOCK, url="https://loja.example/{contact.phone}"),
        dataclasses.replace(STOCK, query={"email": "{contact.email}"}),
        dataclasses.replace(STOCK, use="sql", sql="select 1 where id = :contact__id"),
        dataclasses.replace(STOCK, use="woocommerce"),
        dataclasses.replace(STOCK, name="outra"),
    ],
    ids=["never kept", "acts", "url", "query", "sql", "shop", "unknown"],
)
def test_what_any_other_tool_said_is_never_given_again(entry: ToolEntry) -> None:
    """Acts, what is not kept, and what reads a customer's own data."""
    assert safe.tools_used(turn("Tem creme?", tools=(entry,)), reply()) is None


def test_a_tool_that_failed_and_passages_found_by_other_words_keep_nothing() -> None:
    """Nobody could say when they change; a search that found the turn's own passages is fine."""
    ctx = turn("Tem creme?", tools=(STOCK,))
    assert safe.tools_used(ctx, reply(runs=[["estoque", False, 3.0]])) is None
    searched = reply(tools=["search_knowledge"], runs=[["search_knowledge", True, 3.0]])
    assert safe.tools_used(ctx, searched) == ((), float("inf"))
    other = Passage("faq.yaml:9", "Troca", "Em 7 dias.", 1.0)
    found = dataclasses.replace(searched, passages=(FOUND, other))
    assert safe.tools_used(ctx, found) is None
    unnamed = dataclasses.replace(searched, details={})
    assert safe.tools_used(ctx, unnamed) is None


def test_a_business_may_keep_none_or_only_the_very_same_words() -> None:
    """``answers: keep_minutes: 0`` and ``other_words: false``."""
    ctx = turn("Vocês entregam em Recife?")
    tenant = ctx.our_tenant()
    ctx.tenant = dataclasses.replace(tenant, answers=AnswerPolicy(other_words=False))
    question = safe.question(ctx)
    assert question is not None
    assert question.alone
    ctx.tenant = dataclasses.replace(tenant, answers=AnswerPolicy(keep_minutes=0))
    assert safe.question(ctx) is None


class Written(NothingKept):
    """Notes what is kept."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    async def keep(
        self,
        wanted: Wanted,
        *,
        text: str,
        turn: str,
        tools: tuple[Piece, ...] = (),
        seconds: float | None = None,
    ) -> None:
        assert seconds == 3600.0
        self.kept.append(text)

    async def keep_vain(self, wanted: Wanted, *, turn: str, seconds: float | None = None) -> None:
        self.kept.append("vain")


@pytest.mark.parametrize(
    ("rungs", "reason", "kept"),
    [
        ([Rung("crew", "answered")], None, ["Sim."]),
        ([Rung("fast", "answered"), Rung("crew", "cancelled")], None, []),
        ([Rung("crew", "answered")], "customer_asked", []),
        ([Rung("crew", "answered")], "no_answer", ["vain"]),
        ([Rung("crew", "empty"), Rung("fast", "declined")], "no_answer", ["vain"]),
        ([Rung("crew", "no_model")], "no_answer", []),
        ([Rung("crew", "unavailable"), Rung("fast", "declined")], "no_answer", []),
        ([Rung("crew", "timeout")], "late", []),
    ],
)
async def test_only_a_crew_s_answer_or_its_ignorance_is_kept(
    rungs: list[Rung], reason: str | None, kept: list[str]
) -> None:
    """The fast model's word is not; nor is a model's absence taken for ignorance."""
    ctx = turn("Vocês entregam em Recife?")
    ctx.rungs = list(rungs)
    if "vain" in kept:
        ctx.passages = (dataclasses.replace(FOUND, certain=False),)
    handoff = None if reason is None else Handoff(reason)
    said = Reply("Sim.", engine="compiled", reason="crew", handoff=handoff, passages=ctx.passages)
    store = Written()
    await Again(store, ManualClock(NOW)).keep(ctx, safe.question(ctx), said)
    assert store.kept == kept
