"""Disclose: what the customer has to know beside the answer: notices, files nobody could read."""

from dataclasses import dataclass, replace

from chatcrew.hub import files, texts
from chatcrew.hub.context import TurnContext


@dataclass(frozen=True, slots=True)
class Disclose:
    """Put notices before the reply; never be silent about a file, to customer or team."""

    name: str = "disclose"

    async def __call__(self, ctx: TurnContext) -> None:
        """Leave the reply as it is where there is nothing to say beside it."""
        if ctx.notices and ctx.reply is not None:
            said = [texts.text(ctx.tenant, key, language=ctx.language) for key in ctx.notices]
            ctx.reply = replace(ctx.reply, text="\n\n".join(filter(None, [*said, ctx.reply.text])))
        self._files(ctx)

    def _files(self, ctx: TurnContext) -> None:
        """Say which files nobody could read, unless people see them anyway."""
        missed = files.missed(ctx.unread)
        if not missed or ctx.reply is None:
            return
        ctx.note = "\n\n".join(filter(None, [ctx.note, files.note(missed)]))
        if ctx.reply.handoff is not None:
            return
        words = texts.text(ctx.tenant, "attachment_partly", language=ctx.language)
        names = files.named([item for item, _ in missed], ctx.language)
        said = "\n\n".join(filter(None, [ctx.reply.text, words.replace("{what}", names)]))
        ctx.reply = replace(ctx.reply, text=said)
