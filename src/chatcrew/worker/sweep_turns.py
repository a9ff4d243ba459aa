"""Ends a turn that the sweep began where the bot may not speak: people are told, once."""

from collections.abc import Sequence

from chatcrew.clock import Clock
from chatcrew.hub import Hub, closed_because, parts
from chatcrew.hub.ports import (
    Configurations,
    History,
    KeptAnswers,
    Knowledge,
    Responder,
    Turns,
)
from chatcrew.hub.runner import Ended
from chatcrew.messages import (
    ActKind,
    Claim,
    ConversationState,
    InputKind,
    Outcome,
    OwnerKind,
    PlannedPart,
)
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.worker import people

_log = get_logger("sweep")


class AnnouncingHub(Hub):
    """A hub that tells people of a waiting customer whom the bot may not answer.

    The note is decided like a reply: in the outbox, under the lease. So two workers write one, a
    crash loses none, and while Chatwoot is away the turn is claimed again and no note is doubled.
    """

    def __init__(
        self,
        configurations: Configurations,
        *,
        history: History,
        knowledge: Knowledge,
        responder: Responder,
        kept: KeptAnswers,
        turns: Turns,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        super().__init__(
            configurations,
            history=history,
            knowledge=knowledge,
            responder=responder,
            kept=kept,
            turns=turns,
            clock=clock,
        )
        self._metrics = metrics

    async def run(self, claim: Claim, *, give_up: bool = False) -> Ended:
        """See ``Hub.run``."""
        ended = await super().run(claim, give_up=give_up)
        kinds = {item.kind for item in ended.claim.burst}
        dropped = ended.record.outcome is Outcome.DROPPED
        if not dropped or InputKind.SWEEP not in kinds or InputKind.COMMAND in kinds:
            return ended
        bot = self._configurations.current.bots.get(claim.state.id.bot)
        if bot is None:
            return ended
        action = action_for(ended.claim.state, agent_bot_id=bot.agent_bot_id)
        if action is None:
            return ended
        if action == "announced":
            await self._turns.decide(ended.claim, _parts(ended), record=ended.record)
        # Counted before it is sent: whatever Chatwoot answers, it is decided only once.
        self._metrics.count("chatcrew_sweeps", action=action)
        _log.warning("sweep.closed", conversation=str(claim.state.id), action=action)
        if action == "announced":
            await self._turns.deliver(ended.claim)
        return ended


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


def _parts(ended: Ended) -> Sequence[PlannedPart]:
    """Return the note and, where the conversation is hidden, its opening.

    Not gated: the gate is closed here by definition.
    """
    state = ended.claim.state
    trace = {"turn": ended.claim.key.turn_id, "reason": ended.record.reason}
    note = parts.note(people.waiting(), trace=trace, after=state.last_message_id)
    if state.snapshot.status == "open":
        return [note]
    return [note, PlannedPart(ActKind.STATUS, {"status": "open"}, gated=False)]
