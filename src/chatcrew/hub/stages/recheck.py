"""Recheck: still ours? did anybody say more? did a person speak?"""

from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.hub import drafting
from chatcrew.hub.context import TurnContext
from chatcrew.hub.ports import Turns
from chatcrew.hub.signals import DropTurn, RestartTurn

MAX_RESTARTS = 3
"""After so many the turn answers what it has; the rest is the next turn."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """Look at the conversation once more before anything is decided."""

    turns: Turns
    clock: Clock
    name: str = "recheck"

    async def __call__(self, ctx: TurnContext) -> None:
        """Take over the newest state.

        Raises:
            DropTurn: a person took over meanwhile.
            RestartTurn: the burst is another one now (more was said, transcribed or deleted), and
                there is time to think again.
        """
        seen = ctx.claim.burst
        may_restart = ctx.restarts < MAX_RESTARTS and self.clock.monotonic() < ctx.deadline
        fresh = await self.turns.recheck(ctx.claim, take=may_restart)
        ctx.claim = fresh
        reason = drafting.shut_for(ctx, fresh.state)
        if reason is not None:
            raise DropTurn(reason)
        if may_restart and fresh.burst != seen:
            raise RestartTurn
