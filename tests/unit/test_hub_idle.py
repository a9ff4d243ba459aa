"""Silent customers: what is planned with an answer, and what is said when it comes due (S3-72)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatcrew.hub import idle, window
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.signals import DropTurn
from chatcrew.hub.stages.reach import Reach
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    ActKind,
    Author,
    AuthorKind,
    Claim,
    Contact,
    ConversationState,
    Handoff,
    Input,
    InputKind,
    Line,
    PlannedPart,
    Snapshot,
    TurnKey,
    TurnState,
)
from chatcrew.tenancy._values.opening import made_opening
from chatcrew.tenancy.model import (
    Configuration,
    Inactivity,
    MessageTemplate,
    People,
    Persona,
    Tenant,
)
from chatcrew.testing import ManualClock

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
"""A Friday, five in the afternoon in São Paulo."""

FORM = MessageTemplate("volta", "pt_BR", "Oi, {{1}}!", params={"1": "{nome}"})
POLICY = Inactivity(timedelta(hours=2), timedelta(hours=24), template=FORM)
TENANT = Tenant("shop/acme", "pt-BR", "America/Sao_Paulo", Persona("Ana", "Acme", "leve"))
ANSWER = Reply("Claro!", engine="compiled", reason="crew")
HERE = ConversationId("acme", "bot", 7)


def line(number: int, text: str, at: datetime, kind: AuthorKind = AuthorKind.CUSTOMER) -> Line:
    """Return one message."""
    return Line(number, Author(kind), text, at)


def turn(
    said: str | None = "quanto custa?",
    *,
    policy: Inactivity = POLICY,
    times: Sequence[str] | None = None,
    ago: timedelta = timedelta(0),
    **others: object,
) -> TurnContext:
    """Return a turn in which the customer wrote ``said`` so long ago, or a timer fired."""
    people = People(inactivity=policy, opening=made_opening({"times": times}))
    snapshot = Snapshot(channel="Channel::Whatsapp", contact=Contact(id=5, name="Rui Sá"))
    state = ConversationState(
        HERE, channel="whatsapp", snapshot=snapshot, last_message_id=12, last_customer_id=11
    )
    word = line(11, said or "oi", NOW - ago)
    item = Input(
        1, InputKind.MESSAGE if said else InputKind.TIMER, word if said else None, NOW - ago
    )
    claim = Claim(TurnKey("t", HERE, 1), state, (item,), TurnState.OPEN, 1, 1, 0.0, NOW)
    ctx = TurnContext(
        claim, Configuration("v1", {}, {}, None, {TENANT.key: TENANT}, {}), deadline=0.0
    )
    ctx.tenant, ctx.history = replace(TENANT, people=people), () if said else (word,)
    for name, value in others.items():
        setattr(ctx, name, value)
    return ctx


def steps(ctx: TurnContext, reply: Reply = ANSWER, *duties: PlannedPart) -> list[tuple[str, float]]:
    """Return step and hours of what is planned."""
    planned = idle.planned(ctx, reply, duties=duties, now=NOW)
    return [
        (one.payload["payload"]["step"], (one.payload["due_at"] - NOW.timestamp()) / 3600)
        for one in planned
    ]


def test_each_answer_plans_a_nudge_that_knows_when_the_talk_is_closed() -> None:
    """One timer: the nudge plans the close in its turn."""
    assert steps(turn()) == [("nudge", 2)]
    (one,) = idle.planned(turn(), ANSWER, duties=(), now=NOW)
    due = one.payload["payload"]
    assert due["close_at"] == (NOW + timedelta(hours=24)).timestamp()
    assert (due["customer_id"], due["after"], due["episode"]) == (11, 12, 1)
    nudged = turn(None, due={**due, "timer": "inactivity"})
    assert steps(nudged, Reply("?", engine="timer", reason="nudge")) == [("close", 24)]


def test_a_nudge_that_came_late_leaves_the_customer_as_long_to_answer_as_one_in_time() -> None:
    """No worker ran for three hours, or it was night: the goodbye does not follow at once."""
    (planned,) = idle.planned(turn(), ANSWER, duties=(), now=NOW - timedelta(hours=23, minutes=59))
    due = planned.payload["payload"]
    assert due["close_at"] == (NOW + timedelta(minutes=1)).timestamp()
    nudged = turn(None, due={**due, "timer": "inactivity"})
    assert steps(nudged, Reply("?", engine="timer", reason="nudge")) == [("close", 22)]


def test_who_said_thanks_or_wants_no_messages_is_only_closed() -> None:
    """He is not asked whether he is still there."""
    assert steps(turn("obrigada, tchau!")) == [("close", 24)]
    assert steps(turn(opted_out=True)) == [("close", 24)]
    assert steps(turn(policy=Inactivity(close_after=timedelta(hours=1)))) == [("close", 1)]
    assert steps(turn(policy=Inactivity())) == []


def test_nothing_is_planned_where_the_customer_waits_for_us_or_the_talk_ends() -> None:
    """A handoff, a farewell, a promise for later, a call that waits for approval."""
    later = PlannedPart(ActKind.TIMER, {"kind": "followup", "due_at": 1, "payload": {}})
    asked = PlannedPart(ActKind.TIMER, {"kind": "approval", "due_at": 1, "payload": {}})
    ended = PlannedPart(ActKind.STATUS, {"status": "resolved"})
    assert steps(turn(), replace(ANSWER, handoff=Handoff("other"))) == []
    assert steps(turn(), replace(ANSWER, acts=(ended,))) == []
    assert steps(turn(), replace(ANSWER, acts=(later,))) == []
    assert steps(turn(), ANSWER, asked) == []
    assert steps(turn(), replace(ANSWER, text="")) == []


def test_what_would_come_outside_of_opening_hours_waits_for_the_next_opening() -> None:
    """Two hours after Friday five o'clock is Monday eight; unless the business says otherwise."""
    times = ["mon-fri 08:00-18:00"]
    assert steps(turn(times=times)) == [("nudge", 63)]
    assert steps(turn(times=times, policy=replace(POLICY, in_hours=False))) == [("nudge", 2)]

    ctx = turn(None, times=["mon-thu 08:00-18:00"])
    with pytest.raises(DropTurn, match="inactivity_hours"):
        idle.said(ctx, {"step": "nudge", "close_at": 1}, NOW)
    (again,) = ctx.duties
    assert again.payload["due_at"] == datetime(2026, 11, 23, 11, tzinfo=UTC).timestamp()


def test_a_nudge_that_cannot_reach_leaves_a_note_and_goes_on_to_the_close() -> None:
    """Without a template nothing is sent after 24 hours; who opted out is not even noted."""
    due = {"step": "nudge", "close_at": NOW.timestamp() + 60, "customer_id": 11}
    ctx = turn(None, ago=timedelta(hours=25), policy=replace(POLICY, template=None))
    with pytest.raises(DropTurn) as dropped:
        idle.said(ctx, due, NOW)
    assert "janela" in dropped.value.note
    assert not dropped.value.open_to_people
    assert ctx.duties[0].payload["payload"]["step"] == "close"

    silent = turn(None, opted_out=True)
    with pytest.raises(DropTurn) as dropped:
        idle.said(silent, due, NOW)
    assert dropped.value.note == ""


async def reached(ctx: TurnContext, reply: Reply = ANSWER) -> Reply | None:
    """Let a reply pass by the window."""
    ctx.reply = reply
    await Reach(ManualClock(NOW))(ctx)
    return ctx.reply


async def test_replies_pass_while_the_window_is_open_and_become_templates_after_it() -> None:
    """The same look for all that is said; a fresh word opens it whatever an old picture says."""
    fresh = turn()
    shut = replace(fresh.claim.state.snapshot, can_reply=False)
    fresh.claim = replace(fresh.claim, state=replace(fresh.claim.state, snapshot=shut))
    assert await reached(fresh) == ANSWER

    late = turn(ago=timedelta(hours=25))
    sent = await reached(late)
    assert sent is not None
    assert sent.text == "Oi, Rui!"
    assert sent.template is not None
    assert sent.template["processed_params"] == {"body": {"1": "Rui"}}
    assert "> Claro!" in late.note


async def test_without_a_template_people_read_what_was_to_be_said() -> None:
    """The conversation is open; with a handoff it goes to people as it would, without words."""
    bare = replace(POLICY, template=None)
    with pytest.raises(DropTurn) as dropped:
        await reached(turn(ago=timedelta(hours=25), policy=bare))
    assert dropped.value.open_to_people
    assert "> Claro!" in dropped.value.note

    given = turn(ago=timedelta(hours=25))
    sent = await reached(given, replace(ANSWER, handoff=Handoff("other")))
    assert sent is not None
    assert (sent.text, sent.template) == ("", None)
    assert "> Claro!" in given.note


def test_a_parameter_is_one_line_and_never_empty() -> None:
    """Meta refuses both; a name is what the customer says it is."""
    ctx = turn()
    contact = Contact(id=5, name="\n")
    snapshot = replace(ctx.claim.state.snapshot, contact=contact)
    ctx.claim = replace(ctx.claim, state=replace(ctx.claim.state, snapshot=snapshot))
    text, params = window.filled(ctx, FORM, NOW)
    assert text == "Oi, cliente!"
    assert params["processed_params"]["body"]["1"] == "cliente"
