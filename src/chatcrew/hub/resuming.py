"""A silence whose time is over: the bot goes on, or says that people still have the talk."""

from dataclasses import dataclass, replace
from datetime import timedelta

from chatcrew.hub.context import TurnContext
from chatcrew.hub.orders.taking import RETURNED
from chatcrew.hub.quiet_port import Quietness
from chatcrew.messages import (
    ActKind,
    InputKind,
    PlannedPart,
    Silence,
    closed_because,
    unless_spoken,
)
from chatcrew.tenancy.model import Takeover

TIMER = "silence"
"""Kind of the timer."""

PAUSE_OVER = "🔊 A pausa acabou: o bot volta a responder nesta conversa. (The pause is over.)"
PEOPLE_QUIET = (
    "🔊 A equipe não escreve ao cliente há {since}: o bot volta a responder nesta conversa. Para "
    "ficar com ela: `/bot assumir`. (No word of the team for so long: the bot answers again.)"
)
STILL_YOURS = (
    "🔕 O silêncio do bot acabou, mas esta conversa continua com a equipe. Para devolver: "
    "`/bot devolver`. (The silence is over; the conversation is still the team's.)"
)
TAKEN_BACK = (
    "🤖 A equipe não escreve ao cliente há {since}: o bot retoma esta conversa. Para ficar com "
    "ela: `/bot assumir`. (No word of the team for so long: the bot takes it back.)"
)
_PEOPLES = ("status_open", "owner_is_person")


@dataclass(frozen=True, slots=True)
class Resumed:
    """What the end of a silence comes to.

    Attributes:
        note: what operators read.
        duties: what is done whatever the turn says.
        speaks: the bot may answer who waits.
        reason: short stable name, for a turn that says nothing.
    """

    note: str = ""
    duties: tuple[PlannedPart, ...] = ()
    speaks: bool = False
    reason: str = ""


async def over(ctx: TurnContext, turns: Quietness) -> Resumed:
    """End the silence if its time has come; a new word of a person has moved it on.

    Done again in the same turn it says the same: the row tells then that it has ended.
    """
    timers = [
        item.payload
        for item in ctx.claim.burst
        if item.kind is InputKind.TIMER and item.payload.get("timer") == TIMER
    ]
    if not timers or ctx.bot is None:
        return Resumed()
    state = ctx.claim.state
    again = ctx.restarts > 0 or ctx.claim.attempts > 1
    # By the timer's own word, for two machines' clocks may differ
    last = max(float(payload.get("until", 0.0)) for payload in timers) + 0.001
    due = state.silence_until is not None and state.silence_until.timestamp() <= last
    if not due and not (again and state.silence is None):
        return Resumed(reason="silence_goes_on")
    await turns.silence(ctx.claim, None, upto=state.last_message_id)
    ctx.claim = replace(
        ctx.claim, state=replace(state, silence=None, silence_until=None, spoke_id=0)
    )
    ordered = timers[-1].get("silence") == Silence.COMMAND
    return _said(ctx, ordered=ordered, agent_bot_id=ctx.bot.agent_bot_id)


def _said(ctx: TurnContext, *, ordered: bool, agent_bot_id: int) -> Resumed:
    tenant = ctx.configuration.tenants.get(ctx.claim.state.tenant or "")
    policy = Takeover() if tenant is None else tenant.people.takeover
    since = _spoken(policy.resume_after)
    closed = closed_because(ctx.claim.state, agent_bot_id=agent_bot_id)
    if closed is None:
        words = PAUSE_OVER if ordered else PEOPLE_QUIET.format(since=since)
        return Resumed(words, speaks=True, reason="silence_over")
    if closed not in _PEOPLES:
        return Resumed(reason="silence_over")
    if policy.take_back and not ordered:
        note = PlannedPart(ActKind.NOTE, {"content": TAKEN_BACK.format(since=since)}, gated=False)
        acts = unless_spoken([note, *RETURNED], after=ctx.claim.state.last_message_id)
        return Resumed(duties=acts, reason="taken_back")
    return Resumed(STILL_YOURS, reason="silence_over")


def _spoken(span: timedelta | None) -> str:
    """Return ``4 h``, ``90 min`` or ``2 d``."""
    if span is None:
        return "algum tempo"
    minutes = round(span.total_seconds() / 60)
    for unit, name in ((1440, "d"), (60, "h")):
        if minutes >= unit and minutes % unit == 0:
            return f"{minutes // unit} {name}"
    return f"{minutes} min"
