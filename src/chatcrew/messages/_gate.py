"""May the bot speak here? One pure rule, asked at admit, at recheck and right before each send."""

from dataclasses import dataclass

from chatcrew.messages._conversation import (
    ConversationState,
    Owner,
    OwnerKind,
    Silence,
    Snapshot,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a conversation's row decides whether the bot may speak; see ``ConversationState``."""

    snapshot: Snapshot
    silence: Silence | None = None
    spoke_id: int = 0


def closed_because(state: ConversationState | Standing, *, agent_bot_id: int) -> str | None:
    """Return why the bot must be silent in this conversation, or None if it may speak.

    The rule is complaint 3 of the Chatwoot contract (§8): answer only in a pending conversation
    whose owner is this bot or nobody, and where no person has spoken publicly since it was ours.

    Args:
        state: our own row, kept up to date by every webhook.
        agent_bot_id: Chatwoot's id of our bot.
    """
    snapshot = state.snapshot
    if state.silence is not None:
        return f"silenced_by_{state.silence.value}"
    if snapshot.status not in ("pending", None):
        return f"status_{snapshot.status}"
    if snapshot.contact.blocked:
        return "contact_blocked"
    return _owned_by_another(snapshot.owner, agent_bot_id=agent_bot_id)


def _owned_by_another(owner: Owner | None, *, agent_bot_id: int) -> str | None:
    if owner is None or (owner.kind is OwnerKind.BOT and owner.id == agent_bot_id):
        return None
    if owner.kind is OwnerKind.BOT:
        return "owner_is_other_bot"
    return f"owner_is_{owner.kind.value}"
