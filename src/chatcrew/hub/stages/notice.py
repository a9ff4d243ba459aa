"""Notice: what the customer has to know beside the answer stands before it, once."""

from dataclasses import dataclass, replace

from chatcrew.hub import texts
from chatcrew.hub.context import TurnContext


@dataclass(frozen=True, slots=True)
class Notice:
    """Put the turn's notices before its reply."""

    name: str = "notice"

    async def __call__(self, ctx: TurnContext) -> None:
        """Leave the reply as it is where there is nothing to notice."""
        if not ctx.notices or ctx.reply is None:
            return
        said = [texts.text(ctx.tenant, key, language=ctx.language) for key in ctx.notices]
        ctx.reply = replace(ctx.reply, text="\n\n".join(filter(None, [*said, ctx.reply.text])))
