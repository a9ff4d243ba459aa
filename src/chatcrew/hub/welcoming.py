"""A talk given to the bot in which nobody has said anything: it begins with a welcome (S3-37)."""

from chatcrew import intents
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import InputKind

_GREETING = "greeting"


def welcome(ctx: TurnContext) -> Reply | None:
    """Return what the business greets with; None where the talk was not given so, or has begun.

    The words are those of its own intent ``greeting``, else the built-in ones. Who asked for no
    messages is not written to.
    """
    given = any(item.kind is InputKind.HANDBACK for item in ctx.claim.burst)
    state = ctx.claim.state
    begun = bool(ctx.history) or state.last_public_author is not None
    if not given or begun or ctx.opted_out or ctx.draft is not None:
        return None
    tenant = ctx.our_tenant()
    known = intents.known(tenant, ctx.language)
    greeting = next((one for one in known if one.name == _GREETING and one.replies), None)
    if greeting is None:
        return None
    words = intents.choose(greeting.replies, seed=str(ctx.claim.key.conversation))
    said = intents.fill(words, tenant=tenant, contact=state.snapshot.contact)
    return Reply(
        said, engine="timer", reason="welcome", buttons=tuple(greeting.buttons), trusted=True
    )
