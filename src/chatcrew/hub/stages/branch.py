"""Branch: what needs no model: greeting, thanks, the wish for a person, a tapped title."""

from dataclasses import dataclass

from chatcrew import intents
from chatcrew.hub import texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.ports import Turns
from chatcrew.hub.signals import FinishTurn
from chatcrew.messages import AuthorKind, Handoff, Rung
from chatcrew.tenancy.model import Intent


@dataclass(frozen=True, slots=True)
class Branch:
    """Match the burst against the tenant's intents, then the built-in ones."""

    turns: Turns
    name: str = "branch"

    async def __call__(self, ctx: TurnContext) -> None:
        """Let the text through to the crew, or answer it here.

        Raises:
            FinishTurn: an intent answers or hands over.
        """
        tenant = ctx.our_tenant()
        own = {intent.name for intent in tenant.intents}
        known = [
            *tenant.intents,
            *(item for item in intents.builtin(ctx.language) if item.name not in own),
        ]
        offered = _offered(ctx)
        # "2" means the second option from here on, for the search and the crew too
        ctx.text = intents.chosen(ctx.text, offered) or ctx.text
        hit = intents.match(ctx.text, known, offered=offered, names=[tenant.persona.name])
        if hit is None:
            return
        intent = hit.intent
        if intent.action == "route" and intent.route is not None:
            await self._route(ctx, intent.route)
            if not intent.replies:
                return
        ctx.rungs.append(Rung("intent", "answered"))
        raise FinishTurn(_reply(ctx, intent))

    async def _route(self, ctx: TurnContext, function: str) -> None:
        """Switch the conversation to another function of the tenant, for good."""
        if ctx.route is None or function not in ctx.our_tenant().functions:
            return
        await self.turns.route(ctx.claim, function)
        ctx.crew = ctx.configuration.crew(ctx.route, function)


def _offered(ctx: TurnContext) -> tuple[str, ...]:
    """Return the options of our newest message: buttons, or the numbered lines in their place."""
    for line in reversed(ctx.history):
        if line.author.kind is AuthorKind.BOT:
            return line.options or intents.listed(line.text)
    return ()


def _reply(ctx: TurnContext, intent: Intent) -> Reply:
    tenant = ctx.our_tenant()
    handoff = Handoff(f"intent:{intent.name}") if intent.action == "handoff" else None
    if intent.replies:
        words = intents.choose(intent.replies, seed=f"{ctx.claim.key.conversation}:{intent.name}")
        words = intents.fill(words, tenant=tenant, contact=ctx.claim.state.snapshot.contact)
    else:
        words = texts.text(tenant, "handoff", language=ctx.language)
    return Reply(
        words,
        engine="intent",
        reason=f"intent:{intent.name}",
        handoff=handoff,
        buttons=intent.buttons,
        trusted=True,
        details={"intent": intent.name, "place": f"{intent.place[0]}:{intent.place[1]}"},
    )
