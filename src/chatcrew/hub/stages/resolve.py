"""Resolve: whose turn is it, and which crew answers?"""

from dataclasses import dataclass, replace

from chatcrew.clock import Clock
from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import Turns
from chatcrew.hub.signals import DropTurn
from chatcrew.messages import given_to
from chatcrew.tenancy.trial import met

_UNMAPPED = (
    "⚠️ **O bot não atende esta caixa de entrada**: ela saiu do mapeamento do chatcrew. "
    "O cliente espera uma resposta da equipe. (This inbox is no longer mapped.)"
)


@dataclass(frozen=True, slots=True)
class Resolve:
    """Find tenant and crew in the configuration version that the turn is stamped with.

    Ingress notes whose a conversation is by each delivery. Where the inbox was given to another
    tenant since, or the turn comes of a timer, it is noted here, before anything is read.
    """

    turns: Turns
    clock: Clock
    name: str = "resolve"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set route, tenant as the customer meets it, crew and language.

        Raises:
            DropTurn: the mapping no longer knows this inbox.
        """
        state = ctx.claim.state
        snapshot = state.snapshot
        route = ctx.configuration.route(
            state.id.account, snapshot.inbox_id, channel_class=snapshot.channel
        )
        if route is None:
            # Ingress refuses such an inbox: the mapping changed after it had taken the message.
            raise DropTurn("unmapped_inbox", note=_UNMAPPED, open_to_people=True)
        ctx.route = route
        if state.tenant not in (None, route.tenant):
            await self.turns.give(ctx.claim, route.tenant)
            state = given_to(state, route.tenant)
            ctx.claim = replace(ctx.claim, state=state)
        ctx.tenant, ctx.variant = met(
            ctx.configuration.tenants[route.tenant],
            account=state.id.account,
            contact=snapshot.contact.id,
            now=self.clock.now(),
        )
        ctx.crew = ctx.configuration.crew(route, state.function)
        ctx.language = ctx.tenant.language
