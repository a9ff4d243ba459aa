"""Carries out what operators order in their private notes."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from chatcrew.clock import Clock
from chatcrew.hub import commands, remembering
from chatcrew.hub.commands import Command, Order
from chatcrew.hub.context import TurnContext
from chatcrew.hub.memories import Memory
from chatcrew.hub.ports import Rulings, Turns
from chatcrew.messages import ActKind, AuthorKind, InputKind, Line, PlannedPart, Topic

_ZONE = "America/Sao_Paulo"
"""Of a business that the mapping no longer knows."""


@dataclass(slots=True)
class Obeyed:
    """What came of the commands of a burst.

    Attributes:
        notes: what operators read.
        told: what the crew reads.
        duties: what is done whatever the turn says.
        lets_speak: the newest word on it lets the bot answer again.
    """

    notes: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    duties: list[PlannedPart] = field(default_factory=list)
    lets_speak: bool = False


@dataclass(frozen=True, slots=True)
class Obeying:
    """Obeys each command of a burst, in its order; of those about silence the last one stands."""

    turns: Turns
    rulings: Rulings
    memory: Memory
    clock: Clock

    async def obey(self, ctx: TurnContext) -> Obeyed:
        """Carry out what stands in the burst; done again in the same turn it changes nothing."""
        obeyed = Obeyed()
        given = [line for line in map(_ordered, ctx.claim.burst) if line is not None]
        orders = [(line, self._read(ctx, line)) for line in given]
        silences = [order for _, order in orders if order.changes_silence]
        for line, order in orders:
            if order.changes_silence and order is not silences[-1]:
                continue
            await self._carry_out(ctx, line, order, obeyed)
        return obeyed

    def _read(self, ctx: TurnContext, line: Line) -> Order:
        tenant = ctx.configuration.tenants.get(ctx.claim.state.tenant or "")
        zone = ZoneInfo(tenant.timezone if tenant is not None else _ZONE)
        return commands.read(line.text, now=self.clock.now().astimezone(zone))

    async def _carry_out(self, ctx: TurnContext, line: Line, order: Order, obeyed: Obeyed) -> None:
        note = order.note
        if order.changes_silence:
            await self.turns.silence(ctx.claim, order.silence)
            state = replace(ctx.claim.state, silence=order.silence)
            ctx.claim = replace(ctx.claim, state=state)
            obeyed.lets_speak = order.lets_speak
        elif order.command is Command.RESET:
            await self._start_over(ctx)
        elif order.command is Command.REQUESTS:
            note = await self.rulings.requests(ctx.claim)
        elif order.command in (Command.APPROVE, Command.DENY):
            ruling = await self.rulings.rule(
                ctx.claim,
                order.number,
                approve=order.command is Command.APPROVE,
                by=line.author.name or "",
                reason=order.words,
            )
            note = ruling.note
            obeyed.told += [ruling.told] if ruling.told else []
        elif order.command is Command.MEMORY:
            note = await remembering.shown(ctx, self.memory)
        elif order.command is Command.FORGET:
            note = await remembering.forgotten(ctx, self.memory, order.number)
            if not order.number:
                # What was said before would tell it all again
                await self._start_over(ctx)
        elif order.command is Command.REMIND and order.at is not None:
            obeyed.duties.append(_reminder(line, order, bot=ctx.claim.state.id.bot))
        obeyed.notes.append(note)

    async def _start_over(self, ctx: TurnContext) -> None:
        await self.turns.start_over(ctx.claim)
        await self.memory.seal(ctx.claim)
        state = ctx.claim.state
        fresh = replace(state, episode=state.episode + 2, function=None, topic=Topic())
        ctx.claim = replace(ctx.claim, state=fresh)


def _ordered(item: object) -> Line | None:
    """Return the private note of a person that an input is, or None: customers order nothing."""
    kind, line = getattr(item, "kind", None), getattr(item, "line", None)
    if kind is not InputKind.COMMAND or not isinstance(line, Line) or line.deleted:
        return None
    return line if line.private and line.author.kind is AuthorKind.PERSON else None


def _reminder(line: Line, order: Order, *, bot: str) -> PlannedPart:
    """Return the timer of a reminder; its key is the note that asks for it.

    With the bot, for two Chatwoots count their messages each from one.
    """
    if order.at is None:
        raise ValueError("a reminder has its moment")
    payload = {"text": order.words, "by": line.author.name or ""}
    return PlannedPart(
        ActKind.TIMER,
        {
            "kind": "reminder",
            "due_at": int(order.at.timestamp()),
            "payload": payload,
            "key": f"reminder:{bot}:{line.message_id}",
        },
        gated=False,
    )
