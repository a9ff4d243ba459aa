"""The turn of a debt whose step is due: people are told, others asked, or the bot goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chatcrew import intents
from chatcrew.clock import Clock
from chatcrew.hub import idle, texts
from chatcrew.hub.closing import asks_nothing
from chatcrew.hub.context import TurnContext
from chatcrew.hub.debts import _notes
from chatcrew.hub.debts._clock import event_of, next_at, step_of
from chatcrew.hub.debts._port import DebtBook
from chatcrew.hub.desk_port import Desk
from chatcrew.hub.ports import History
from chatcrew.messages import (
    ActKind,
    AuthorKind,
    ConversationState,
    Debt,
    DebtEnd,
    DebtKind,
    InputKind,
    Line,
    OwnerKind,
    Placement,
    Placing,
    PlannedPart,
    Silence,
    closed_because,
    last_word,
    unless_spoken,
    window_closed,
)
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import Tenant

_LINES = 20
_DAY = timedelta(days=1)
_PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)


@dataclass(frozen=True, slots=True)
class Dunned:
    """What a step comes to.

    Attributes:
        reason: short stable name, for the turn's record.
        note: what people read, or "".
        acts: what is done, whoever owns the conversation.
        upto: the customer's word that nobody had answered; None: it is told whoever wrote.
    """

    reason: str
    note: str = ""
    acts: Sequence[PlannedPart] = ()
    upto: int | None = 0

    @property
    def parts(self) -> tuple[PlannedPart, ...]:
        """The note and the acts; where a word is owed, none is done once a person has written."""
        told = [PlannedPart(ActKind.NOTE, {"content": self.note}, gated=False)] if self.note else []
        parts = (*told, *self.acts)
        return parts if self.upto is None else unless_spoken(parts, after=self.upto)


@dataclass(frozen=True, slots=True)
class Dunning:
    """Takes the steps of debts.

    Taken again by another try of the same turn, a step is the same; by the time it is taken the
    debt may be paid, and then nothing is done.

    Attributes:
        book: the debts.
        desk: who else may be asked.
        history: what was said.
        metrics: counters.
        clock: time.
    """

    book: DebtBook
    desk: Desk
    history: History
    metrics: Metrics
    clock: Clock

    async def step(self, ctx: TurnContext, payload: Mapping[str, Any]) -> Dunned:
        """Take the step that an input is about.

        Args:
            ctx: the turn; its bot is known.
            payload: of the input: ``debt``, ``step``, and ``resolution`` where that is owed.

        Raises:
            StoreError: storage is away.
        """
        debt = await self.book.standing(
            ctx.claim.key.conversation, resolution=bool(payload.get("resolution"))
        )
        tenant = ctx.configuration.tenants.get(debt.owed.tenant) if debt is not None else None
        done = ctx.claim.state.snapshot.status == "resolved"
        if debt is None or tenant is None or debt.id != payload.get("debt") or done:
            return Dunned("debt_over")
        if ctx.bot is None:
            raise RuntimeError("the bot is known at admit")
        if closed_because(ctx.claim.state, agent_bot_id=ctx.bot.agent_bot_id) is None:
            await self._end(debt, DebtEnd.RETURNED, tenant)
            return Dunned("debt_returned")
        number = int(payload.get("step", 0))
        lines = await self.history.window(ctx.claim, limit=_LINES)
        if debt.owed.kind is DebtKind.RESOLUTION:
            at_it = number > 1 and self._at_it(lines)
            return await self._take(ctx, debt, tenant, number=number, stays=at_it)
        if any(one.message_id > debt.customer_id and one.author.kind in _PEOPLE for one in lines):
            return Dunned("debt_answered")
        said = _since_last_answer(lines)
        if debt.owed.kind is DebtKind.REPLY and said and asks_nothing(said, tenant=tenant):
            await self._end(debt, DebtEnd.THANKED, tenant)
            return Dunned("debt_thanked")
        spoken = " ".join(one.text for one in lines if one.author.kind is AuthorKind.CUSTOMER)
        ctx.language = intents.detect_language(
            spoken, default=tenant.language, among=tenant.languages
        )
        mute = _is_mute(ctx.claim.state, said=last_word(lines), now=self.clock.now())
        fresh = [one for one in said if one.message_id > debt.customer_id]
        stays = mute or _busy(ctx) or _wants_people(ctx, tenant, fresh)
        return await self._take(ctx, debt, tenant, number=number, stays=stays)

    async def _take(
        self, ctx: TurnContext, debt: Debt, tenant: Tenant, *, number: int, stays: bool
    ) -> Dunned:
        step = step_of(debt, tenant, number=number)
        due = next_at(tenant, debt.owed, taken=number, now=self.clock.now(), again=debt.again)
        turn_id = ctx.claim.key.turn_id
        if not await self.book.advance(debt.id, step=number, turn_id=turn_id, next_at=due):
            return Dunned("debt_over")
        if step is None or ctx.claim.state.snapshot.status == "snoozed":
            # Who snoozed it has seen it; it comes back by itself
            return Dunned("debt_snoozed" if step is not None else "debt_over")
        kept = (step.do == "return" and stays) or (step.do == "reroute" and _busy(ctx))
        do = "announce" if kept else step.do
        if do == "unresolved" and stays:
            return Dunned("debt_working")
        upto = None if debt.owed.kind is DebtKind.RESOLUTION else debt.customer_id
        done = replace(await self._done(ctx, debt, tenant, do=do), upto=upto)
        self.metrics.count("chatcrew_debts", tenant=tenant.key, event=done.reason)
        return done

    async def _done(self, ctx: TurnContext, debt: Debt, tenant: Tenant, *, do: str) -> Dunned:
        now = self.clock.now()
        waited = calendar(tenant).seconds(debt.owed.opened_at, now)
        policy = tenant.people.waiting
        if do == "unresolved":
            within = (policy.resolve_within or 0) * 60
            note = _notes.unresolved(debt, waited=waited, within=within)
            return Dunned("debt_unresolved", note, _labelled(ctx, policy.resolve_label))
        label = _labelled(ctx, policy.label)
        if do == "opening":
            return Dunned("debt_opening", _notes.at_opening(debt), label)
        if do == "return":
            acts = (*label, *_hand_back(ctx, tenant), *idle.begun(ctx, tenant, now=now))
            return Dunned("debt_return", _notes.returned(debt, waited=waited), acts)
        if do == "reroute":
            found = await self.desk.place(ctx.claim, tenant, _placing(ctx, debt))
            given = _given(ctx, found)
            if given:
                note = _notes.rerouted(debt, waited=waited, to=_whom(found))
                return Dunned("debt_reroute", note, (*label, *given))
        return Dunned("debt_announce", _notes.announced(debt, waited=waited), label)

    def _at_it(self, lines: Sequence[Line]) -> bool:
        """Return whether a person has written within a day: nobody has to be told every day."""
        since = self.clock.now() - _DAY
        return any(one.created_at > since and one.author.kind in _PEOPLE for one in lines)

    async def _end(self, debt: Debt, ending: DebtEnd, tenant: Tenant) -> None:
        now = self.clock.now()
        waited = calendar(tenant).seconds(debt.owed.opened_at, now)
        if await self.book.end(debt.id, ending=ending, at=now, waited=waited):
            event = event_of(debt.owed.kind, ending)
            self.metrics.count("chatcrew_debts", tenant=tenant.key, event=event)


def _is_mute(state: ConversationState, *, said: datetime | None, now: datetime) -> bool:
    """Return whether the bot could say nothing there: then people keep what they owe.

    They have silenced it by an order, which stands; or the channel's window has closed, and who
    gets no apology would not know that anybody goes on.
    """
    ordered = state.silence is Silence.COMMAND or state.snapshot.contact.blocked
    return ordered or window_closed(state, now=now, said=said, fresh=False)


def _busy(ctx: TurnContext) -> bool:
    """Return whether people are at it this very moment: they have just given the bot an order."""
    return any(item.kind is InputKind.COMMAND for item in ctx.claim.burst)


def _wants_people(ctx: TurnContext, tenant: Tenant, said: Sequence[Line]) -> bool:
    """Return whether he asked for people again while he waited: the bot would only call them."""
    known = intents.known(tenant, ctx.language)
    calling = [one for one in known if one.action == "handoff"]
    names = [tenant.persona.name]
    return any(intents.match(line.text, calling, names=names) is not None for line in said)


def _since_last_answer(lines: Sequence[Line]) -> list[Line]:
    answered = max((n for n, line in enumerate(lines) if line.author.kind.answers), default=-1)
    return [line for line in lines[answered + 1 :] if line.author.kind is AuthorKind.CUSTOMER]


def _labelled(ctx: TurnContext, label: str) -> tuple[PlannedPart, ...]:
    if not label or label in ctx.claim.state.snapshot.labels:
        return ()
    return (PlannedPart(ActKind.LABELS, {"add": [label]}, gated=False),)


def _hand_back(ctx: TurnContext, tenant: Tenant) -> tuple[PlannedPart, ...]:
    """Return what gives the conversation to the bot, then its words, which go through the gate."""
    words = texts.text(tenant, "handoff_returned", language=ctx.language)
    trace = {"turn": ctx.claim.key.turn_id, "reason": "debt_return"}
    after = ctx.claim.state.last_message_id
    said = {"content": words, "trace": trace, "after": after}
    return (
        PlannedPart(ActKind.ASSIGNMENT, {"assignee_id": None}, gated=False),
        PlannedPart(ActKind.STATUS, {"status": "pending"}, gated=False),
        PlannedPart(ActKind.MESSAGE, said),
    )


def _placing(ctx: TurnContext, debt: Debt) -> Placing:
    state = ctx.claim.state
    owner = state.snapshot.owner
    person = owner is not None and owner.kind is OwnerKind.PERSON
    return Placing(
        debt.owed.reason,
        priority=state.snapshot.priority,
        labels=state.snapshot.labels,
        function=state.function,
        not_to=(owner.id,) if owner is not None and person else (),
    )


def _given(ctx: TurnContext, found: Placement) -> tuple[PlannedPart, ...]:
    """Return the assignments that change anything: the team first, for it may unassign."""
    snapshot = ctx.claim.state.snapshot
    owner = snapshot.owner.id if snapshot.owner is not None else None
    changes: list[dict[str, Any]] = []
    if found.team_id is not None and found.team_id != snapshot.team_id:
        changes.append({"team_id": found.team_id})
    if found.agent_id is not None and found.agent_id != owner:
        changes.append({"assignee_id": found.agent_id})
    return tuple(PlannedPart(ActKind.ASSIGNMENT, one, gated=False) for one in changes)


def _whom(found: Placement) -> str:
    if found.agent_name:
        return found.agent_name
    return "outra pessoa" if found.agent_id is not None else "outro time"
