"""Retrieve: what the business knows about the question, and which of its rules hold today."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from chatcrew.clock import Clock
from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import Knowledge
from chatcrew.messages import AuthorKind, own_words
from chatcrew.tenancy.known import knowledge_version
from chatcrew.tenancy.model import rules_on

LIMIT = 5
"""Most passages."""

SEEN = 600
"""Characters of what a picture or document says by which knowledge is searched."""

TALK = 6
"""Newest lines of the customer by whose words it is decided which rules concern the talk."""


@dataclass(frozen=True, slots=True)
class Retrieve:
    """Search the tenant's own knowledge."""

    knowledge: Knowledge
    clock: Clock
    name: str = "retrieve"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the passages and the rules."""
        tenant = ctx.our_tenant()
        # What the turn's own files say, whatever was reloaded meanwhile, here or in other processes
        today = self.clock.now().astimezone(ZoneInfo(tenant.timezone)).date()
        asked = ctx.text or ctx.seen[:SEEN]
        key = ctx.claim.key
        found = await self.knowledge.search(
            tenant.key,
            asked,
            version=knowledge_version(tenant),
            limit=LIMIT,
            today=today,
            trial=key.turn_id if key.conversation.simulated else None,
        )
        # A question about a picture is another one than the same words alone, and a picture alone
        # asks nothing: no answer of the knowledge is certain of it
        ctx.passages = tuple(replace(p, certain=p.certain and not ctx.seen) for p in found)
        said = [own_words(one) for one in ctx.history if one.author.kind is AuthorKind.CUSTOMER]
        ctx.rules = rules_on(tenant, today, talk="\n".join([*said[-TALK:], ctx.text]))
