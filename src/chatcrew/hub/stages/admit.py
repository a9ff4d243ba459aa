"""Admit: is this conversation ours to answer?"""

from dataclasses import dataclass, replace

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
        ctx.bot = ctx.configuration.bots.get(ctx.claim.state.id.bot)
        if ctx.bot is None:
            raise DropTurn("unknown_bot")
        order = await self._obey(ctx)
        reason = closed_because(ctx.claim.state, agent_bot_id=ctx.bot.agent_bot_id)
        if reason is not None:
            if order is not None and order.lets_speak:
                ctx.note = commands.NOT_YET
            raise DropTurn(reason)
        inputs = [item for item in ctx.claim.burst if item.kind is not InputKind.COMMAND]
        if not inputs and (order is None or not order.lets_speak):
            raise DropTurn("command")
        if inputs and not any(_wants_answer(item) for item in inputs):
            raise DropTurn("nothing_to_answer")

    async def _obey(self, ctx: TurnContext) -> commands.Order | None:
        """Carry out the newest command of the burst, and note what to tell the operator."""
        given = [item for item in ctx.claim.burst if item.kind is InputKind.COMMAND]
        if not given or given[-1].line is None:
            return None
        order = commands.read(given[-1].line.text)
        ctx.note = order.note
        if order.changes_silence:
            await self.turns.silence(ctx.claim, order.silence)
            state = replace(ctx.claim.state, silence=order.silence)
            ctx.claim = replace(ctx.claim, state=state)
        return order


def _wants_answer(item: Input) -> bool:
    """Return whether an input asks for an answer: not deleted, not a mail program's auto-reply."""
    line = item.line
    return line is None or not (line.deleted or line.automatic)
