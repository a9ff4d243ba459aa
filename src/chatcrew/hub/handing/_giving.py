"""What a conversation gets that is given to people: labels, priority, team or person (S3-106)."""

from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.handing._reasons import trigger
from chatcrew.messages import ActKind, Handoff, PlannedPart
from chatcrew.tenancy.vocabulary import PRIORITIES


def given(ctx: TurnContext, reply: Reply, handoff: Handoff) -> tuple[PlannedPart, ...]:
    """Return what the reason's trigger says, without what the conversation has already.

    A higher priority stands: people, or an intent, have given it. Whom a role has named stays, too.
    """
    policy, snapshot = ctx.our_tenant().people.handoff, ctx.claim.state.snapshot
    says = trigger(policy, handoff.reason)
    acts = []
    missing = [label for label in says.labels if label not in snapshot.labels]
    if missing:
        acts.append(PlannedPart(ActKind.LABELS, {"add": missing}))
    if says.priority is not None and _rank(snapshot.priority) < _rank(says.priority):
        acts.append(PlannedPart(ActKind.PRIORITY, {"priority": says.priority}))
    if any(act.kind is ActKind.ASSIGNMENT for act in reply.acts):
        return tuple(acts)
    # After the opening the bot is the owner no more: ungated, or its own gate stopped it
    if says.agent is not None:
        payload = {"assignee_id": says.agent, "assignee_type": "User"}
        acts.append(PlannedPart(ActKind.ASSIGNMENT, payload, gated=False))
    elif says.team is not None:
        acts.append(PlannedPart(ActKind.ASSIGNMENT, {"team_id": says.team}, gated=False))
    return tuple(acts)


def _rank(priority: str | None) -> int:
    return PRIORITIES.index(priority) if priority in PRIORITIES else -1
