"""Disclose: who sent a file that nobody could read is told so, whatever else is answered."""

from dataclasses import dataclass, replace

from chatcrew.hub import files, texts
from chatcrew.hub.context import TurnContext


@dataclass(frozen=True, slots=True)
class Disclose:
    """Add one sentence to the reply and a note for the team: never silent about a file."""

    name: str = "disclose"

    async def __call__(self, ctx: TurnContext) -> None:
        """Leave the reply as it is where every file was read, or people see the files anyway."""
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
