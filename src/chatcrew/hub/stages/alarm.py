"""Alarm: what nobody but people should answer, before any intent or model reads it (S3-105)."""

from dataclasses import dataclass

from chatcrew import intents
from chatcrew.hub import asking, handing, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.mood import mood
from chatcrew.hub.signals import FinishTurn
from chatcrew.messages import Handoff, Rung


@dataclass(frozen=True, slots=True)
class Alarm:
    """Call people at an alarm word, a very bad mood or a topic that is theirs alone."""

    name: str = "alarm"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the customer's mood; let everything else through.

        An intent that calls people has words of its own for the case ("ligue 192"): it goes first.

        Raises:
            FinishTurn: people are called.
        """
        if not ctx.text:
            return
        ctx.mood = mood(ctx.text)
        found = _sign(ctx)
        if found is None or ctx.draft is not None or _calls_people(ctx):
            return
        reason, key, summary = found
        tenant = ctx.our_tenant()
        ctx.collected = asking.collected(tenant, ctx.claim.state.topic.filled)
        ctx.rungs.append(Rung("template", reason))
        raise FinishTurn(
            Reply(
                texts.text(tenant, key, language=ctx.language),
                engine="template",
                reason=reason,
                handoff=Handoff(reason, summary),
                trusted=True,
            )
        )


def _sign(ctx: TurnContext) -> tuple[str, str, str] | None:
    """Return the reason, the key of the customer's text and words for the team, or None."""
    policy = ctx.our_tenant().people.handoff
    if policy.alarm.enabled and (word := handing.spoken_of(ctx.text, policy.alarm.words)):
        return "alarm", "handoff_sorry", f"Palavra de alerta: {word}"
    if policy.mood.enabled and ctx.mood is not None and ctx.mood <= policy.mood.below:
        return "mood", "handoff_sorry", ""
    if topic := handing.topic_of(ctx.text, policy.topics):
        return f"topic:{topic.name}", "handoff_topic", ""
    return None


def _calls_people(ctx: TurnContext) -> bool:
    tenant = ctx.our_tenant()
    calling = [one for one in intents.known(tenant, ctx.language) if one.action == "handoff"]
    return intents.match(ctx.text, calling, names=[tenant.persona.name]) is not None
