"""The runner: walks the stages, and is the only place that knows how a turn can end."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from chatcrew.clock import Clock
from chatcrew.errors import LeaseLost, StoreError
from chatcrew.hub import drafting, parking, parts
from chatcrew.hub.ahead import begun
from chatcrew.hub.answers_port import KeptAnswers
from chatcrew.hub.conduct_port import Conducts, Uncounted
from chatcrew.hub.context import TurnContext
from chatcrew.hub.debts import DebtBook, Dunning, NoDebts
from chatcrew.hub.desk_port import Desk, NoDesk
from chatcrew.hub.draft_port import Drafts, NoDrafts
from chatcrew.hub.duties import duties
from chatcrew.hub.ended import Ended
from chatcrew.hub.feedback_port import Feedback, Unheard
from chatcrew.hub.measure import record
from chatcrew.hub.memories import Forgetful, Memory
from chatcrew.hub.orders import Ordered, Powers
from chatcrew.hub.ports import (
    Attachments,
    Configurations,
    Gaps,
    History,
    Knowledge,
    NoRulings,
    Responder,
    Rulings,
    Turns,
)
from chatcrew.hub.signals import DropTurn, FinishTurn, RestartTurn
from chatcrew.hub.stage import Stage
from chatcrew.hub.stages.admit import Admit
from chatcrew.hub.stages.alarm import Alarm
from chatcrew.hub.stages.answer import AnswerStage
from chatcrew.hub.stages.behave import Behave
from chatcrew.hub.stages.branch import Branch
from chatcrew.hub.stages.check import Check
from chatcrew.hub.stages.decide import Decide
from chatcrew.hub.stages.disclose import Disclose
from chatcrew.hub.stages.escalate import Escalate
from chatcrew.hub.stages.first import First
from chatcrew.hub.stages.follow import Follow
from chatcrew.hub.stages.guard import Guard
from chatcrew.hub.stages.hand import Hand
from chatcrew.hub.stages.listen import Listen
from chatcrew.hub.stages.look import Look
from chatcrew.hub.stages.place import Place
from chatcrew.hub.stages.reach import Reach
from chatcrew.hub.stages.recall import Recall
from chatcrew.hub.stages.recheck import Recheck
from chatcrew.hub.stages.remember import Remember
from chatcrew.hub.stages.resolve import Resolve
from chatcrew.hub.stages.retrieve import Retrieve
from chatcrew.hub.talks_port import NoTalks, Talks
from chatcrew.hub.waiting import Waiting
from chatcrew.hub.wanting import Unnoticed, Wanting
from chatcrew.intents import Classifiers
from chatcrew.messages import Claim, Outcome, TurnState
from chatcrew.points import staged
from chatcrew.telemetry import Metrics, get_logger, place

_T = TypeVar("_T")
_log = get_logger("hub")


class Hub:
    """Runs one claimed turn from start to end.

    Args:
        configurations: current configuration.
        history: earlier lines.
        knowledge: what the business knows.
        responder: the crews.
        kept: answers that may be given again.
        turns: the durable side.
        metrics: counters.
        clock: time.
        classifiers: of intents; None: learned here.
        attachments: what files say; None: nobody can read any.
        memory: what is remembered; None: nothing.
        rulings: of risky calls; None: no tool acts.
        gaps: told what was asked in vain; None: nobody.
        ordered: what only operators' commands reach; None: there is no tab.
        drafts: keeps what is proposed to people; None: nobody does.
        conducts: who counts messages and remembers wishes; None: nobody.
        desk: the people who go on; None: Chatwoot chooses among them.
        confidential: whether a text holds a value that must stay in the house; None: none does.
        talks: figures of a talk; None: nobody counts.
        feedback: told how customers are dissatisfied; None: nobody.
        debts: what people owe; None: nobody keeps it.
    """

    def __init__(  # noqa: PLR0913 - the ports of a whole turn
        self,
        configurations: Configurations,
        *,
        history: History,
        knowledge: Knowledge,
        responder: Responder,
        kept: KeptAnswers,
        turns: Turns,
        metrics: Metrics,
        clock: Clock,
        classifiers: Classifiers | None = None,
        attachments: Attachments | None = None,
        memory: Memory | None = None,
        rulings: Rulings | None = None,
        gaps: Gaps | None = None,
        ordered: Ordered | None = None,
        drafts: Drafts | None = None,
        conducts: Conducts | None = None,
        desk: Desk | None = None,
        confidential: Callable[[str], bool] | None = None,
        talks: Talks | None = None,
        feedback: Feedback | None = None,
        debts: DebtBook | None = None,
    ) -> None:
        self._configurations, self._turns, self._metrics = configurations, turns, metrics
        book = debts or NoDebts()
        self._place = Place(desk or NoDesk(), clock)
        self._waiting = Waiting(history, turns, book, metrics)
        dunning = Dunning(book, self._place.desk, history, metrics, clock)
        self._clock, memory = clock, memory or Forgetful()
        self._remember = Remember(memory, clock)
        self._rulings = rulings or NoRulings()
        self._wanting = Wanting(gaps or Unnoticed())
        powers = Powers(turns, self._rulings, memory, clock, history, ordered or Ordered())
        self._opening: Sequence[Stage] = (Admit(powers, dunning), Resolve(turns, clock))
        self._behave = Behave(conducts or Uncounted(), clock)
        self._thinking: Sequence[Stage] = (
            Recall(history, memory, clock),
            self._behave,
            Follow(clock),
            Guard(attachments, clock),
            Alarm(),
            First(clock),
            Branch(turns, clock, Classifiers() if classifiers is None else classifiers),
            Escalate(talks or NoTalks()),
            Retrieve(knowledge, clock),
            Look(turns),
            AnswerStage(responder, kept, clock),
        )
        self._closing: Sequence[Stage] = (
            Check(clock, confidential or (lambda _: False)),
            Hand(),
            self._place,
            Disclose(),
            Reach(clock),
            Recheck(turns, clock),
            Listen(feedback or Unheard(), clock),
            Decide(turns, clock, self._rulings, drafts=drafts or NoDrafts()),
        )

    async def run(self, claim: Claim, *, give_up: bool = False) -> Ended:
        """Answer one burst.

        Args:
            claim: the leased conversation with its burst.
            give_up: the burst failed too often: hand it to people without thinking again (parking).

        Raises:
            LeaseLost: another worker has the conversation now; nothing more may be written.
            StoreError: storage is away; the turn will be claimed again.
            ChatwootUnavailable: nothing can be sent now; the decided turn will be claimed again.
        """
        ctx = TurnContext(claim, self._configurations.current, deadline=self._clock.monotonic())
        if claim.turn_state is TurnState.DECIDED:
            return await self._go_on(ctx, give_up=give_up)
        try:
            await self._decided(ctx, give_up=give_up)
        except DropTurn as drop:
            await self._place.take_back(ctx)
            return await self._drop(ctx, drop)
        except (LeaseLost, StoreError):
            raise
        except Exception as error:  # design §5: whatever is broken, people get the conversation
            if not give_up:
                raise
            return await self._park_plainly(ctx, error)
        reply = ctx.reply
        if reply is None:
            raise RuntimeError("a turn that was not dropped has a reply")
        why = await self._timed(ctx, "deliver", lambda: self._turns.deliver(ctx.claim, ctx.decided))
        if why is not None:
            return Ended(ctx.claim, record(ctx, outcome=Outcome.DROPPED, reason=why))
        if ctx.draft is not None:
            facts = drafting.recorded(ctx)
            return Ended(ctx.claim, facts, park=parking.FAILED if give_up else None)
        outcome = Outcome.REPLIED if reply.handoff is None else Outcome.HANDED_OFF
        waited = (self._clock.now() - ctx.claim.last_word_at).total_seconds() - ctx.pauses
        await self._timed(ctx, "remember", lambda: self._remember(ctx))
        await self._wanting(ctx)
        facts = record(ctx, outcome=outcome, reason=reply.reason, waited=max(0.0, waited))
        return Ended(ctx.claim, facts, park=parking.FAILED if give_up else None)

    async def _go_on(self, ctx: TurnContext, *, give_up: bool) -> Ended:
        """Go on sending what an earlier claim has decided, maybe to park it.

        Where the delivery itself failed too often, the rest is given up: the conversation must not
        wait behind it for ever.
        """
        claim = ctx.claim
        try:
            unsaid = await self._turns.deliver(claim)
        except (LeaseLost, StoreError):
            raise
        except Exception as error:  # design §5: whatever is broken, the conversation goes on
            if not give_up:
                raise
            _log.error("turn.given_up", turn=claim.key.turn_id, error=type(error).__name__)
            await self._turns.abandon(claim)
            facts = record(ctx, outcome=Outcome.HANDED_OFF, reason=parking.UNDELIVERABLE)
            return Ended(claim, facts, recorded=True, park=parking.UNDELIVERABLE)
        if unsaid is None:
            await self._timed(ctx, "remember", lambda: self._remember(ctx))
        how = Outcome.REPLIED if unsaid is None else Outcome.DROPPED
        facts = record(ctx, outcome=how, reason=unsaid or "redelivered")
        parked = claim.decided == parking.PARKED and unsaid is None
        return Ended(claim, facts, recorded=True, park=parking.FAILED if parked else None)

    async def _park_plainly(self, ctx: TurnContext, error: Exception) -> Ended:
        """Give to people what cannot even be parked as usual."""
        _log.error("turn.parked_plainly", error=type(error).__name__, place=place(error))
        facts = record(ctx, outcome=Outcome.HANDED_OFF, reason=parking.PARKED)
        stored = await self._turns.decide(ctx.claim, parking.plainly(ctx.claim), record=facts)
        await self._turns.deliver(ctx.claim, stored)
        return Ended(ctx.claim, facts, park=parking.FAILED)

    async def _decided(self, ctx: TurnContext, *, give_up: bool) -> None:
        """Walk to the decision; again from the start when somebody says more meanwhile.

        From the start, because what came may be an operator's command.
        """
        while True:
            try:
                await self._walk(ctx, self._opening)
                ctx.deadline = self._deadline(ctx)
                if give_up:
                    ctx.reply = parking.reply(ctx)
                else:
                    await self._reply(ctx)
                await self._walk(ctx, self._closing)
            except RestartTurn:
                await self._place.take_back(ctx)
                ctx.restart()
                continue
            return

    async def _reply(self, ctx: TurnContext) -> None:
        try:
            async with begun(ctx, [self._behave]):
                await self._walk(ctx, self._thinking)
        except FinishTurn as finish:
            ctx.reply = finish.reply

    def _deadline(self, ctx: TurnContext) -> float:
        """Return the monotonic second of the deadline, counted from the customer's last word."""
        waited = (self._clock.now() - ctx.claim.last_word_at).total_seconds()
        left = ctx.our_crew().deadline - max(0.0, waited)
        # A burst that waited long (a restart, a queue) gets a fair try: the customer waits anyway
        return self._clock.monotonic() + max(left, ctx.our_crew().deadline / 2)

    async def _drop(self, ctx: TurnContext, drop: DropTurn) -> Ended:
        """End a turn that says nothing to the customer; notes may tell people why."""
        drop = await self._waiting.about(ctx, drop)
        facts = record(ctx, outcome=Outcome.DROPPED, reason=drop.reason)
        facts = replace(facts, details={**facts.details, **drop.details})
        trace = {"turn": ctx.claim.key.turn_id, "reason": drop.reason}
        after = ctx.claim.state.last_message_id
        told = [words for words in (ctx.note, drop.note) if words]
        planned = [parts.note(words, trace=trace, after=after) for words in told]
        if drop.open_to_people:
            planned.append(replace(parts.opened(ctx.claim), gated=drop.gated))
        planned += parts.dutiful(
            await duties(ctx, self._rulings, said=False), trace=trace, after=after
        )
        if planned:
            ctx.decided = await self._turns.decide(ctx.claim, planned, record=facts)
        self._waiting.count(ctx, drop)
        if planned:
            await self._turns.deliver(ctx.claim, ctx.decided)
        return Ended(ctx.claim, facts)

    async def _walk(self, ctx: TurnContext, stages: Sequence[Stage]) -> None:
        for stage in stages:
            await self._timed(ctx, stage.name, partial(stage, ctx))

    async def _timed(self, ctx: TurnContext, name: str, step: Callable[[], Awaitable[_T]]) -> _T:
        staged(name)
        begun = self._clock.monotonic()
        try:
            return await step()
        finally:
            spent = (self._clock.monotonic() - begun) * 1000
            ctx.stage_ms[name] = round(ctx.stage_ms.get(name, 0.0) + spent, 2)
