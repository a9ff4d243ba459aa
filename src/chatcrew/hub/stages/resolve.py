"""Resolve: whose turn is it, and which crew answers?"""

from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.hub.context import TurnContext
from chatcrew.hub.signals import DropTurn
from chatcrew.tenancy.trial import met

_UNMAPPED = (
    "⚠️ **O bot não atende esta caixa de entrada**: ela saiu do mapeamento do chatcrew. "
    "O cliente espera uma resposta da equipe. (This inbox is no longer mapped.)"
)


@dataclass(frozen=True, slots=True)
class Resolve:
    """Find tenant and crew in the configuration version that the turn is stamped with."""

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
        ctx.tenant, ctx.variant = met(
            ctx.configuration.tenants[route.tenant],
            account=state.id.account,
            contact=snapshot.contact.id,
            now=self.clock.now(),
        )
        ctx.crew = ctx.configuration.crew(route, state.function)
        ctx.language = ctx.tenant.language
