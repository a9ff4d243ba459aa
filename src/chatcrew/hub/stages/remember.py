"""Remember: after the answer is sent, what the turn knows is kept and the rest is left to later."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.hub import consenting, remembering
from chatcrew.hub.context import TurnContext
from chatcrew.hub.memories import Memory
from chatcrew.messages import Noted
from chatcrew.telemetry import get_logger

_log = get_logger("hub")


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep refusals and consent, and note that the episode has something to remember.

    Nothing here is worth the answer that the customer already has: where the storage is away it is
    left out, and the next turn notes the same again.
    """

    memory: Memory
    clock: Clock
    name: str = "remember"

    async def __call__(self, ctx: TurnContext) -> None:
        """Note the turn; also one that an earlier claim has decided, which resolved nothing."""
        try:
            await self._note(ctx)
        except StoreError as error:
            _log.warning("memory.not_noted", error=type(error).__name__)

    async def _note(self, ctx: TurnContext) -> None:
        claim = ctx.claim
        if ctx.tenant is None:
            ctx.tenant = ctx.configuration.tenants.get(claim.state.tenant or "")
            if ctx.tenant is None:
                return
            person = remembering.person(claim, ctx.tenant)
            known = await self.memory.recall(claim, person)
            ctx.consent = known.consent
            ctx.refused_before = remembering.untold(known.facts)
        person, now = remembering.person(claim, ctx.tenant), self.clock.now()
        topic = ctx.topic or claim.state.topic
        said = consenting.answered(ctx, topic, now=now)
        newest = max([claim.state.last_message_id, *_ids(ctx)])
        noted = Noted(
            conversation=claim.key.conversation,
            episode=claim.state.episode,
            person=person,
            up_to=newest,
            beyond=ctx.history[0].message_id if ctx.history else 0,
            remember=remembering.agreed(ctx, said or ctx.consent),
            used=tuple(fact.id for fact in ctx.memory),
            facts=remembering.refusals(
                [one for one in topic.filled.refused if one not in ctx.refused_before],
                conversation=claim.key.conversation,
                message_id=newest,
                now=now,
            ),
            consent=said,
            tenant=ctx.tenant.key,
        )
        await self.memory.note(noted, keep_days=ctx.tenant.memory.keep_days)


def _ids(ctx: TurnContext) -> Sequence[int]:
    return [item.line.message_id for item in ctx.claim.burst if item.line is not None]
