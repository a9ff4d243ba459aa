"""A customer who falls silent: asked once, then closed; by timers that the next word outlives.

A nudge is planned with each answer, in place of the one before it. When it comes due it is looked
at anew: who wrote since, whom people serve by now, or who asked for no messages hears nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chatcrew.hub import texts, window
from chatcrew.hub.closing import asks_nothing
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.due import INACTIVITY
from chatcrew.hub.signals import DropTurn
from chatcrew.messages import ActKind, AuthorKind, PlannedPart
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import Tenant

NUDGE, CLOSE = "nudge", "close"

CLOSED_LABEL = "encerrado-inatividade"
"""Put on what is closed because the customer fell silent."""

_WAITS_FOR_US = ("followup", "approval")
"""Timers of what the customer was promised: he is not silent, he waits."""

_NOT_NUDGED = (
    "⏰ **O cliente não respondeu, e a janela de resposta deste canal fechou** (24 h no WhatsApp): "
    "a pergunta se ele ainda está aí não foi enviada. (The nudge was not sent: outside of the "
    "channel's window.)"
)
_CLOSED_SILENTLY = (
    "⏰ **Conversa encerrada por inatividade, sem despedida**: {why}. "
    "(Closed for inactivity, without a word.)"
)


def planned(
    ctx: TurnContext, reply: Reply, *, duties: Sequence[PlannedPart], now: datetime
) -> tuple[PlannedPart, ...]:
    """Return the timer of what happens if the customer does not answer this reply.

    None where people go on, the talk ends, the customer waits for something that was promised, or
    the business says nothing of silence. Who said thanks or goodbye is not asked, only closed.

    Args:
        ctx: the turn, decided but for this.
        reply: what it says.
        duties: what else it does.
        now: UTC.
    """
    policy = ctx.our_tenant().people.inactivity
    acts = [*ctx.acts, *reply.acts, *duties]
    moved = any(act.kind is ActKind.STATUS for act in acts)
    if not reply.text or reply.handoff is not None or ctx.draft is not None or moved:
        return ()
    if any(act.kind is ActKind.TIMER and act.payload["kind"] in _WAITS_FOR_US for act in acts):
        return ()
    if reply.reason == NUDGE:
        due = ctx.due or {}
        close_at = _close_at(ctx, due, now)
        return () if close_at is None else (_timer(ctx, CLOSE, close_at, now=now, due=due),)
    ends = policy.close_after
    close_at = None if ends is None else (now + ends).timestamp()
    if policy.nudge_after is not None and not (ctx.opted_out or _says_goodbye(ctx)):
        at = (now + policy.nudge_after).timestamp()
        if close_at is None or at < close_at:
            return (_timer(ctx, NUDGE, at, now=now, close_at=close_at),)
    return () if close_at is None else (_timer(ctx, CLOSE, close_at, now=now),)


def begun(ctx: TurnContext, tenant: Tenant, *, now: datetime) -> tuple[PlannedPart, ...]:
    """Return the timer of what happens if nobody answers words that no stage has set.

    Args:
        ctx: the turn, which may know no tenant yet.
        tenant: whose customer it is.
        now: UTC.
    """
    policy = tenant.people.inactivity
    ends = policy.close_after
    close_at = None if ends is None else (now + ends).timestamp()
    if policy.nudge_after is not None:
        at = (now + policy.nudge_after).timestamp()
        if close_at is None or at < close_at:
            return (_timer(ctx, NUDGE, at, now=now, close_at=close_at, tenant=tenant),)
    return () if close_at is None else (_timer(ctx, CLOSE, close_at, now=now, tenant=tenant),)


def said(ctx: TurnContext, due: Mapping[str, Any], now: datetime) -> Reply:
    """Return what is said to a customer who is still silent, and done.

    Raises:
        DropTurn: nothing now: later, or by the next step.
    """
    step, tenant = due.get("step"), ctx.our_tenant()
    opens = calendar(tenant).opens_at(now) if tenant.people.inactivity.in_hours else now
    if opens is None or opens > now:
        if opens is not None:
            _then(ctx, str(step), opens.timestamp(), due=due, now=now)
        raise DropTurn(f"{INACTIVITY}_hours")
    closed = window.closed(ctx, now)
    if step == CLOSE:
        return _goodbye(ctx, now, closed=closed)
    unsent = closed and window.template(ctx) is None
    if ctx.opted_out or unsent:
        if due.get("close_at") is not None:
            _then(ctx, CLOSE, due["close_at"], due=due, now=now)
        opted = ctx.opted_out
        reason = f"{NUDGE}_{'opted_out' if opted else 'window'}"
        raise DropTurn(reason, note="" if opted else _NOT_NUDGED)
    words = texts.text(tenant, "inactivity_nudge", language=ctx.language)
    words = window.rendered(words, ctx, now)
    return Reply(words, engine="timer", reason=NUDGE, trusted=True)


def _close_at(ctx: TurnContext, due: Mapping[str, Any], now: datetime) -> float | None:
    """Return when a talk is closed whose customer has just been asked.

    A nudge that came late (nobody was at work, or no worker ran) leaves him the time to answer
    that one in time would have left; at most as long as the business waits in all.
    """
    policy, close_at = ctx.our_tenant().people.inactivity, due.get("close_at")
    if close_at is None or policy.nudge_after is None or policy.close_after is None:
        return close_at
    return max(float(close_at), (now + policy.close_after - policy.nudge_after).timestamp())


def _goodbye(ctx: TurnContext, now: datetime, *, closed: bool) -> Reply:
    acts = (
        PlannedPart(ActKind.LABELS, {"add": [CLOSED_LABEL]}),
        PlannedPart(ActKind.STATUS, {"status": "resolved"}),
    )
    words = ""
    if ctx.opted_out or closed:
        why = "a janela de resposta deste canal fechou"
        why = "o cliente pediu para não receber mensagens" if ctx.opted_out else why
        ctx.note = "\n\n".join(filter(None, [ctx.note, _CLOSED_SILENTLY.format(why=why)]))
    else:
        words = texts.text(ctx.tenant, "inactivity_close", language=ctx.language)
        words = window.rendered(words, ctx, now)
    return Reply(words, engine="timer", reason="inactive", trusted=True, acts=acts)


def _says_goodbye(ctx: TurnContext) -> bool:
    lines = [item.line for item in ctx.claim.burst if item.line is not None]
    lines = [line for line in lines if line.author.kind is AuthorKind.CUSTOMER]
    return bool(lines) and asks_nothing(lines, tenant=ctx.tenant)


def _then(ctx: TurnContext, step: str, at: float, *, due: Mapping[str, Any], now: datetime) -> None:
    """Leave a step for later, beside a turn that says nothing."""
    close_at = due.get("close_at") if step == NUDGE else None
    ctx.duties = [*ctx.duties, _timer(ctx, step, at, now=now, due=due, close_at=close_at)]


def _timer(
    ctx: TurnContext,
    step: str,
    at: float,
    *,
    now: datetime,
    due: Mapping[str, Any] | None = None,
    close_at: float | None = None,
    tenant: Tenant | None = None,
) -> PlannedPart:
    """Return the timer of a step, at the next opening where people are not at work by then.

    Args:
        ctx: the turn.
        step: what is to happen.
        at: Unix seconds.
        now: UTC; nothing is due before it.
        due: of the step before it, whose marks it keeps.
        close_at: when the talk is closed after a nudge.
        tenant: left out, the turn's.
    """
    state, tenant = ctx.claim.state, tenant or ctx.our_tenant()
    wanted = max(datetime.fromtimestamp(at, UTC), now)
    if tenant.people.inactivity.in_hours:
        wanted = calendar(tenant).opens_at(wanted) or wanted
    marks = due or {
        "customer_id": state.last_customer_id,
        "after": state.last_message_id,
        "episode": state.episode,
    }
    payload: dict[str, Any] = {
        **{name: marks[name] for name in ("customer_id", "after", "episode") if name in marks},
        "step": step,
    }
    if close_at is not None:
        payload["close_at"] = round(close_at)
    unix = round(wanted.timestamp())
    return PlannedPart(ActKind.TIMER, {"kind": INACTIVITY, "due_at": unix, "payload": payload})
