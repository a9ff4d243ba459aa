"""A reply that crossed with a person's word: taken back where the channel can, else told (N4)."""

from collections.abc import Sequence

from chatcrew.hub.context import TurnContext
from chatcrew.hub.quiet_port import Quietness
from chatcrew.hub.shaping import literal
from chatcrew.messages import ActKind, InputKind, PlannedPart, Talkover

REASON = "talkover"
"""Kind of the timer, and reason of a turn that only deals with it."""

UNSENDS = frozenset(("Channel::WebWidget",))
"""Channels whose customers no longer see what is deleted in Chatwoot; elsewhere it has left."""

_NOTE = (
    "⚠️ **O bot e {by} escreveram ao mesmo tempo.** A resposta do bot saiu {late} depois, e o "
    "cliente pode ter lido as duas: confira se elas combinam. O bot está em silêncio. "
    "(The bot's reply came after {by}'s message.)"
)
_SOMEBODY = "uma pessoa da equipe"
_QUOTED = 280


async def found(ctx: TurnContext, turns: Quietness) -> Sequence[Talkover]:
    """Return what crossed with a person's word, if that is what woke this turn."""
    woken = any(
        item.kind is InputKind.TALKOVER or item.payload.get("timer") == REASON
        for item in ctx.claim.burst
    )
    return await turns.talked_over(ctx.claim) if woken else ()


def acts(ctx: TurnContext, late: Sequence[Talkover]) -> list[PlannedPart]:
    """Return what is done about it: each message deleted, or one note for all of them.

    A message that cannot be deleted after all becomes that note: whoever sends the act sees to it.
    """
    if not late:
        return []
    if unsent(ctx):
        return [
            PlannedPart(
                ActKind.UNSEND, {"message_id": one.message_id, "note": _note([one])}, gated=False
            )
            for one in late
        ]
    return [PlannedPart(ActKind.NOTE, {"content": _note(late)}, gated=False)]


def unsent(ctx: TurnContext) -> bool:
    """Return whether what crossed is deleted: the channel can, and the business wants it."""
    state = ctx.claim.state
    tenant = ctx.configuration.tenants.get(state.tenant or "")
    wanted = tenant is None or tenant.people.takeover.unsend
    return wanted and state.snapshot.channel in UNSENDS


def details(ctx: TurnContext, late: Sequence[Talkover]) -> list[dict[str, object]]:
    """Return what the turn's record says of it, by which it is known as dealt with."""
    done = "deleted" if unsent(ctx) else "noted"
    return [
        {
            "message": one.message_id,
            "person": one.person_id,
            "ms": round(one.seconds * 1000),
            "done": done,
        }
        for one in late
    ]


def _note(late: Sequence[Talkover]) -> str:
    by = literal(late[0].by, limit=60) or _SOMEBODY
    seconds = f"{max(one.seconds for one in late):.1f} s".replace(".", ",")
    quoted = "\n".join(f"> {literal(one.text, limit=_QUOTED)}" for one in late)
    return f"{_NOTE.format(by=by, late=seconds)}\n\n{quoted}"
