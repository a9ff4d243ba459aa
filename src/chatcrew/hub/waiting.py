"""A customer whom the sweep found where the bot may not speak: people are told, once a wait."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatcrew.hub.closing import asks_nothing
from chatcrew.hub.context import TurnContext
from chatcrew.hub.debts import DebtBook
from chatcrew.hub.ports import History, Turns
from chatcrew.hub.signals import DropTurn
from chatcrew.messages import (
    AuthorKind,
    ConversationState,
    DebtKind,
    InputKind,
    Line,
    OwnerKind,
    closed_because,
)
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy.model import Tenant

_log = get_logger("hub")

_NOTE = (
    "⏳ **O cliente está esperando resposta nesta conversa.** "
    "O bot não responde aqui: ela está com a equipe. (A customer is waiting here.)"
)
_LINES = 20
"""Newest lines looked at: the customer's words since the last answer stand at their end."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Says what a dropped turn of the sweep tells people.

    It is decided like a reply: in the outbox, under the lease. So two workers write one note, a
    crash loses none, and while Chatwoot is away the turn is claimed again and no note is doubled.
    """

    history: History
    turns: Turns
    book: DebtBook
    metrics: Metrics

    async def about(self, ctx: TurnContext, drop: DropTurn) -> DropTurn:
        """Return the drop with what there is to tell; unchanged where the sweep began nothing."""
        kinds = {item.kind for item in ctx.claim.burst}
        if ctx.bot is None or InputKind.SWEEP not in kinds or InputKind.COMMAND in kinds:
            return drop
        state = ctx.claim.state
        action = action_for(state, agent_bot_id=ctx.bot.agent_bot_id)
        if action == "announced":
            action = await self._needed(ctx)
        if action is None:
            return drop
        # Pending ones stand in nobody's list
        hidden = action in ("announced", "told_before", "owed") and state.snapshot.status != "open"
        marks = {"announced": state.last_customer_id, "episode": state.episode}
        return DropTurn(
            drop.reason,
            note=_NOTE if action == "announced" else "",
            open_to_people=hidden,
            gated=False,  # the gate is closed here by definition
            swept=action,
            details=marks if action == "announced" else {},
        )

    def count(self, ctx: TurnContext, drop: DropTurn) -> None:
        """Count what became of whom the sweep found: before it is sent, for it is decided once."""
        if drop.swept is not None:
            self.metrics.count("chatcrew_sweeps", action=drop.swept)
            conversation = str(ctx.claim.key.conversation)
            _log.warning("sweep.closed", conversation=conversation, action=drop.swept)

    async def _needed(self, ctx: TurnContext) -> str:
        """Return ``thanked``, ``told_before``, ``owed`` or, if people do not know, ``announced``.

        Owed: the bot has handed it over, people know, and a clock runs after which they are told
        again (``hub.debts``).
        """
        debt = await self.book.standing(ctx.claim.key.conversation)
        if debt is not None and debt.owed.kind is DebtKind.HANDOFF and debt.owed.next_at:
            return "owed"
        lines = await self.history.window(ctx.claim, limit=_LINES)
        if asks_nothing(_since_last_answer(lines), tenant=_tenant(ctx)):
            return "thanked"
        return "told_before" if await self.turns.told(ctx.claim) else "announced"


def action_for(state: ConversationState, *, agent_bot_id: int) -> str | None:
    """Return what to do about a customer who waits where the bot may not speak.

    Args:
        state: the conversation as it is now.
        agent_bot_id: Chatwoot's id of our bot.

    Returns:
        ``announced`` (a note; a pending conversation is opened too, for it stands in nobody's
        list), ``left_open`` (Chatwoot itself opened it when a webhook failed, and said so in it:
        lib/webhooks/trigger.rb leaves the bot as owner), ``left_to_other_bot``, ``blocked``
        (nobody wants to hear from this contact), or None where somebody answered meanwhile or the
        bot may speak.
    """
    if closed_because(state, agent_bot_id=agent_bot_id) is None:
        return None
    if state.last_public_author is not None and state.last_public_author.answers:
        return None
    snapshot = state.snapshot
    if snapshot.contact.blocked:
        return "blocked"
    owner = snapshot.owner
    if owner is not None and owner.kind is not OwnerKind.PERSON:
        ours = owner.kind is OwnerKind.BOT and owner.id == agent_bot_id
        if not ours:
            return "left_to_other_bot"
        if snapshot.status == "open":
            return "left_open"
    return "announced" if snapshot.status in ("pending", "open", None) else None


def _since_last_answer(lines: Sequence[Line]) -> list[Line]:
    """Return the customer's lines that nobody has answered."""
    answered = max((n for n, line in enumerate(lines) if line.author.kind.answers), default=-1)
    return [line for line in lines[answered + 1 :] if line.author.kind is AuthorKind.CUSTOMER]


def _tenant(ctx: TurnContext) -> Tenant | None:
    """Return whose conversation it is; a turn that was not admitted has not asked yet."""
    state = ctx.claim.state
    known = ctx.configuration.tenants.get(state.tenant or "")
    return ctx.tenant or known
