"""What a turn recalls: all of the episode within its budget, the talk before it, the customer."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chatcrew.hub import prompt
from chatcrew.hub.context import TurnContext
from chatcrew.hub.stages.recall import Recall
from chatcrew.ids import ConversationId
from chatcrew.intents import gist
from chatcrew.memory import MemoryMemory
from chatcrew.messages import (
    Author,
    AuthorKind,
    Claim,
    Contact,
    ConversationState,
    FactKind,
    Input,
    InputKind,
    Line,
    NewFact,
    Noted,
    Person,
    Snapshot,
    Timing,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy.model import (
    Capabilities,
    Configuration,
    Crew,
    MemoryPolicy,
    Persona,
    Tenant,
)
from chatcrew.testing import ManualClock
from chatcrew.worker.memory import StoredMemory

ZONE = ZoneInfo("America/Sao_Paulo")
"""Read from its file here, and not on the event loop."""

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TALK = ConversationId("acme", "bot", 1)
PERSON = Person("shop/acme", "acme", 501)
TENANT = Tenant("shop/acme", "pt-BR", "America/Sao_Paulo", Persona("Ana", "Acme", "leve"))
CREW = Crew("chat", "chat", "support", "sequential", "auto", (), (), Capabilities(), Timing())


class Lines:
    """A history of given lines by episode."""

    def __init__(self, *episodes: Sequence[Line]) -> None:
        self.episodes = episodes

    async def window(
        self, claim: Claim, *, limit: int, episode: int | None = None
    ) -> Sequence[Line]:
        """Return the newest lines."""
        return self.episodes[(episode or claim.state.episode) - 1][-limit:]


def line(number: int, text: str, kind: AuthorKind = AuthorKind.CUSTOMER) -> Line:
    """Return a line of somebody."""
    return Line(number, Author(kind), text, NOW + timedelta(seconds=number))


def chatter(count: int, begin: int = 100) -> list[Line]:
    """Return lines of both that say nothing worth keeping."""
    kinds = (AuthorKind.CUSTOMER, AuthorKind.BOT)
    words = ("E como funciona isso?", "Funciona muito bem.")
    return [line(begin + n, words[n % 2], kinds[n % 2]) for n in range(count)]


def turn(text: str, *, episode: int = 1, crew: Crew = CREW, tenant: Tenant = TENANT) -> TurnContext:
    """Return a turn in which the customer says ``text``."""
    snapshot = Snapshot(contact=Contact(id=501))
    said = line(9_000, text)
    claim = Claim(
        key=TurnKey("t1", TALK, 1),
        state=ConversationState(TALK, snapshot=snapshot, episode=episode, last_message_id=9_000),
        burst=(Input(1, InputKind.MESSAGE, said, NOW),),
        turn_state=TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    ctx = TurnContext(
        claim, Configuration("v1", {}, {}, None, {tenant.key: tenant}, {}), deadline=0.0
    )
    ctx.tenant, ctx.crew, ctx.text = tenant, crew, text
    return ctx


async def recalled(ctx: TurnContext, lines: Lines, store: MemoryMemory | None = None):
    """Return what the crew reads of the past."""
    clock = ManualClock(NOW)
    memory = StoredMemory(store or MemoryMemory(), clock=clock)
    await Recall(lines, memory, clock)(ctx)
    return prompt.inputs(ctx, now=NOW)


async def remembering(*facts: str, about: Sequence[str | None] = ()) -> MemoryMemory:
    """Return a store that remembers these of the customer, one a minute."""
    store = MemoryMemory()
    for number, text in enumerate(facts):
        subject = about[number] if number < len(about) else None
        new = NewFact(FactKind.FACT, text, subject, TALK, number + 1)
        noted = Noted(TALK, 1, PERSON, up_to=number + 1, remember=True, facts=(new,))
        await store.note(noted, now=NOW - timedelta(minutes=60 - number), keep_days=365)
    return store


async def test_a_name_told_sixty_messages_ago_is_recalled() -> None:
    """The window is 20 lines; what is older is told by its facts, with no model (S2-01, S2-02)."""
    told = line(1, "Oi! Meu nome é Joana Prado, meu pedido é o 48213 e moro em Recife.")
    inputs = await recalled(turn("Lembra meu nome?"), Lines([told, *chatter(60)]))

    assert len(inputs["history"].splitlines()) == 20
    assert "Joana" not in inputs["history"]
    for fact in ("Joana Prado", "48213", "Recife"):
        assert fact in inputs["summary"]


async def test_nothing_stands_twice_and_nothing_between_is_lost() -> None:
    """Summary, gap and window meet: each line is in exactly one of them."""
    store = MemoryMemory()
    await store.note(Noted(TALK, 1, PERSON, up_to=30), now=NOW, keep_days=365)
    (work,) = await store.claim(now=NOW)
    await store.finish(work, now=NOW, summary="Resumo: pediu o item 1010.", summary_up_to=10)
    lines = [line(n, f"Quero também o item {1000 + n}.") for n in range(1, 61)]

    inputs = await recalled(turn("E aí?"), Lines(lines), store)

    read = inputs["summary"] + inputs["history"]
    for number in (*range(11, 61), 10):
        assert read.count(str(1000 + number)) == 1, number


@pytest.mark.parametrize("budget", [300, 1_000, 4_000])
async def test_the_past_keeps_to_its_budget(budget: int) -> None:
    """Long messages shrink the window, not the facts in them."""
    lines = [
        line(n, f"O item {7000 + n} não funciona. " + "blá blá blá " * 60) for n in range(1, 41)
    ]
    crew = dataclasses.replace(CREW, history_tokens=budget)
    inputs = await recalled(turn("E agora?", crew=crew), Lines(lines))

    spent = gist.tokens(inputs["history"]) + gist.tokens(inputs["summary"])
    least = 2 * gist.tokens(gist.said(lines[-1]) or "")
    assert spent <= max(budget, budget // 3 + least) + 5
    assert str(7040) in inputs["history"]


async def test_a_crew_that_wants_no_history_gets_none() -> None:
    """Nor its summary."""
    crew = dataclasses.replace(CREW, history=0)
    inputs = await recalled(turn("Oi", crew=crew), Lines([line(1, "Pedido 48213."), *chatter(30)]))

    assert inputs["summary"] == ""
    assert "48213" not in inputs["history"]


async def test_facts_come_by_what_is_asked_at_most_five() -> None:
    """The customer's name first, then what shares words with the question (S3-52, S3-98)."""
    facts = [f"Comprou o perfume número {n}." for n in range(20)]
    store = await remembering(
        "O cliente se chama Joana.",
        "Disse: “Sou alérgica a parabenos.”",
        *facts,
        about=("name", None),
    )
    inputs = await recalled(turn("Esse creme serve para quem é alérgica?"), Lines([]), store)

    lines = inputs["memory"].splitlines()
    assert len(lines) == 5
    assert "- O cliente se chama Joana." in lines
    assert "- Disse: “Sou alérgica a parabenos.”" in lines


async def test_refused_slots_are_no_lines_of_memory() -> None:
    """They are told beside what the customer told, to the intents that have such a slot."""
    store = MemoryMemory()
    no = NewFact(FactKind.SLOT, "Prefere não informar: cpf.", "untold:cpf", TALK, 3)
    noted = Noted(TALK, 1, PERSON, up_to=3, remember=True, facts=(no,))
    await store.note(noted, now=NOW, keep_days=365)
    ctx = turn("Oi")
    inputs = await recalled(ctx, Lines([]), store)

    assert inputs["memory"] == ""
    assert ctx.refused_before == {"cpf"}


@pytest.mark.parametrize(
    "policy",
    [MemoryPolicy(enabled=False), MemoryPolicy(consent="required")],
    ids=["off", "no consent"],
)
async def test_without_consent_nothing_of_the_person_is_read(policy: MemoryPolicy) -> None:
    """The episode itself is: it is the very conversation (S2-27)."""
    store = await remembering("O cliente se chama Joana.")
    tenant = dataclasses.replace(TENANT, memory=policy)
    lines = Lines([line(1, "Pedido 48213."), *chatter(30)])
    inputs = await recalled(turn("Oi", tenant=tenant), lines, store)

    assert inputs["memory"] == ""
    assert "48213" in inputs["summary"]


async def test_the_talk_before_is_one_line_of_memory() -> None:
    """A reopened conversation begins anew, and knows what it was about."""
    before = [line(1, "Meu pedido 48213 veio errado."), *chatter(10)]
    inputs = await recalled(turn("Oi, sou eu de novo", episode=2), Lines(before, []))

    (told,) = inputs["memory"].splitlines()
    assert told.startswith("- Conversa anterior, 21/11/2026: ")
    assert "48213" in told
    assert inputs["history"] == "(início da conversa)"


async def test_it_is_known_how_long_a_talk_is_only_where_all_of_it_was_read() -> None:
    """Who counts it may rest on that: lines of customer and bot, and none of anybody else's."""
    ctx = turn("E o preço?")
    await recalled(ctx, Lines([*chatter(6), line(200, "Olá", AuthorKind.PERSON)]))
    assert ctx.talked == 6

    ctx = turn("E o preço?")
    store = MemoryMemory()
    await store.seal(TALK, episode=1, up_to=8_000, now=NOW)
    await recalled(ctx, Lines(chatter(500)), store)
    assert ctx.talked is None
