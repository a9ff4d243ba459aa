"""Escalate: what is known before the answer and calls people: length, cost, VIPs, circles."""

from dataclasses import dataclass

from chatcrew.errors import StoreError
from chatcrew.hub import handing, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.signals import FinishTurn
from chatcrew.hub.talks_port import Talks
from chatcrew.messages import Handoff, Rung
from chatcrew.telemetry import get_logger

_log = get_logger("hub")


@dataclass(frozen=True, slots=True)
class Escalate:
    """Call people where the talk itself says that they should go on; after the intents.

    A greeting, thanks or a question that an intent answers never gets here: the 21st message may
    well be a goodbye. Those about a topic of people alone do.
    """

    talks: Talks
    name: str = "escalate"

    async def __call__(self, ctx: TurnContext) -> None:
        """Let the turn through to the knowledge and the crew.

        Raises:
            FinishTurn: people are called.
        """
        if ctx.told or ctx.draft is not None:
            # What the team has ruled is to be told first; what is only drafted, people read anyway
            return
        policy = ctx.our_tenant().people.handoff
        about = f"intent:{ctx.intent}"
        topic = handing.topic_meant(ctx.intent, policy.topics)
        if topic is not None:
            raise _people(ctx, f"topic:{topic.name}", "handoff_topic", about)
        again = handing.asked_again(ctx.text, ctx.history)
        if policy.loop.enabled and 0 < policy.loop.questions <= again:
            words = f"O cliente disse o mesmo {again} vezes."
            raise _people(ctx, "loop", "handoff_loop", words)
        await self._figures(ctx)

    async def _figures(self, ctx: TurnContext) -> None:
        policy = ctx.our_tenant().people.handoff
        limit = policy.cost.usd if policy.cost.enabled else None
        vip = policy.vip.enabled and ctx.our_tenant().vip.meets(ctx.claim.state.snapshot)
        # Of a talk that is short as a whole no figure is asked: it may only be shorter since people
        # last had it
        short = ctx.talked is not None and ctx.talked <= policy.long.messages
        long = policy.long.enabled and not short
        if not (long or vip) and limit is None:
            return
        try:
            talk = await self.talks.so_far(ctx.claim)
        except StoreError as error:
            # A figure that cannot be read keeps no customer from an answer
            _log.warning("talk.not_counted", error=type(error).__name__)
            return
        if vip and not talk.handed:
            # Who gives a VIP's talk back to the bot means it
            raise _people(ctx, "vip", "handoff")
        if limit is not None and talk.cost >= limit:
            raise _people(ctx, "cost", "handoff_loop", f"Custo até aqui: US$ {talk.cost:.2f}")
        if long and talk.messages > policy.long.messages:
            raise _people(ctx, "long", "handoff_loop", f"{talk.messages} mensagens com o bot")


def _people(ctx: TurnContext, reason: str, key: str, summary: str = "") -> FinishTurn:
    ctx.rungs.append(Rung("template", reason))
    return FinishTurn(
        Reply(
            texts.text(ctx.tenant, key, language=ctx.language),
            engine="template",
            reason=reason,
            handoff=Handoff(reason, summary),
            trusted=True,
        )
    )
