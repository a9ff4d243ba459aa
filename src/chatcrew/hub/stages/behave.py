"""Behave: floods, repeats and the wish for no messages, before anything is read or thought."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatcrew.clock import Clock
from chatcrew.hub import abuse, texts
from chatcrew.hub.conduct_port import Conducts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.due import PATIENCE
from chatcrew.hub.languages import language_of
from chatcrew.hub.signals import DropTurn, FinishTurn
from chatcrew.messages import (
    ActKind,
    AuthorKind,
    Conduct,
    Handoff,
    InputKind,
    Line,
    Person,
    PlannedPart,
)

_SLOWED = "answers_slowed"
_MOMENT = timedelta(minutes=5)
"""Longest wait that a limit of answers may make; then people go on."""


@dataclass(frozen=True, slots=True)
class Behave:
    """Tell a customer once that it is too much, then answer within a bound; obey his wishes.

    Nothing is lost: every message is in the history, and the next answer reads them all.
    """

    conducts: Conducts
    clock: Clock
    name: str = "behave"

    def begin(self, ctx: TurnContext) -> asyncio.Task[Conduct]:
        """Begin to look how the customer has written: that needs nothing of what recall reads."""
        look = asyncio.create_task(self._look(ctx), name="look")
        ctx.looked = look
        return look

    async def __call__(self, ctx: TurnContext) -> None:
        """Set whether the customer may be written to unasked; leave notices for the reply.

        Raises:
            FinishTurn: the message was nothing but a wish, or people are to go on.
            DropTurn: the next answer has to wait; a timer gives it.
        """
        who = _person(ctx)
        seen = await (ctx.looked or self._look(ctx))
        ctx.opted_out = seen.opt_out is not None
        lines = [
            item.line
            for item in ctx.claim.burst
            if item.line is not None
            and item.kind in (InputKind.MESSAGE, InputKind.CHOICE)
            and not (item.line.deleted or item.line.automatic)
        ]
        words = "\n".join(line.text for line in lines if line.text)
        ctx.language = language_of(ctx, words)
        if not lines:
            self._put_off(ctx, seen)
            if _waited(ctx) or {item.kind for item in ctx.claim.burst} == {InputKind.SWEEP}:
                await self._paced(ctx, seen)
            return
        if who is not None:
            await self._obey(ctx, who, lines, seen=seen)
        await self._bound(ctx, seen, length=len(words))
        await self._paced(ctx, seen)

    async def _look(self, ctx: TurnContext) -> Conduct:
        return await self.conducts.look(ctx.claim, _person(ctx))

    async def _obey(
        self, ctx: TurnContext, who: Person, lines: list[Line], *, seen: Conduct
    ) -> None:
        """Obey the wish that stands in the burst, the newest if there are two.

        Raises:
            FinishTurn: there is nothing else in it.
        """
        policy = ctx.our_tenant().people.abuse
        asked = ctx.claim.state.topic.filled.waiting is not None
        said = [line.text for line in lines if line.text.strip()]
        out = [abuse.wants_out(one, own=policy.opt_out, asked=asked) for one in said]
        if any(out):
            await self.conducts.opt_out(ctx.claim, who)
            ctx.opted_out = True
            if seen.opt_out is None:
                _for_people(ctx, abuse.OPTED_OUT, label=policy.opt_out_label)
            alone = all(wish and abuse.only_wish(one) for wish, one in zip(out, said, strict=True))
            _finish(ctx, "opt_out", alone=alone)
        elif seen.opt_out is not None:
            wish = any(abuse.wants_back(one) for one in said)
            state = ctx.claim.state
            here = (str(state.id), state.episode)
            anew = (seen.opt_out.conversation, seen.opt_out.episode) != here
            if not (wish or anew):
                return
            await self.conducts.opt_in(who)
            ctx.opted_out = False
            _for_people(ctx, abuse.OPTED_IN)
            # what the wish put there; a label that is not there is no fault
            ctx.duties = [
                *ctx.duties,
                PlannedPart(ActKind.LABELS, {"remove": [policy.opt_out_label]}),
            ]
            if wish:
                _finish(ctx, "opt_in", alone=all(abuse.wants_back(one) for one in said))

    async def _bound(self, ctx: TurnContext, seen: Conduct, *, length: int) -> None:
        """Give the notices that this episode has not had; in a flood, answer seldom.

        Raises:
            FinishTurn: people are to go on.
            DropTurn: the last answer is not long ago.
        """
        policy = ctx.our_tenant().people.abuse
        verdict = abuse.judged(seen, policy, length=length)
        new = [one for one in verdict.notices if one not in seen.told]
        for notice in new:
            await self.conducts.tell(ctx.claim, notice)
            label = policy.label if notice != "long" else None
            _for_people(ctx, abuse.noted(notice, seen, policy), label=label)
        if not verdict.bounded:
            ctx.notices = [f"abuse_{notice}" for notice in new]
            return
        if policy.then == "handoff" and new:
            words = texts.text(ctx.tenant, "abuse_handoff", language=ctx.language)
            raise FinishTurn(
                Reply(
                    words,
                    engine="template",
                    reason="abuse",
                    handoff=Handoff("abuse"),
                    trusted=True,
                )
            )
        if policy.then == "slow" and not new and not _waited(ctx):
            self._wait(ctx, policy.every)
        ctx.notices = [f"abuse_{notice}" for notice in new]

    async def _paced(self, ctx: TurnContext, seen: Conduct) -> None:
        """Answer no more often than the business wants; the rest is answered together later.

        The last answer before a pause says so, once in an episode. Whoever would have to wait for
        longer than a moment gets a person: his words may be urgent.

        Raises:
            DropTurn: the next answer has to wait a moment; a timer gives it.
            FinishTurn: people are to go on.
        """
        if ctx.claim.key.conversation.simulated:
            return  # nobody waits there, and no customer is answered
        now = self.clock.now()
        often = abuse.how_often(seen.answered, ctx.our_tenant().limits.contact, now=now)
        if often.at is None:
            if often.last and _SLOWED not in seen.told:
                await self.conducts.tell(ctx.claim, _SLOWED)
                ctx.notices = [*ctx.notices, _SLOWED]
            return
        if often.at - now > _MOMENT:
            words = texts.text(ctx.tenant, "abuse_handoff", language=ctx.language)
            people = Handoff("abuse")
            raise FinishTurn(
                Reply(words, engine="template", reason="abuse", handoff=people, trusted=True)
            )
        timer = PlannedPart(
            ActKind.TIMER,
            {
                "kind": PATIENCE,
                "due_at": int(often.at.timestamp()) + 1,
                "payload": {},
                "key": f"{PATIENCE}:{ctx.claim.key.conversation}:at:{int(often.at.timestamp())}",
            },
        )
        ctx.duties = [*ctx.duties, timer]
        raise DropTurn("answers_slowed")

    def _put_off(self, ctx: TurnContext, seen: Conduct) -> None:
        """Let no sweep answer before the timer does that was left for it.

        Raises:
            DropTurn: the next answer has to wait.
        """
        policy = ctx.our_tenant().people.abuse
        swept = {item.kind for item in ctx.claim.burst} == {InputKind.SWEEP}
        if swept and policy.then == "slow" and abuse.judged(seen, policy, length=0).bounded:
            self._wait(ctx, policy.every)

    def _wait(self, ctx: TurnContext, every: timedelta) -> None:
        """End the turn where the last answer is not long enough ago; a timer takes it up.

        Raises:
            DropTurn: so it is.
        """
        last = _last_answer(ctx)
        if last is None or self.clock.now() >= last.created_at + every:
            return
        ctx.duties = [*ctx.duties, _later(ctx, last, last.created_at + every)]
        raise DropTurn("abuse_slowed")


def _finish(ctx: TurnContext, key: str, *, alone: bool) -> None:
    """Say that the wish is obeyed: by itself, or beside the answer to the rest.

    Raises:
        FinishTurn: there is no rest.
    """
    if not alone:
        ctx.notices = [key]
        return
    words = texts.text(ctx.tenant, key, language=ctx.language)
    raise FinishTurn(Reply(words, engine="template", reason=key, trusted=True))


def _for_people(ctx: TurnContext, note: str, *, label: str | None = None) -> None:
    ctx.note = "\n\n".join(filter(None, [ctx.note, note]))
    if label is not None:
        ctx.duties = [*ctx.duties, PlannedPart(ActKind.LABELS, {"add": [label]})]


def _waited(ctx: TurnContext) -> bool:
    """Return whether the turn is the one that was put off."""
    return any(item.payload.get("timer") == PATIENCE for item in ctx.claim.burst)


def _last_answer(ctx: TurnContext) -> Line | None:
    said = [line for line in ctx.history if line.author.kind is AuthorKind.BOT]
    return said[-1] if said else None


def _later(ctx: TurnContext, last: Line, at: datetime) -> PlannedPart:
    """Return the timer of the next answer; one for each answer before it, however many wait."""
    return PlannedPart(
        ActKind.TIMER,
        {
            "kind": PATIENCE,
            "due_at": int(at.timestamp()) + 1,
            "payload": {},
            "key": f"{PATIENCE}:{ctx.claim.key.conversation}:{last.message_id}",
        },
    )


def _person(ctx: TurnContext) -> Person | None:
    contact = ctx.claim.state.snapshot.contact.id
    if contact is None:
        return None
    return Person(ctx.our_tenant().key, ctx.claim.key.conversation.account, contact)
