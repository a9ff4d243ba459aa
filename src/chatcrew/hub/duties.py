"""What a turn owes people whatever it says: timers they set, calls that wait or are in doubt."""

from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import Rulings
from chatcrew.messages import PlannedPart

_BY_THE_CREW = ("crew", "repair")


async def duties(
    ctx: TurnContext, rulings: Rulings, *, said: bool = True
) -> tuple[PlannedPart, ...]:
    """Return the parts that are decided with everything else.

    Only a crew's tools with side effects make calls, in this attempt or in one before a crash: no
    other turn reads them.

    Args:
        ctx: the turn.
        rulings: of its calls.
        said: the turn's reply goes out.
    """
    if not (ctx.acted or ctx.restarts or ctx.claim.attempts > 1):
        return tuple(ctx.duties)
    reply = ctx.reply if said else None
    told = reply is not None and reply.handoff is None and reply.reason in _BY_THE_CREW
    return (*ctx.duties, *await rulings.duties(ctx.claim, told=told))
