"""Answer: the ladder: the crew within its deadline, else the knowledge itself, else people."""

from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.errors import BudgetExceeded, CrewError, ModelError
from chatcrew.hub import grounding, prompt, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.ports import Responder
from chatcrew.messages import Answer, Ask, Handoff

SEND_RESERVE = 0.5
"""Seconds of the deadline kept back for checking, deciding and sending."""


@dataclass(frozen=True, slots=True)
class AnswerStage:
    """Walk down the rungs until one has something true to say; the last one always has."""

    responder: Responder
    clock: Clock
    name: str = "answer"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the reply; every turn that gets here ends with one."""
        reply = await self._crew(ctx)
        if reply is None:
            reply = _from_knowledge(ctx)
        ctx.reply = reply if reply is not None else _to_people(ctx)

    async def _crew(self, ctx: TurnContext) -> Reply | None:
        """Ask the crew; None where it has no answer that may be sent."""
        if not self.responder.available:
            ctx.rungs.append("crew:no_model")
            return None
        budget = ctx.deadline - self.clock.monotonic() - SEND_RESERVE
        if budget <= 0:
            ctx.rungs.append("crew:no_time")
            return None
        ask = Ask(
            turn_id=ctx.claim.key.turn_id,
            tenant=ctx.our_tenant().key,
            conversation=ctx.claim.key.conversation,
            inputs=prompt.inputs(ctx, now=self.clock.now()),
            budget=budget,
            passages=ctx.passages,
        )
        try:
            answer = await self.responder.respond(
                ctx.our_crew(), ctx.our_tenant(), ask, config=ctx.configuration.version
            )
        except ModelError as error:
            ctx.rungs.append(f"crew:{error.kind}")
            return None
        except CrewError:
            ctx.rungs.append("crew:crew_error")
            return None
        except BudgetExceeded:
            ctx.rungs.append("crew:budget")
            return None
        ctx.answer = answer
        return self._checked(ctx, answer)

    def _checked(self, ctx: TurnContext, answer: Answer) -> Reply | None:
        """Return the crew's answer as a reply, or None where its figures or links stand nowhere.

        A role that called people is obeyed, whatever became of its words.
        """
        words = answer.text.strip()
        if not words and answer.handoff is None:
            ctx.rungs.append("crew:empty")
            return None
        unfounded = grounding.unfounded(
            words, sources=grounding.sources(ctx.our_tenant(), answer, ctx.passages)
        )
        if unfounded:
            ctx.rungs.append(f"crew:unfounded_{unfounded[0].kind}")
            if answer.handoff is None:
                return None
            words = ""
        words = words or texts.text(ctx.tenant, "handoff", language=ctx.language)
        return Reply(
            words,
            engine=answer.engine,
            reason="crew",
            handoff=answer.handoff,
            passages=answer.passages,
            sources=answer.tool_results,
            details={**answer.details, "model_calls": answer.model_calls},
        )


def _from_knowledge(ctx: TurnContext) -> Reply | None:
    """Give the best entry word for word, where the search is sure of it."""
    best = ctx.passages[0] if ctx.passages else None
    if best is None or not best.certain:
        ctx.rungs.append("faq:uncertain")
        return None
    return Reply(
        best.text,
        engine="faq",
        reason="faq",
        passages=(best,),
        trusted=True,
        details={"source": best.source},
    )


def _to_people(ctx: TurnContext) -> Reply:
    """Say honestly that a person goes on; which words depends on what failed."""
    tried = [rung for rung in ctx.rungs if rung.startswith("crew:")]
    if any(rung.startswith("crew:unfounded_") for rung in tried):
        key, reason = "handoff_no_answer", "check"
    elif "crew:content_filter" in tried:
        key, reason = "handoff_content_filter", "content_filter"
    elif any(rung not in ("crew:no_model", "crew:empty") for rung in tried):
        key, reason = "handoff_model_down", "model_down"
    else:
        key, reason = "handoff_no_answer", "no_answer"
    return Reply(
        texts.text(ctx.tenant, key, language=ctx.language),
        engine="template",
        reason=reason,
        handoff=Handoff(reason),
        trusted=True,
    )
