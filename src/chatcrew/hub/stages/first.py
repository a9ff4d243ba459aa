"""First: in some inboxes people have a conversation before the bot, by the inbox's share."""

import hashlib
from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.hub import texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.signals import FinishTurn
from chatcrew.ids import ConversationId
from chatcrew.messages import Handoff, InputKind
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import Route

PEOPLE_FIRST = "people_first"
"""Reason of such a handoff."""

_CUSTOMER = (InputKind.MESSAGE, InputKind.CHOICE)


@dataclass(frozen=True, slots=True)
class First:
    """Open a new conversation to people where they come first (S3-87).

    Only the first words of an episode: who gives the conversation to the bot later means it.
    """

    clock: Clock
    name: str = "first"

    async def __call__(self, ctx: TurnContext) -> None:
        """Greet and give the conversation to people, or let the bot answer once before.

        Raises:
            FinishTurn: people have it first.
        """
        route, tenant = ctx.route, ctx.our_tenant()
        if route is None or ctx.draft is not None or not _begins(ctx):
            return
        if comes_first(route, ctx.claim.key.conversation) != "people":
            return
        policy = tenant.people.distribution
        if policy.while_closed == "bot" and not calendar(tenant).is_open(self.clock.now()):
            return
        if policy.people_first == "answer":
            ctx.people_first = True
            return
        words = texts.text(tenant, PEOPLE_FIRST, language=ctx.language)
        handoff = Handoff(PEOPLE_FIRST)
        raise FinishTurn(
            Reply(words, engine="template", reason=PEOPLE_FIRST, handoff=handoff, trusted=True)
        )


def comes_first(route: Route, conversation: ConversationId) -> str:
    """Return who has a conversation first, ``bot`` or ``people``; always the same for one."""
    digest = hashlib.sha256(str(conversation).encode()).digest()
    if int.from_bytes(digest[:8]) % 100 < route.share:
        return route.first
    return "people" if route.first == "bot" else "bot"


def _begins(ctx: TurnContext) -> bool:
    """Return whether the customer wrote and nobody has answered yet in this episode."""
    wrote = any(item.kind in _CUSTOMER for item in ctx.claim.burst)
    given = any(item.kind is InputKind.HANDBACK for item in ctx.claim.burst)
    return wrote and not given and not any(line.author.kind.answers for line in ctx.history)
