"""Compares one conversation of Chatwoot's list with our row, and puts in what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatcrew.chatwoot import ChatwootClient, line_of, snapshot_of
from chatcrew.clock import Clock
from chatcrew.errors import ConversationGone
from chatcrew.ids import ConversationId
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ConversationState, Line, OwnerKind, Snapshot
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy.model import Bot, Configuration
from chatcrew.worker.sweep_policy import SweepPolicy
from chatcrew.worker.sweep_recover import Target, has_moved, moved, unseen

_log = get_logger("sweep")

_AFTER = 100
"""Messages Chatwoot lists after an id at once (app/finders/message_finder.rb)."""

_MOST_CALLS = 5
_REMEMBERED = 10_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the conversations of one account have in common in one round.

    Attributes:
        client: with a user token.
        bots: of this account.
        configuration: version of this round.
        policy: bounds.
    """

    client: ChatwootClient
    bots: Sequence[Bot]
    configuration: Configuration
    policy: SweepPolicy


class Look:
    """Looks at one listed conversation after the other.

    Args:
        mailbox: our records.
        metrics: counters.
        clock: time.
    """

    def __init__(self, mailbox: Mailbox, *, metrics: Metrics, clock: Clock) -> None:
        self._mailbox = mailbox
        self._metrics = metrics
        self._clock = clock
        self._done: dict[ConversationId, int] = {}

    async def at(self, item: Json, scene: Scene) -> bool:
        """Compare one conversation; return whether anything was put into the mailbox.

        Raises:
            ChatwootError: its messages cannot be read.
            MailboxFull: the rest comes next round.
            StoreError: the mailbox is away.
        """
        newest, shown = _newest(item, scene.bots[0]), snapshot_of(item)
        if newest is None or not self._of_interest(newest, scene.policy):
            return False
        target = await self._target(item, shown, scene)
        if target is None:
            return False
        if self._is_unseen(target, newest, shown):
            return await self._recover(target, item, newest, scene.client)
        known = target.known
        if known is not None and has_moved(known.snapshot, shown):
            await self._mailbox.put(moved(target, item))
            self._note(known.id, "corrected")
            return True
        return False

    def _of_interest(self, newest: Line, policy: SweepPolicy) -> bool:
        age = (self._clock.now() - newest.created_at).total_seconds()
        return policy.grace <= age <= policy.newest_age

    async def _target(self, item: Json, shown: Snapshot, scene: Scene) -> Target | None:
        """Return where its deliveries go, or None where it is none of ours."""
        number, account = item.get("id"), scene.bots[0].account
        route = scene.configuration.route(account, shown.inbox_id, channel_class=shown.channel)
        if route is None or not isinstance(number, int):
            return None
        for bot in scene.bots:
            known = await self._mailbox.state(ConversationId(account, bot.name, number))
            if _is_ours(bot, shown, known=known, scene=scene):
                timing = scene.configuration.crew(route, None).timing
                tenant = scene.configuration.tenants[route.tenant]
                return Target(
                    bot,
                    number,
                    route,
                    timing,
                    self._clock.now(),
                    known,
                    tenant.episodes.continued_for.total_seconds(),
                    tenant.people.takeover.quiet_seconds,
                )
        return None

    def _is_unseen(self, target: Target, newest: Line, shown: Snapshot) -> bool:
        """Return whether messages are missing that anybody would miss.

        In a conversation that we never heard of, only a customer who waits is of interest: whom
        nobody has answered, whatever notes stand below his words. An open one is people's, and
        nothing is answered there. What was said in it is taken in all the same where it was ours,
        for the clock of who waits for people starts by it (N14); one that we never heard of, and
        that is not our bot's, stands in people's list only.
        """
        known = target.known
        last = known.last_message_id if known is not None else 0
        if newest.deleted or newest.message_id <= last:
            return False
        if self._done.get(target.id) == newest.message_id:
            return False
        if known is None and newest.author.kind.answers and not newest.private:
            return False
        return shown.status != "open" or self._belongs_to_history(target, newest, shown)

    def _belongs_to_history(self, target: Target, newest: Line, shown: Snapshot) -> bool:
        """Return whether an open conversation is or was ours, and no person has it.

        Chatwoot leaves our bot as the owner of one that it opened because we did not answer its
        webhook (lib/webhooks/trigger.rb).
        """
        if shown.owner is not None:
            ours = shown.owner.kind is OwnerKind.BOT and shown.owner.id == target.bot.agent_bot_id
            if not ours:
                return False
        if target.known is not None or shown.owner is not None:
            return True
        self._remember(target.id, newest.message_id)
        self._note(target.id, "left_open")
        return False

    async def _recover(
        self, target: Target, item: Json, newest: Line, client: ChatwootClient
    ) -> bool:
        try:
            messages = await _messages(client, target)
        except ConversationGone:
            # The list may show it a while yet: it is not asked for in every round.
            self._remember(target.id, newest.message_id)
            return False
        for delivery in unseen(target, item, messages):
            await self._mailbox.put(delivery)
        self._remember(target.id, newest.message_id)
        self._note(target.id, "recovered")
        return True

    def _remember(self, conversation: ConversationId, message_id: int) -> None:
        """Note what was looked at: a message that leaves no trace in our row is not read again."""
        self._done.pop(conversation, None)
        self._done[conversation] = message_id
        if len(self._done) > _REMEMBERED:
            del self._done[next(iter(self._done))]

    def _note(self, conversation: ConversationId, action: str) -> None:
        self._metrics.count("chatcrew_sweeps", action=action)
        _log.warning("sweep.found", conversation=str(conversation), action=action)


def _newest(item: Json, bot: Bot) -> Line | None:
    """Return the newest message that is no activity line (Chatwoot lists it with each one)."""
    newest = item.get("last_non_activity_message")
    return line_of(newest, agent_bot_id=bot.agent_bot_id) if isinstance(newest, dict) else None


def _is_ours(bot: Bot, shown: Snapshot, *, known: ConversationState | None, scene: Scene) -> bool:
    """Return whether this bot answers here.

    Where no bot is named as owner (Chatwoot before 4.16.2, or a person owns it) we have to have
    heard of it, or its inbox is in the mapping and there is no other bot it could belong to.
    """
    owner = shown.owner
    if owner is not None and owner.kind is not OwnerKind.PERSON:
        return owner.kind is OwnerKind.BOT and owner.id == bot.agent_bot_id
    if known is not None:
        return True
    named = (bot.account, shown.inbox_id) in scene.configuration.routes
    return named and len(scene.bots) == 1


async def _messages(client: ChatwootClient, target: Target) -> list[Json]:
    """Return the messages we have not seen; the newest 20 of an unknown conversation."""
    number = target.id.number
    if target.known is None or target.known.last_message_id == 0:
        return await client.messages(number)
    found: list[Json] = []
    after = target.known.last_message_id
    for _ in range(_MOST_CALLS):
        rows = await client.messages(number, after=after)
        found += rows
        if len(rows) < _AFTER or not isinstance(rows[-1].get("id"), int):
            break
        after = rows[-1]["id"]
    return found
