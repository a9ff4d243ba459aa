"""When a debt is due, by the business's policy and hours, and what each step does (N14, S3-81)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from chatcrew.conversations import MemoryHistory
from chatcrew.database.rows import MemoryTables
from chatcrew.debts import MemoryDebts
from chatcrew.hub.context import TurnContext
from chatcrew.hub.debts import Dunning, handed, next_at, owed, steps
from chatcrew.hub.desk_port import NoDesk, Placement, Placing
from chatcrew.hub.parts import OPEN_TO_PEOPLE
from chatcrew.ids import ConversationId
from chatcrew.mailbox import MemoryMailbox
from chatcrew.messages import (
    UNLESS_SPOKEN,
    ActKind,
    Claim,
    Debt,
    DebtKind,
    Owner,
    OwnerKind,
    Promise,
    Silence,
    Wait,
)
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Tenant, load
from chatcrew.tenancy._values.opening import made_opening
from chatcrew.tenancy.model import Inactivity, WaitingPolicy, WaitingStep
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk
from chatcrew.tools import names
from chatcrew.worker.history import EpisodeHistory

ROOT = Path(__file__).parents[2]
HERE = ConversationId("demo", "clinic-bot", 7)
MONDAY = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)  # noon in Recife
NIGHT = datetime(2026, 8, 3, 23, 0, tzinfo=UTC)  # eight in the evening
OPENS = datetime(2026, 8, 4, 11, 0, tzinfo=UTC)  # eight in the morning


@pytest.fixture(scope="module")
def shipped():
    """Give the shipped configuration."""
    return load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())


@pytest.fixture
def tenant(shipped) -> Tenant:
    """Give the clinic, open from eight to six on weekdays."""
    clinic = shipped.tenants["health/varizemed"]
    opening = made_opening({"times": ["mon-fri 08:00-18:00"]})
    people = replace(clinic.people, opening=opening, waiting=WaitingPolicy())
    return replace(clinic, people=people, timezone="America/Recife")


def _with(tenant: Tenant, policy: WaitingPolicy) -> Tenant:
    return replace(tenant, people=replace(tenant.people, waiting=policy))


def _opened(tenant: Tenant, at: datetime, kind: DebtKind = DebtKind.HANDOFF):
    new = owed(tenant, kind, HERE, since=at)
    assert new is not None
    return new


def test_the_steps_of_a_handoff_come_by_the_clock_then_daily(tenant) -> None:
    """After 5, 15 and 60 minutes, then on five days; then nothing."""
    new, due = _opened(tenant, MONDAY), []
    due.append(new.next_at)
    for taken in range(1, 9):
        due.append(next_at(tenant, new, taken=taken, now=due[-1] or MONDAY))

    minutes = [(one - MONDAY) / timedelta(minutes=1) for one in due[:3] if one]
    assert minutes == [5, 15, 60]
    days = [one for one in due[3:] if one]
    assert len(days) == 5
    assert all(later - before >= timedelta(days=1) for before, later in pairwise(days))
    assert due[-1] is None


def test_what_is_promised_at_night_is_due_at_the_opening(tenant) -> None:
    """First people are told of who waited over night, then the clock runs."""
    new = _opened(tenant, NIGHT)

    assert new.closed_then
    assert new.next_at == OPENS
    assert next_at(tenant, new, taken=1, now=OPENS) == OPENS + timedelta(minutes=5)


def test_steps_that_come_late_keep_their_distance(tenant) -> None:
    """No server ran for two hours: the next note is ten minutes away, not due at once."""
    new = _opened(tenant, MONDAY)
    late = MONDAY + timedelta(hours=2)

    assert next_at(tenant, new, taken=1, now=late) == late + timedelta(minutes=10)


def test_a_business_may_want_no_steps(tenant) -> None:
    """Debts are kept and measured all the same; a written reply is then not watched."""
    quiet = _with(tenant, WaitingPolicy(steps=(), answer=None))

    assert _opened(quiet, MONDAY).next_at is None
    assert owed(quiet, DebtKind.REPLY, HERE, since=MONDAY) is None
    hour = _opened(tenant, MONDAY, DebtKind.REPLY).next_at
    assert hour == MONDAY + timedelta(minutes=60)


def test_the_bot_gets_a_talk_back_once() -> None:
    """The second time the team is told instead, and daily: nobody else goes on."""
    policy = WaitingPolicy(steps=(WaitingStep(5, "announce"), WaitingStep(30, "return")))

    daily = ["announce"] * policy.daily
    assert [one.do for one in steps(policy, DebtKind.HANDOFF)] == ["announce", "return", *daily]
    again = steps(policy, DebtKind.HANDOFF, again=True)
    assert [one.do for one in again] == ["announce"] * (2 + policy.daily)


def test_a_status_carries_whom_it_is_owed_by_and_what_was_promised(tenant) -> None:
    """The placement that the customer was told of; out of hours no figure was."""
    minute = timedelta(minutes=1)
    wait = Wait(likely=4 * minute, at_most=12 * minute, soonest=minute)
    part = handed(OPEN_TO_PEOPLE, reason="other", placement=Placement(team_id=3, wait=wait))
    closed = Placement(open_now=False, wait=wait)
    new = owed(tenant, DebtKind.HANDOFF, HERE, since=MONDAY, said=part.payload["owed"], turn_id="t")

    assert new is not None
    assert part.payload["status"] == "open"
    assert (new.reason, new.team_id, new.turn_id) == ("other", 3, "t")
    assert new.promise == Promise(60.0, 240.0, 720.0)
    assert "promise" not in handed(OPEN_TO_PEOPLE, reason="x", placement=closed).payload["owed"]


RUI = Placement(team_id=5, agent_id=44, agent_name="Rui")


@dataclass(slots=True)
class AnotherAgent(NoDesk):
    """A desk that names somebody else, and remembers what it was asked."""

    asked: Placing | None = None
    found: Placement = RUI

    async def place(self, claim: Claim, tenant: Tenant, asked: Placing) -> Placement:
        """Return the placement."""
        self.asked = asked
        return self.found


async def _step(
    shipped,
    tenant: Tenant,
    desk: AnotherAgent,
    *,
    number: int,
    at: datetime,
    said: str = "quero falar com uma pessoa",
    first: str | None = None,
    then: str | None = None,
    **shown: object,
):
    """Take a step of a debt that a silent agent owes; return what it comes to, and the debt."""
    clock, tables = ManualClock(at), MemoryTables()
    mailbox, book = MemoryMailbox(tables, clock), MemoryDebts(tables, clock)
    talk = Talk(clock, 7, account="demo", bot="clinic-bot")
    await mailbox.put(talk.becomes("open", owner=Owner(OwnerKind.PERSON, 12), team_id=3, **shown))
    await mailbox.put(talk.says(said))
    debt = await book.owe(_opened(tenant, at))
    assert debt is not None
    for before in range(1, number):
        await book.advance(debt.id, step=before, turn_id="earlier", next_at=at)
    await clock.advance(900)
    if then is not None:
        await mailbox.put(talk.commands(then) if then.startswith("/") else talk.says(then))
    if first is not None:
        await mailbox.put(talk.commands(first))
    (claim,) = await mailbox.claim("w", limit=1)
    if first is not None:
        await mailbox.set_silence(claim.key, Silence.COMMAND)
        silent = await mailbox.state(talk.id)
        assert silent is not None
        claim = replace(claim, state=silent)
    tenants = {**shipped.tenants, tenant.key: tenant}
    ctx = TurnContext(claim, replace(shipped, tenants=tenants), deadline=0.0)
    ctx.bot = next(iter(shipped.bots.values()))
    dunning = Dunning(book, desk, EpisodeHistory(MemoryHistory(tables)), Metrics(), clock)
    done = await dunning.step(ctx, {"debt": debt.id, "step": number})
    again = await dunning.step(ctx, {"debt": debt.id, "step": number})
    kept: Debt | None = await book.standing(talk.id)
    assert again == done
    assert kept is not None
    assert kept.step == number
    return done


async def test_who_did_not_come_loses_it_to_another(shipped, tenant) -> None:
    """The desk is asked without him; team and person change, whoever owns it, with a note."""
    desk = AnotherAgent()
    done = await _step(shipped, tenant, desk, number=2, at=MONDAY)

    assert desk.asked is not None
    assert desk.asked.not_to == (12,)
    assert done.reason == "debt_reroute"
    assert "passa para Rui" in done.note
    assert [act.payload for act in done.acts if act.kind is ActKind.ASSIGNMENT] == [
        {"team_id": 5},
        {"assignee_id": 44},
    ]
    assert not any(act.gated for act in done.acts)


async def test_where_nobody_else_is_free_the_team_is_told(shipped, tenant) -> None:
    """The same people again are no other people."""
    desk = AnotherAgent(found=Placement(team_id=3))
    done = await _step(shipped, tenant, desk, number=2, at=MONDAY)

    assert done.reason == "debt_announce"
    assert "há 15 min" in done.note
    assert [act.kind for act in done.acts] == [ActKind.LABELS]


async def test_at_the_opening_people_read_of_who_waited(shipped, tenant) -> None:
    """The first step of what was handed over at night."""
    done = await _step(shipped, tenant, AnotherAgent(), number=1, at=NIGHT)

    assert done.reason == "debt_opening"
    assert "antes da abertura" in done.note


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("quero falar com uma pessoa", "Desculpe a demora"),
        ("I would like to talk to a person, please", "I am sorry for the delay"),
    ],
)
async def test_the_bot_comes_back_in_the_customers_language(shipped, tenant, said, words) -> None:
    """Nobody's, pending, the apology through the gate, and the timer of who falls silent."""
    back = _with(tenant, WaitingPolicy(steps=(WaitingStep(5, "return"),)))
    silent = Inactivity(nudge_after=timedelta(minutes=30))
    back = replace(back, people=replace(back.people, inactivity=silent))
    done = await _step(shipped, back, AnotherAgent(), number=1, at=MONDAY, said=said)

    assert done.reason == "debt_return"
    *_, unassign, pending, apology, nudge = done.acts
    assert unassign.payload == {"assignee_id": None}
    assert pending.payload == {"status": "pending"}
    assert apology.payload["content"].startswith(words)
    assert (unassign.gated, pending.gated, apology.gated) == (False, False, True)
    assert (nudge.kind, nudge.payload["payload"]["step"]) == (ActKind.TIMER, "nudge")
    assert nudge.payload["due_at"] == (MONDAY + timedelta(minutes=45)).timestamp()
    assert [UNLESS_SPOKEN in one.payload for one in done.parts] == [True] * 4 + [False] * 2


@pytest.mark.parametrize(("first", "shown"), [("/bot parar", {}), (None, {"can_reply": False})])
async def test_the_bot_takes_nothing_back_where_it_could_not_speak(
    shipped, tenant, first, shown
) -> None:
    """People silenced it, or the channel's window has closed: they are told, every day again."""
    policy = WaitingPolicy(steps=(WaitingStep(5, "return"),))
    there = _with(tenant, policy)
    done = await _step(shipped, there, AnotherAgent(), number=1, at=MONDAY, first=first, **shown)

    assert done.reason == "debt_announce"
    assert [act.kind for act in done.acts] == [ActKind.LABELS]
    assert next_at(there, _opened(there, MONDAY), taken=1, now=MONDAY) == MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("cadê o atendente? quero falar com um atendente", "debt_announce"),
        ("/bot assumir", "debt_announce"),
        ("quanto custa a consulta?", "debt_return"),
    ],
)
async def test_who_asks_for_people_again_or_was_just_taken_over_stays_with_them(
    shipped, tenant, then, reason
) -> None:
    """The bot would say that it goes on, and call people in the next breath."""
    policy = WaitingPolicy(steps=(WaitingStep(5, "return"),))
    done = await _step(
        shipped, _with(tenant, policy), AnotherAgent(), number=1, at=MONDAY, then=then
    )

    assert done.reason == reason

    moved = await _step(shipped, tenant, AnotherAgent(), number=2, at=MONDAY, then=then)
    taken = then.startswith("/bot")
    assert moved.reason == ("debt_announce" if taken else "debt_reroute")
