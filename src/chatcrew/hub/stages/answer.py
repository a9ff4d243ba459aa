"""Answer: the ladder: kept answer, crew hedged by the fast model, the knowledge itself, people."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from chatcrew.clock import Clock
from chatcrew.errors import BudgetExceeded, CrewError, ModelError
from chatcrew.hub import courtesy, deeds, grounding, leaks, prompt, safe, texts
from chatcrew.hub.again import VAIN, Again, given
from chatcrew.hub.answers_port import KeptAnswers
from chatcrew.hub.claims import Unfounded, without_orders
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.ports import Responder
from chatcrew.hub.race import Hedge, Step, Way, race
from chatcrew.intents import ASKING, words
from chatcrew.messages import Answer, Ask, AuthorKind, Handoff, Kept, Rung, refusal_told

SEND_RESERVE = 0.5
"""Seconds of the deadline kept back for checking, deciding and sending."""

LEAST_FOR_REPAIR = 0.8
"""Seconds that must be left to ask for an answer without what was made up."""

_NO_FAULT = frozenset({"no_model", "empty", "declined", "cancelled"})


@dataclass(frozen=True, slots=True)
class AnswerStage:
    """Walk down the rungs until one has something true to say; the last one always has."""

    responder: Responder
    kept: KeptAnswers
    clock: Clock
    name: str = "answer"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the reply; every turn that gets here ends with one."""
        question = safe.question(ctx)
        again = Again(self.kept, self.clock)
        begun = self.clock.monotonic()
        found = await again.find(ctx, question)
        reply = self._kept(ctx, found, begun=begun)
        if reply is None and found is not None and not found.text:
            again.missed(ctx, begun, end=VAIN)
            reply = given(found, _from_knowledge(ctx) or _to_people(ctx))
        elif reply is None:
            if question is not None and question.sure:
                again.missed(ctx, begun)
            reply = await self._models(ctx) or _from_knowledge(ctx) or _to_people(ctx)
            await again.keep(ctx, question, reply)
        ctx.reply = courtesy.once(ctx, reply)

    def _kept(self, ctx: TurnContext, found: Kept | None, *, begun: float) -> Reply | None:
        """Give the answer that another customer got, if it may still be said here and now."""
        if found is None or not found.text or self._fault(ctx, Answer(found.text, engine="cache")):
            return None
        ctx.rungs.append(self._rung("cache", "answered", begun))
        passages = tuple(ctx.passages[:1])
        return given(found, Reply(found.text, engine="cache", reason="cache", passages=passages))

    async def _models(self, ctx: TurnContext) -> Reply | None:
        """Ask the crew, and the fast model too where the crew is slow or has failed."""
        if not self.responder.available:
            ctx.rungs.append(Rung("crew", "no_model"))
            return None
        if self._left(ctx) <= 0:
            ctx.rungs.append(Rung("crew", "no_time"))
            return None
        hedge = Hedge(ctx.our_crew().hedge)
        ask = Ask(
            turn_id=ctx.claim.key.turn_id,
            tenant=ctx.our_tenant().key,
            conversation=ctx.claim.key.conversation,
            inputs=prompt.inputs(ctx, now=self.clock.now()),
            budget=self._left(ctx),
            passages=ctx.passages,
            state=ctx.claim.state,
            fence=ctx.claim.key.fence,
            draft=ctx.draft is not None,
        )
        crew = replace(ask, begun=hedge.begun.set, committed=hedge.committed.set)
        ways = (
            Way("crew", lambda: self._step(ctx, "crew", crew)),
            Way("fast", lambda: self._step(ctx, "fast", replace(ask, budget=self._left(ctx)))),
        )
        try:
            reply, rungs = await race(*ways, hedge=hedge, budget=ask.budget, clock=self.clock)
        finally:
            ctx.acted = ctx.acted or hedge.committed.is_set()
        ctx.rungs += rungs
        return reply

    async def _step(self, ctx: TurnContext, name: str, ask: Ask) -> Step:
        """Ask one responder and check what it says."""
        begun = self.clock.monotonic()
        ways: dict[str, Callable[..., Awaitable[Answer]]] = {
            "crew": self.responder.respond,
            "fast": self.responder.respond_fast,
        }
        try:
            answer = await ways[name](
                ctx.our_crew(), ctx.our_tenant(), ask, config=ctx.configuration.version
            )
        except ModelError as error:
            return Step(self._rung(name, error.kind, begun), None)
        except CrewError:
            return Step(self._rung(name, "crew_error", begun), None)
        except BudgetExceeded as error:
            ctx.refused = error.refusal
            return Step(self._rung(name, "budget", begun), None)
        end, reply = self._checked(ctx, answer, reason=name)
        rung = self._rung(name, end, begun)
        mendable = name == "crew" and end.startswith("unfounded_")
        claims = self._unfounded(ctx, answer) if mendable else ()
        if not claims or self._left(ctx) < LEAST_FOR_REPAIR:
            return Step(rung, reply)
        return await self._repaired(ctx, rung, ask, draft=answer, claims=claims)

    async def _repaired(
        self, ctx: TurnContext, rung: Rung, ask: Ask, *, draft: Answer, claims: Sequence[Unfounded]
    ) -> Step:
        """Ask once more for the same answer without what it made up; tools are not run again."""
        begun = self.clock.monotonic()
        end, reply = "other", None
        try:
            answer = await self.responder.repair(
                ctx.our_crew(),
                ctx.our_tenant(),
                replace(ask, budget=self._left(ctx)),
                draft=draft,
                claims=[claim.text for claim in claims],
                config=ctx.configuration.version,
            )
        except ModelError as error:
            end = error.kind
        except CrewError:
            end = "crew_error"
        except BudgetExceeded as error:
            ctx.refused, end = error.refusal, "budget"
        else:
            end, reply = self._checked(ctx, answer, reason="repair")
        return Step(self._rung("repair", end, begun), reply, before=(rung,))

    def _checked(
        self, ctx: TurnContext, answer: Answer, *, reason: str
    ) -> tuple[str, Reply | None]:
        """Return how a rung ended, with its answer as a reply where all its claims are founded.

        A role that called people is obeyed, whatever became of its words.
        """
        words = answer.text.strip()
        if not words and answer.handoff is None:
            return "declined" if answer.details.get("declined") else "empty", None
        if words and (fault := self._fault(ctx, answer)):
            if answer.handoff is None:
                return fault, None
            words = ""
        handoff = answer.handoff
        if handoff is None and deeds.promises_people(words):
            # Who reads that a person goes on must not wait for ever
            handoff = Handoff("promised")
        words = words or texts.text(ctx.tenant, "handoff", language=ctx.language)
        return "answered", Reply(
            words,
            engine=answer.engine,
            reason=reason,
            handoff=handoff,
            passages=answer.passages,
            sources=answer.tool_results,
            details={**answer.details, "model_calls": answer.model_calls},
            acts=answer.acts,
        )

    def _fault(self, ctx: TurnContext, answer: Answer) -> str | None:
        """Return why an answer must not be sent: ``leak_prompt``, ``unfounded_price``, or None."""
        kind = leaks.leak(ctx, answer.text)
        if kind is not None:
            return f"leak_{kind}"
        claims = self._unfounded(ctx, answer)
        return f"unfounded_{claims[0].kind}" if claims else None

    def _unfounded(self, ctx: TurnContext, answer: Answer) -> list[Unfounded]:
        """Return what of an answer stands in no source of this turn."""
        sources = grounding.of_turn(
            ctx,
            day=grounding.today(ctx, self.clock.now()),
            passages=answer.passages,
            found=answer.tool_results,
        )
        claims = sources.unfounded(answer.text.strip())
        results = map(without_orders, answer.tool_results)
        done = deeds.claimed(
            answer.text, results=tuple(results), said=_said(ctx), acts=bool(answer.acts)
        )
        return claims if done is None else [*claims, Unfounded("deed", done)]

    def _left(self, ctx: TurnContext) -> float:
        return ctx.deadline - self.clock.monotonic() - SEND_RESERVE

    def _rung(self, name: str, end: str, begun: float) -> Rung:
        return Rung(name, end, round((self.clock.monotonic() - begun) * 1000, 1))


def _said(ctx: TurnContext) -> tuple[str, ...]:
    """Return what a tool or one of us told this customer before."""
    ours = (one.text for one in ctx.history if one.author.kind is not AuthorKind.CUSTOMER)
    return (*ctx.told, *ours)


def _from_knowledge(ctx: TurnContext) -> Reply | None:
    """Give the best entry word for word, where the search is sure of it."""
    best = ctx.passages[0] if ctx.passages else None
    if ctx.told or best is None or not best.certain:
        ctx.rungs.append(Rung("extract", "uncertain"))
        return None
    ctx.rungs.append(Rung("extract", "answered"))
    return Reply(
        best.text,
        engine="faq",
        reason="faq",
        passages=(best,),
        trusted=True,
        details={"source": best.source},
    )


def _was_asked(ctx: TurnContext) -> bool:
    """Return whether the customer answers a question of ours, and asks nothing himself."""
    last = ctx.history[-1] if ctx.history else None
    if last is None or last.author.kind is not AuthorKind.BOT or "?" in ctx.text:
        return False
    return last.text.rstrip().endswith("?") and ASKING.isdisjoint(words(ctx.text))


def _to_people(ctx: TurnContext) -> Reply:
    """Say honestly that a person goes on; which words depends on what failed."""
    ends = {rung.end for rung in ctx.rungs if rung.name in ("crew", "repair", "fast")}
    summary = ""
    if any(end.startswith(("unfounded_", "leak_")) for end in ends):
        key, reason = "handoff_no_answer", "check"
    elif "content_filter" in ends:
        key, reason = "handoff_content_filter", "content_filter"
    elif ends & {"timeout", "no_time"}:
        key, reason = "handoff_late", "late"
    elif "budget" in ends and ctx.refused is not None:
        key, reason = "handoff_model_down", "budget"
        told = refusal_told(ctx.refused)
        summary = f"{told[0].upper()}{told[1:]}. ({refusal_told(ctx.refused, 'en')})"
    elif ends - _NO_FAULT:
        key, reason = "handoff_model_down", "model_down"
    else:
        key, reason = "handoff_no_answer", "no_answer"
        if _was_asked(ctx):
            # "Não sei" would be a strange thing to say to an answer
            key = "handoff_noted"
    ctx.rungs.append(Rung("template", reason))
    return Reply(
        texts.text(ctx.tenant, key, language=ctx.language),
        engine="template",
        reason=reason,
        handoff=Handoff(reason, summary),
        trusted=True,
    )
