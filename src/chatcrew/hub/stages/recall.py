"""Recall: what was said before in this episode, and what is remembered of the customer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from chatcrew.clock import Clock
from chatcrew.hub import remembering
from chatcrew.hub.context import TurnContext
from chatcrew.hub.memories import Memory
from chatcrew.hub.ports import History
from chatcrew.intents import gist
from chatcrew.messages import AuthorKind, Line, Recollection

SPARE = 40
"""Older lines read beside the window: what was said since the summary was made."""

MOST = 1_000
"""Lines read at most where no summary covers what is older."""

TAIL = 30
"""Newest lines of the talk before this one, read where its summary does not cover them."""

BEFORE = 200
"""Tokens that the talk before this one takes at most: it is one line of what is remembered."""

_LEAST = 2
"""Newest lines that are told whatever they take."""

_SHARE = 3
"""The summary takes at most one of so many parts of the budget."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Read the newest public lines of the episode, without those of the burst itself.

    All of the episode is read before each answer (S2-01): what does not fit into the window or the
    budget is in the summary, and what no summary covers yet is told by its facts.
    """

    history: History
    memory: Memory
    clock: Clock
    name: str = "recall"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the history, its summary and what is remembered."""
        tenant, crew = ctx.our_tenant(), ctx.our_crew()
        # By author too: a choice has the id of the very message of ours that it answers
        now = {_place(item.line) for item in ctx.claim.burst if item.line is not None}
        person = remembering.person(ctx.claim, tenant)
        wanted = crew.history + len(now) + SPARE
        lines, known = await asyncio.gather(
            self.history.window(ctx.claim, limit=wanted), self.memory.recall(ctx.claim, person)
        )
        if len(lines) == wanted and lines[0].message_id > known.up_to + 1:
            wanted = MOST
            lines = await self.history.window(ctx.claim, limit=wanted)
        ctx.talked = sum(map(_talks, lines)) if len(lines) < wanted else None
        earlier = [line for line in lines if _place(line) not in now]
        ctx.consent = known.consent
        if remembering.agreed(ctx, known.consent):
            await self._remembered(ctx, known)
        if crew.history == 0:
            ctx.history, ctx.summary = (), ""
            return
        share = crew.history_tokens // _SHARE
        window = _window(earlier, limit=crew.history, budget=crew.history_tokens)
        older = earlier[: len(earlier) - len(window)]
        told = await _summarised(known, older, budget=share)
        left = crew.history_tokens - gist.tokens(told)
        window = _window(window, limit=crew.history, budget=left)
        if len(window) < len(earlier) - len(older):
            # What makes room for the summary is told in it
            older = earlier[: len(earlier) - len(window)]
            told = await _summarised(known, older, budget=share)
        ctx.history, ctx.summary = window, told

    async def _remembered(self, ctx: TurnContext, known: Recollection) -> None:
        """Set what is remembered of the customer, and how the talk before this one went."""
        burst = [item.line.text for item in ctx.claim.burst if item.line is not None]
        found = remembering.relevant(known.facts, "\n".join(burst), now=self.clock.now())
        ctx.memory = found
        ctx.refused_before = remembering.untold(known.facts)
        last = ctx.claim.state.episode - 1
        if last < 1:
            return
        lines = await self.history.window(ctx.claim, limit=TAIL, episode=last)
        told = _summary(known.before, lines, up_to=known.before_up_to, budget=BEFORE)
        if told:
            day = f"{lines[-1].created_at:%d/%m/%Y}: " if lines else ""
            ctx.before = day + " / ".join(told.splitlines())


async def _summarised(known: Recollection, older: Sequence[Line], *, budget: int) -> str:
    """Return what is older than the window; of many lines beside the event loop."""
    tell = partial(_summary, known.summary, older, up_to=known.up_to, budget=budget)
    return tell() if len(older) <= SPARE else await asyncio.to_thread(tell)


def _window(lines: Sequence[Line], *, limit: int, budget: int) -> list[Line]:
    """Return the newest lines that fit, oldest first."""
    taken: list[Line] = []
    left = budget
    for line in reversed(lines[-limit:]):
        left -= gist.tokens(gist.said(line) or "") + 1
        if left < 0 and len(taken) >= _LEAST:
            break
        taken.append(line)
    return taken[::-1]


def _summary(summary: str, older: Sequence[Line], *, up_to: int, budget: int) -> str:
    """Return what is summarised, and by their facts the older lines that it does not cover."""
    facts = [line for line in summary.splitlines() if line.strip()]
    facts += gist.extract(line for line in older if line.message_id > up_to)
    return "\n".join(gist.fitted(facts, budget=budget))


def _talks(line: Line) -> bool:
    return line.author.kind in (AuthorKind.CUSTOMER, AuthorKind.BOT)


def _place(line: Line) -> tuple[int, AuthorKind]:
    return line.message_id, line.author.kind
