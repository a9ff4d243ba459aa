"""Admit: is this conversation ours to answer?"""

from dataclasses import dataclass

from chatcrew.hub import commands
from chatcrew.hub.context import TurnContext
from chatcrew.hub.gate import closed_because
from chatcrew.hub.ports import Turns
from chatcrew.hub.signals import DropTurn
from chatcrew.messages import Input, InputKind


@dataclass(frozen=True, slots=True)
class Admit:
    """Obey operators' commands; drop what must not be answered."""

    turns: Turns
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
        note = await self._obey(ctx)
        inputs = [item for item in ctx.claim.burst if item.kind is not InputKind.COMMAND]
        if not inputs and note:
            raise DropTurn("command", note=note)
        reason = closed_because(state, agent_bot_id=ctx.bot.agent_bot_id)
        if reason is not None:
            raise DropTurn(reason, note=note)
        if inputs and not any(_wants_answer(item) for item in inputs):
            raise DropTurn("nothing_to_answer", note=note)

    async def _obey(self, ctx: TurnContext) -> str:
        """Carry out the newest command of the burst; return what to tell the operator."""
        given = [item for item in ctx.claim.burst if item.kind is InputKind.COMMAND]
        if not given or given[-1].line is None:
            return ""
        order = commands.read(given[-1].line.text)
        if order.changes_silence:
            await self.turns.silence(ctx.claim, order.silence)
        return order.note


def _wants_answer(item: Input) -> bool:
    """Return whether an input asks for an answer: not deleted, not a mail program's auto-reply."""
    line = item.line
    return line is None or not (line.deleted or line.automatic)
