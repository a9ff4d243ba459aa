"""The stages that call people, or do not: by policy, with what the conversation gets (S3-106)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chatcrew.errors import StoreError
from chatcrew.hub import complaints, handing, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.signals import FinishTurn
from chatcrew.hub.stages.alarm import Alarm
from chatcrew.hub.stages.escalate import Escalate
from chatcrew.hub.stages.hand import Hand
from chatcrew.hub.talks_port import NoTalks
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
    Author,
    AuthorKind,
    Claim,
    ConversationState,
    Handoff,
    Line,
    PlannedPart,
    Snapshot,
    Talk,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy._values.handoff import LowEvidence, made_handoff
from chatcrew.tenancy.model import (
    Configuration,
    HandoffPolicy,
    Intent,
    People,
    Persona,
    Tenant,
    Trigger,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HERE = ConversationId("acme", "acme-bot", 1)
EMERGENCY = Intent("emergency", ("estou sangrando",), "handoff", ("Ligue 192 agora.",))


def context(text: str = "", *, policy: HandoffPolicy | None = None, **how: object) -> TurnContext:
    """Return a turn of a small business in which the customer says ``text``."""
    tenant = Tenant(
        "shop/acme",
        "pt-BR",
        "America/Recife",
        Persona("Ana", "Acme", "leve"),
        intents=(EMERGENCY,),
        people=People(handoff=policy or HandoffPolicy()),
    )
    snapshot = how.pop("snapshot", Snapshot())
    claim = Claim(
        TurnKey("t1", HERE, 1),
        ConversationState(HERE, snapshot=snapshot),  # type: ignore[arg-type]  # of ``how``
        (),
        TurnState.OPEN,
        arrivals=1,
        attempts=1,
        lease_until=0.0,
        started_at=NOW,
    )
    configuration = Configuration("v1", {}, {}, None, {tenant.key: tenant}, {})
    return TurnContext(claim, configuration, deadline=0.0, tenant=tenant, text=text, **how)  # type: ignore[arg-type]  # of ``how``


def line(kind: AuthorKind, text: str, number: int) -> Line:
    """Return an earlier line."""
    return Line(number, Author(kind), text, NOW)


async def reason(stage: Alarm | Escalate, ctx: TurnContext) -> str | None:
    """Return for which reason a stage calls people, or None."""
    try:
        await stage(ctx)
    except FinishTurn as finish:
        return finish.reply.handoff.reason if finish.reply.handoff else "no handoff"
    return None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("vou no PROCON!", "alarm"),
        ("que palhaçada, péssimo", "mood"),
        ("isso é sobre a herança", "topic:inventario"),
        ("socorro, estou sangrando, que absurdo, péssimos!", None),  # the intent's own words
        ("qual o horário?", None),
    ],
)
async def test_alarms_go_before_everything_but_an_intent_that_calls_people(text, why) -> None:
    """The words "ligue 192" must not be lost beside an angry one."""
    policy = made_handoff({"topics": {"inventario": {"words": ["herança"]}}})

    assert await reason(Alarm(), context(text, policy=policy)) == why


class Figures:
    """A talk of so many messages and dollars; or a database that is away."""

    def __init__(self, talk: Talk | None) -> None:
        self.talk = talk

    async def so_far(self, claim: Claim) -> Talk:
        """Return them."""
        if self.talk is None:
            raise StoreError("away")
        return self.talk


@pytest.mark.parametrize(
    ("talk", "why"),
    [(Talk(20), None), (Talk(21), "long"), (Talk(3, 0.5), "cost"), (Talk(3, 0.49), None)],
)
async def test_long_and_dear_talks_go_to_people(talk: Talk, why: str | None) -> None:
    """More than 20 messages (S3-104); a cost only where somebody set a bound."""
    policy = made_handoff({"cost": {"usd": 0.5}})

    assert await reason(Escalate(Figures(talk)), context("e agora", policy=policy)) == why
    assert await reason(Escalate(Figures(Talk(3, 9.0))), context("e agora")) is None


async def test_figures_that_cannot_be_read_keep_nobody_from_an_answer() -> None:
    """Counting may fail open; answering may not."""
    assert await reason(Escalate(Figures(None)), context("e agora")) is None


async def test_the_same_message_for_the_third_time_goes_to_people() -> None:
    """Short words do not count, and what was said before people spoke neither."""
    said = "qual o prazo de entrega"
    twice = [line(AuthorKind.CUSTOMER, said, 1), line(AuthorKind.CUSTOMER, f"{said}?", 3)]
    stage = Escalate(NoTalks())

    assert await reason(stage, context(said, history=twice)) == "loop"
    assert (
        await reason(
            stage, context("sim", history=[line(AuthorKind.CUSTOMER, "sim", n) for n in range(5)])
        )
        is None
    )
    assert (
        await reason(stage, context(said, history=[*twice, line(AuthorKind.PERSON, "Oi", 4)]))
        is None
    )


async def handled(ctx: TurnContext, reply: Reply) -> Reply:
    """Return what becomes of a reply."""
    ctx.reply = reply
    await Hand()(ctx)
    assert ctx.reply is not None
    return ctx.reply


async def test_the_same_answer_for_the_third_time_goes_to_people_but_a_canned_one_does_not() -> (
    None
):
    """Bubbles between two words of the customer are one answer."""
    words = "O prazo é de dez dias úteis.\n\nPosso ajudar em algo mais?"
    first, second = words.split("\n\n")
    history = [
        line(AuthorKind.BOT, first, 2),
        line(AuthorKind.BOT, second, 3),
        line(AuthorKind.CUSTOMER, "hm", 4),
        line(AuthorKind.BOT, words, 5),
        line(AuthorKind.CUSTOMER, "mas e aí", 6),
    ]
    again = await handled(context("hm", history=history), Reply(words, "compiled", "crew"))
    canned = await handled(context("hm", history=history), Reply(words, "intent", "intent:prazo"))

    assert again.handoff is not None
    assert (again.handoff.reason, again.reason) == ("loop", "loop")
    assert canned.handoff is None


@pytest.mark.parametrize(
    ("reply", "handed"),
    [
        (Reply("É seguro.", "compiled", "crew"), True),
        (Reply("Você já fez o exame?", "compiled", "crew"), False),
        (Reply("É seguro.", "compiled", "crew", sources=("seguro: sim",)), False),
        (Reply("É seguro.", "cache", "cache"), False),
    ],
)
async def test_strict_evidence_hands_over_what_rests_on_nothing(
    reply: Reply, *, handed: bool
) -> None:
    """A guess from 0.7 on, a certain passage or a tool is something (S1-25)."""
    policy = replace(HandoffPolicy(), evidence=LowEvidence(strict=True))
    found = await handled(context("é seguro?", policy=policy), reply)
    guessed = await handled(context("é seguro?", policy=policy, guess=("order", 0.7, "")), reply)

    assert (found.reason == "low_evidence") == handed
    assert guessed.handoff is None


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("asked", "intent:wants_person"),
        ("evidence", "no_answer"),
        ("tool", "tool_failed"),
        ("attachment", "attachment"),
        ("grounding", "check"),
        ("model", "late"),
    ],
)
async def test_a_trigger_that_is_switched_off_is_answered_honestly(key: str, why: str) -> None:
    """In every language, with the way to a person unless that is off, too."""
    off = made_handoff({key: {"enabled": False}})
    for language in ("pt-BR", "en", "es"):
        ctx = context("x", policy=off, language=language)
        kept = await handled(ctx, Reply("Vou chamar alguém.", "template", why, Handoff(why)))

        assert kept.handoff is None
        way = texts.text(ctx.tenant, "stay_choice", language=language)
        assert (way in kept.text) == (key != "asked")


@pytest.mark.parametrize("why", ["promised", "urgent", "parked", "intent:emergency", "intent:own"])
async def test_some_reasons_are_always_obeyed(why: str) -> None:
    """Who reads that a person goes on must not wait for ever."""
    off = {key: {"enabled": False} for key in ("asked", "evidence", "tool", "grounding", "model")}
    kept = await handled(
        context("x", policy=made_handoff(off)), Reply("Ok.", "compiled", "crew", Handoff(why))
    )

    assert kept.handoff == Handoff(why)


async def test_what_a_conversation_gets_does_not_take_away_what_it_has() -> None:
    """Labels are added, a higher priority stands, whom a role has named stays."""
    given = {"labels": ["vip", "novo"], "priority": "medium", "team": 4}
    policy = made_handoff({"grounding": given})
    reply = Reply("Vou chamar.", "template", "check", Handoff("check"))

    acts = (await handled(context("x", policy=policy), reply)).acts
    assert [(act.kind, act.gated) for act in acts] == [
        (ActKind.LABELS, True),
        (ActKind.PRIORITY, True),
        (ActKind.ASSIGNMENT, False),
    ]
    there = Snapshot(labels=("vip",), priority="high")
    named = replace(reply, acts=(PlannedPart(ActKind.ASSIGNMENT, {"assignee_id": 7}),))
    acts = (await handled(context("x", policy=policy, snapshot=there), named)).acts
    assert [dict(act.payload) for act in acts] == [{"assignee_id": 7}, {"add": ["novo"]}]


async def test_the_first_greeting_offers_bot_or_person_where_that_is_wished() -> None:
    """Titles fit a button of WhatsApp, and both are understood (complaint 24)."""
    greeting = Reply("Olá!", "intent", "intent:greeting")
    choice = replace(HandoffPolicy(), choice=True)
    for language in ("pt-BR", "en", "es"):
        offered = await handled(context("oi", policy=choice, language=language), greeting)
        assert len(offered.buttons) == 2
        assert all(len(title) <= 20 for title in offered.buttons)

    later = context("oi", policy=choice, history=[line(AuthorKind.BOT, "Olá!", 1)])
    assert (await handled(later, greeting)).buttons == ()
    assert (await handled(context("oi"), greeting)).buttons == ()


def test_every_reason_names_a_trigger_that_exists_and_has_words_in_both_languages() -> None:
    """One table; nothing in it can be switched off that has no words for staying."""
    policy = HandoffPolicy()
    for name, one in handing.REASONS.items():
        assert one.words
        assert one.english
        assert isinstance(handing.trigger(policy, name), Trigger)
    assert handing.why("topic:juridico") == "o assunto `juridico` é da equipe"
    assert handing.in_english("intent:refund") == "intent `refund`"


@pytest.mark.parametrize(
    ("text", "reply", "kinds"),
    [
        ("não foi isso que perguntei", Reply("x", "compiled", "crew"), {"generic"}),
        ("you didn't answer my question", Reply("x", "compiled", "crew"), {"generic"}),
        ("x", Reply("x", "template", "no_answer", Handoff("no_answer")), {"unable"}),
        ("x", Reply("x", "template", "late"), {"unable"}),
        ("x", Reply("x", "intent", "i", Handoff("intent:wants_person")), {"asked"}),
        ("x", Reply("x", "compiled", "crew", Handoff("complaint")), {"complaint"}),
        ("qual o prazo?", Reply("x", "compiled", "crew"), set()),
    ],
)
def test_signals_of_dissatisfaction_are_read_from_words_and_reasons(text, reply, kinds) -> None:
    """Complaint, asks for a person, generic answer, unable (S3-99)."""
    assert set(complaints.signals(context(text), reply)) == kinds
