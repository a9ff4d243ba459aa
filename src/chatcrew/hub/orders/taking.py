"""``/bot assumir`` and ``/bot devolver``: who goes on with the customer, people or the bot."""

from dataclasses import dataclass, replace

from chatcrew.hub.orders._order import Kind, Scene
from chatcrew.messages import ActKind, Owner, OwnerKind, PlannedPart

TAKEN = (
    "🙋 {by} assumiu esta conversa: ela está aberta, e o bot não responde. Para devolver: "
    "`/bot devolver`. (Taken over; `/bot hand-back` gives it back.)"
)
NOT_KNOWN = "❓ Não sei quem escreveu esta nota, então ninguém assumiu. (Unknown author.)"
GIVEN_BACK = (
    "🤖 {by} devolveu esta conversa ao bot: ela fica pendente, e o bot responde. "
    "(Handed back to the bot.)"
)
_ABOUT = "owner"

RETURNED = (
    PlannedPart(ActKind.ASSIGNMENT, {"assignee_id": None}, gated=False),
    PlannedPart(ActKind.STATUS, {"status": "pending"}, gated=False),
)
"""What gives a conversation to the bot, whoever had it."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Give the conversation to the author: assigned to him and open."""

    async def obey(self, scene: Scene) -> str:
        """Plan both; the rest of the turn sees the conversation as his."""
        given, ctx = scene.given, scene.ctx
        if given.user_id is None:
            return NOT_KNOWN
        assign = PlannedPart(ActKind.ASSIGNMENT, {"assignee_id": given.user_id}, gated=False)
        scene.obeyed.duties += [
            assign,
            PlannedPart(ActKind.STATUS, {"status": "open"}, gated=False),
        ]
        state = ctx.claim.state
        owner = Owner(OwnerKind.PERSON, given.user_id, given.by or None)
        seen = replace(state.snapshot, status="open", owner=owner, owner_known=True)
        ctx.claim = replace(ctx.claim, state=replace(state, snapshot=seen))
        return TAKEN.format(by=given.by or "Alguém da equipe")


@dataclass(frozen=True, slots=True)
class HandBack:
    """Give the conversation to the bot: nobody's, pending, and no silence."""

    async def obey(self, scene: Scene) -> str:
        """Plan it; Chatwoot's own word that it is pending wakes the bot if the customer waits."""
        ctx = scene.ctx
        await scene.powers.turns.silence(ctx.claim, None, upto=scene.given.message_id)
        ctx.claim = replace(ctx.claim, state=replace(ctx.claim.state, silence=None))
        scene.obeyed.duties += RETURNED
        return GIVEN_BACK.format(by=scene.given.by or "Alguém da equipe")


TAKE_OVER = Kind(
    "assumir",
    "assumir assumo assuma takeover take-over take",
    ("`/bot assumir`: a conversa fica com você, aberta, e o bot se cala",),
    "take-over",
    lambda words, now: TakeOver(),
    about=_ABOUT,
)
HAND_BACK = Kind(
    "devolver",
    "devolver devolva devolvo handback hand-back",
    ("`/bot devolver`: a conversa volta ao bot, pendente",),
    "hand-back",
    lambda words, now: HandBack(),
    about=_ABOUT,
)
