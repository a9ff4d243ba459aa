"""A customer who writes again where nobody expected it: who goes on, and that people see it."""

from chatcrew.hub.context import TurnContext
from chatcrew.hub.orders.taking import RETURNED
from chatcrew.hub.shaping import literal
from chatcrew.hub.signals import DropTurn
from chatcrew.messages import ActKind, ConversationState, InputKind, OwnerKind, PlannedPart
from chatcrew.tenancy.model import Takeover

REOPENED = (
    "👋 **O cliente voltou a escrever nesta conversa, que estava resolvida.** Ela foi aberta "
    "para {name}. (The customer wrote again; opened for its owner.)"
)
HIDDEN = (
    "👋 **O cliente escreveu, e esta conversa é de {name}.** Ela estava pendente, onde ninguém a "
    "vê, e foi aberta. (Pending, but a person's: opened.)"
)
TO_PEOPLE = (
    "👋 **O cliente voltou a escrever nesta conversa, que estava resolvida.** Pela política da "
    "empresa a equipe continua. (The customer wrote again; people go on by policy.)"
)
_CUSTOMER = (InputKind.MESSAGE, InputKind.CHOICE)


def comes_back(ctx: TurnContext, closed: str | None) -> DropTurn | None:
    """Return how the turn ends by the business's episode policy; None: as any other.

    What is pending stands in nobody's list, so a person's conversation never stays there: a
    customer who writes into a resolved one makes it pending and leaves its owner (contract §2.3).

    Args:
        ctx: the turn; what is done goes into its duties.
        closed: why the bot may not speak, or None.
    """
    kinds = {item.kind for item in ctx.claim.burst}
    if ctx.draft is not None:
        return None
    if closed == "status_open" and InputKind.HANDBACK in kinds and _ours(ctx):
        return _taken(ctx, RETURNED[-1:])
    return None if kinds.isdisjoint(_CUSTOMER) else _written(ctx, closed)


def _written(ctx: TurnContext, closed: str | None) -> DropTurn | None:
    """Return how the turn ends in which the customer wrote."""
    state = ctx.claim.state
    tenant = ctx.configuration.tenants.get(state.tenant or "")
    policy = Takeover() if tenant is None else tenant.people.takeover
    resolved, snapshot = state.reopened == "resolved", state.snapshot
    if closed == "owner_is_person" and snapshot.status == "pending":
        if resolved and policy.reopened == "bot":
            return _taken(ctx, (_to_bot(ctx),))
        return _opened(state, REOPENED if resolved else HIDDEN, reason=closed)
    if closed is None and resolved and policy.reopened == "people":
        return _opened(state, TO_PEOPLE, reason="reopened")
    if closed == "status_open" and state.reopened == "snoozed" and policy.snoozed == "bot":
        owned = snapshot.owner is not None and snapshot.owner.kind is not OwnerKind.BOT
        return None if owned else _taken(ctx, RETURNED)
    return None


def _ours(ctx: TurnContext) -> bool:
    """Return whether people assigned the bot; only the status still keeps it quiet then."""
    owner = ctx.claim.state.snapshot.owner
    is_bot = owner is not None and owner.kind is OwnerKind.BOT
    return is_bot and ctx.bot is not None and owner is not None and owner.id == ctx.bot.agent_bot_id


def _opened(state: ConversationState, words: str, *, reason: str) -> DropTurn:
    owner = state.snapshot.owner
    name = literal((owner.name if owner is not None else None) or "quem a atendeu", limit=60)
    # As the sweep marks it: people know of this wait (ADR-0010)
    marks = {"announced": state.last_customer_id, "episode": state.episode}
    return DropTurn(
        reason, note=words.format(name=name), open_to_people=True, gated=False, details=marks
    )


def _taken(ctx: TurnContext, acts: tuple[PlannedPart, ...]) -> DropTurn:
    """Take it back; Chatwoot's own word of it is the hand-back that lets the bot answer."""
    ctx.duties = (*ctx.duties, *acts)
    return DropTurn("taken_back")


def _to_bot(ctx: TurnContext) -> PlannedPart:
    if ctx.bot is None:
        raise RuntimeError("the bot is known after admit")
    payload = {"assignee_id": ctx.bot.agent_bot_id, "assignee_type": "AgentBot"}
    return PlannedPart(ActKind.ASSIGNMENT, payload, gated=False)
