"""Place: whom a conversation is given to that goes to people, and what the customer is told."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from chatcrew.clock import Clock
from chatcrew.hub import placing
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.desk_port import Desk
from chatcrew.hub.stages.first import PEOPLE_FIRST
from chatcrew.messages import ActKind, Handoff, Placement, PlannedPart
from chatcrew.messages import Placing as Asked

_RANKS = (None, "low", "medium", "high", "urgent")


@dataclass(frozen=True, slots=True)
class Place:
    """Ask the desk about every handoff; what it says becomes acts and honest words."""

    desk: Desk
    clock: Clock
    name: str = "place"

    async def __call__(self, ctx: TurnContext) -> None:
        """Set the placement, and add it to the reply.

        Raises:
            StoreError: what was given to whom cannot be read.
        """
        reply = ctx.reply
        if reply is None:
            raise RuntimeError("something set the reply")
        if ctx.people_first and reply.handoff is None:
            reply = ctx.reply = replace(reply, handoff=Handoff(PEOPLE_FIRST))
        if reply.handoff is None or ctx.draft is not None:
            return
        tenant = ctx.our_tenant()
        placement = await self.desk.place(ctx.claim, tenant, _asked(ctx, reply, reply.handoff))
        ctx.placement = placement
        now = self.clock.now().astimezone(ZoneInfo(tenant.timezone))
        said = placing.words(placement, tenant, language=ctx.language, now=now)
        text = " ".join(part for part in (reply.text, said) if part)
        ctx.reply = replace(reply, text=text, acts=(*reply.acts, *_acts(ctx, reply, placement)))

    async def take_back(self, ctx: TurnContext) -> None:
        """Let the desk forget a placement of a turn that is not decided so: it counts as given.

        Raises:
            StoreError: storage is away.
        """
        if ctx.placement is not None:
            await self.desk.take_back(ctx.claim)
            ctx.placement = None


def _asked(ctx: TurnContext, reply: Reply, handoff: Handoff) -> Asked:
    acts = [*ctx.acts, *reply.acts]
    given = [act.payload["priority"] for act in acts if act.kind is ActKind.PRIORITY]
    labels = [one for act in acts if act.kind is ActKind.LABELS for one in act.payload["add"]]
    snapshot = ctx.claim.state.snapshot
    ranked = [one for one in (snapshot.priority, *given) if one in _RANKS]
    return Asked(
        reason=handoff.reason,
        priority=max(ranked, key=_RANKS.index, default=None),
        topic=ctx.intent,
        labels=tuple(dict.fromkeys((*snapshot.labels, *labels))),
        function=None if ctx.crew is None else ctx.crew.function,
        team=_named(reply, "team_id"),
        agent=_named(reply, "assignee_id"),
    )


def _named(reply: Reply, what: str) -> int | None:
    """Return whom the customer asked for by name, or the reason's trigger: before any method."""
    given = [act.payload.get(what) for act in reply.acts if act.kind is ActKind.ASSIGNMENT]
    return next((number for number in given if isinstance(number, int)), None)


def _acts(ctx: TurnContext, reply: Reply, placement: Placement) -> list[PlannedPart]:
    acts = []
    label = ctx.our_tenant().people.distribution.closed_label
    if not placement.open_now and label:
        acts.append(PlannedPart(ActKind.LABELS, {"add": [label]}))
    given = any(act.kind is ActKind.ASSIGNMENT for act in reply.acts)
    payload: dict[str, object] = {}
    if placement.team_id is not None:
        payload["team_id"] = placement.team_id
    if placement.agent_id is not None:
        payload |= {"assignee_id": placement.agent_id, "assignee_type": "User"}
    if payload and not given:
        acts.append(PlannedPart(ActKind.ASSIGNMENT, payload, gated=False))
    return acts
