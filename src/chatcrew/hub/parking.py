"""Parking: a turn that failed too often goes to people, with as little as may still work."""

from chatcrew.hub import debts, parts, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import Claim, Handoff, PlannedPart

PARKED = "parked"
"""Reason of a turn that is decided to go to people; told again after a crash it is parked, too."""

FAILED = "too_many_failures"
"""Why it stands among the parked ones: nothing could be decided."""

UNDELIVERABLE = "undeliverable"
"""Why it stands among the parked ones: what was decided could not be sent."""

_PLAIN = (
    "⚠️ **O bot falhou várias vezes nesta conversa e não respondeu ao cliente.** "
    "Continue daqui, por favor. (The bot failed here again and again; the customer has no answer.)"
)


def reply(ctx: TurnContext) -> Reply:
    """Return what is said when the bot failed too often: honest words, and people."""
    return Reply(
        texts.text(ctx.tenant, "parked", language=ctx.language),
        engine="template",
        reason=PARKED,
        handoff=Handoff("parked"),
        trusted=True,
    )


def plainly(claim: Claim) -> list[PlannedPart]:
    """Return a note and the opening, which need neither tenant nor crew nor texts.

    For when even the parking fails, such as under a configuration that no longer fits.
    """
    trace = {"turn": claim.key.turn_id, "reason": PARKED}
    note = parts.note(_PLAIN, trace=trace, after=claim.state.last_message_id)
    return [note, debts.handed(parts.OPEN_TO_PEOPLE, reason=PARKED)]
