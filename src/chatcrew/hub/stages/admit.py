"""Admit: is this conversation ours to answer?"""

from dataclasses import dataclass

from chatcrew.hub import texts
from chatcrew.hub.context import TurnContext
from chatcrew.hub.gate import closed_because
from chatcrew.hub.signals import DropTurn
from chatcrew.messages import Input, InputKind


@dataclass(frozen=True, slots=True)
class Admit:
    """Drop what must not be answered; answer commands of operators with a private note."""

    name: str = "admit"

    async def __call__(self, ctx: TurnContext) -> None:
        """Let the turn through, or end it.

        Raises:
            DropTurn: not ours, or nothing in it asks for an answer.
        """
        state = ctx.claim.state
        ctx.bot = ctx.configuration.bots.get(state.id.bot)
        if ctx.bot is None:
            raise DropTurn("unknown_bot")
        inputs = [item for item in ctx.claim.burst if item.kind is not InputKind.COMMAND]
        if not inputs and ctx.claim.burst:
            raise DropTurn("command", note=texts.text(None, "commands", language="pt-BR"))
        reason = closed_because(state, agent_bot_id=ctx.bot.agent_bot_id)
        if reason is not None:
            raise DropTurn(reason)
        if inputs and not any(_wants_answer(item) for item in inputs):
            raise DropTurn("nothing_to_answer")


def _wants_answer(item: Input) -> bool:
    """Return whether an input asks for an answer: not deleted, not a mail program's auto-reply."""
    line = item.line
    return line is None or not (line.deleted or line.automatic)
