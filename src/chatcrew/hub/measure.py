"""The facts of a turn, gathered in one place, also for one that said nothing."""

from dataclasses import asdict

from chatcrew.hub import sparing
from chatcrew.hub.context import TurnContext
from chatcrew.messages import AuthorKind, Input, Outcome, TurnRecord

_SPOKE = (Outcome.REPLIED, Outcome.HANDED_OFF)


def record(
    ctx: TurnContext, *, outcome: Outcome, reason: str, waited: float | None = None
) -> TurnRecord:
    """Return the wide record of a turn; it never holds customer text.

    Args:
        ctx: the turn.
        outcome: how it ended.
        reason: short stable name of why.
        waited: seconds from the customer's last word until all of the reply was sent, once it was,
            without the pauses that are made on purpose between its bubbles.
    """
    reply = ctx.reply
    details: dict[str, object] = dict(reply.details) if reply else {}
    known: dict[str, object] = {
        "variant": ctx.variant,
        "intent": ctx.intent,
        "guess": list(ctx.guess),
        "matched": dict(ctx.matched),
        "cites": list(ctx.cites),
        "read": list(ctx.instructed),
        "mood": ctx.mood,
        "feedback": list(ctx.signals),
        "rungs": [asdict(rung) for rung in ctx.rungs],
        "restarts": ctx.restarts,
        "sources": [item.source for item in reply.passages] if reply else [],
        "unread": [why.why for _, why in ctx.unread],
    }
    details |= {name: value for name, value in known.items() if value}
    if waited is not None and ctx.crew is not None:
        details["waited_ms"] = round(waited * 1000)
        details["promise"] = "kept" if waited <= ctx.crew.promise else "missed"
    if ctx.read:
        details["files_read"] = len(ctx.read)
    if ctx.refused is not None:
        details["limit"] = asdict(ctx.refused)
    if ctx.pauses:
        details["paused_ms"] = round(ctx.pauses * 1000)
    if ctx.placement is not None:
        placed = ctx.placement
        details["placed"] = {
            "method": placed.method,
            "agent": placed.agent_id,
            "team": placed.team_id,
            "open": placed.open_now,
        }
    if ctx.crossed:
        details["talkover"] = [dict(one) for one in ctx.crossed]
    if ctx.draft is not None:
        details["draft"] = str(ctx.draft)
        details["drafted"] = reply.reason if reply else None
    if outcome in _SPOKE:
        details["said"] = ctx.said
        # by which the books know what the turn would have cost, had a model been asked (N6)
        details["weight"] = sparing.weight(ctx)
        heard = [item.line.text for item in ctx.claim.burst if item.line and _is_heard(item)]
        if len(heard) > 1 and ctx.tenant is not None:
            details["more_weight"] = sparing.more(ctx, heard)
    if reply is not None and reply.handoff is not None:
        details["handoff"] = reply.handoff.reason
    details["heard"] = sum(_is_heard(item) for item in ctx.claim.burst)
    details["episode"] = ctx.claim.state.episode
    details["kinds"] = sorted({item.kind.value for item in ctx.claim.burst})
    details["burst"] = len(ctx.claim.burst)
    details["language"] = ctx.language
    return TurnRecord(
        outcome=outcome,
        reason=reason,
        tenant=ctx.tenant.key if ctx.tenant else ctx.claim.state.tenant,
        crew=ctx.crew.name if ctx.crew else None,
        function=ctx.crew.function if ctx.crew else None,
        engine=reply.engine if reply else None,
        config=ctx.configuration.version,
        stage_ms=dict(ctx.stage_ms),
        details=details,
        topic=ctx.topic,
    )


def _is_heard(item: Input) -> bool:
    """Return whether an input is a public message of the customer."""
    line = item.line
    return line is not None and not line.private and line.author.kind is AuthorKind.CUSTOMER
