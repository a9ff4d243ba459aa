"""Admit: is this conversation ours to answer?"""

from dataclasses import dataclass, replace

from chatcrew.hub import crossing, drafting, due, episodes, resuming
from chatcrew.hub.context import TurnContext
from chatcrew.hub.debts import Dunning
from chatcrew.hub.draft_port import Draft
from chatcrew.hub.obeying import Obeyed, Obeying
from chatcrew.hub.orders import Powers, silence
from chatcrew.hub.signals import DropTurn
from chatcrew.messages import Input, InputKind

_OWN = (InputKind.COMMAND, InputKind.TIMER, InputKind.TALKOVER)
"""Inputs that are no word of the customer's, and ask for no answer to him by themselves."""


@dataclass(frozen=True, slots=True)
class Admit:
    """Obey operators' commands and timers; drop what must not be answered."""

    powers: Powers
    dunning: Dunning
    name: str = "admit"

    async def __call__(self, ctx: TurnContext) -> None:
        """Let the turn through, or end it.

        Raises:
            DropTurn: not ours, or nothing in it asks for an answer.
        """
        ctx.bot = ctx.configuration.bot(ctx.claim.state.id.bot)
        if ctx.bot is None:
            raise DropTurn("unknown_bot")
        obeyed = await Obeying(self.powers).obey(ctx)
        inputs = [item for item in ctx.claim.burst if item.kind not in _OWN]
        fired = await self._fired(ctx, customer=bool(inputs))
        late = await crossing.found(ctx, self.powers.turns)
        ctx.crossed = crossing.details(ctx, late)
        resumed = await resuming.over(ctx, self.powers.turns)
        obeyed.lets_speak = obeyed.lets_speak or resumed.speaks
        notes = (*obeyed.notes, *fired.notes, resumed.note)
        ctx.note = "\n\n".join(words for words in notes if words)
        ctx.told = (*obeyed.told, *fired.told)
        given = (*obeyed.duties, *resumed.duties, *fired.acts)
        ctx.duties, ctx.due = (*given, *crossing.acts(ctx, late)), fired.follow_up
        ctx.draft = drafting.wanted(ctx, asked=obeyed.drafts)
        reason = drafting.shut_for(ctx, ctx.claim.state)
        returned = episodes.comes_back(ctx, reason)
        if returned is not None:
            raise returned
        if reason is not None:
            if obeyed.lets_speak:
                ctx.note = ctx.note.replace(silence.GOES_ON, silence.NOT_YET)
            # What it did for the team says more than why the customer heard nothing
            noted = fired.reason.startswith("debt_") or fired.reason == due.LIMIT_TOLD
            why = fired.reason if noted and not inputs else reason
            raise DropTurn(why, open_to_people=fired.opens, gated=False)
        if obeyed.drafts and ctx.draft is None:
            ctx.note = "\n\n".join(filter(None, [ctx.note, drafting.ITSELF]))
        if inputs and not any(_wants_answer(item) for item in inputs):
            raise DropTurn("nothing_to_answer")
        if not inputs:
            why = resumed.reason or (crossing.REASON if late else "")
            self._without_customer(ctx, obeyed, replace(fired, reason=why or fired.reason))

    def _without_customer(self, ctx: TurnContext, obeyed: Obeyed, fired: due.Fired) -> None:
        """Go on where something else is to be said to the customer; else end.

        Raises:
            DropTurn: nothing is.
        """
        if fired.opens:
            raise DropTurn(fired.reason, open_to_people=True)
        if ctx.told or ctx.due is not None or obeyed.lets_speak or fired.speaks:
            return
        if ctx.draft is Draft.ASKED:
            return
        raise DropTurn(fired.reason or "command")

    async def _fired(self, ctx: TurnContext, *, customer: bool) -> due.Fired:
        """Say what came of the timers of the burst."""
        fired = due.Fired()
        for item in ctx.claim.burst:
            if item.kind is not InputKind.TIMER:
                continue
            if item.payload.get("timer") == "debt":
                dunned = await self.dunning.step(ctx, item.payload)
                acts = (*fired.acts, *dunned.parts)
                fired = replace(fired, acts=acts, reason=dunned.reason)
                continue
            ruling = None
            if item.payload.get("timer") == "approval":
                number = int(item.payload.get("call", 0))
                ruling = await self.powers.rulings.expire(ctx.claim, number)
            fired = due.fire(fired, item.payload, state=ctx.claim.state, ruling=ruling)
        return replace(fired, opens=fired.opens and not customer)


def _wants_answer(item: Input) -> bool:
    """Return whether an input asks for an answer: not deleted, not a mail program's auto-reply."""
    line = item.line
    return line is None or not (line.deleted or line.automatic)
