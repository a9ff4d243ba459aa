"""Finds customers whose last word nobody answered, and makes a turn of each (S3-11)."""

from datetime import timedelta

from chatcrew.clock import Clock
from chatcrew.hub.ports import Configurations
from chatcrew.ids import ConversationId
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ConversationState, InputKind, closed_because
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.worker.clients import Clients
from chatcrew.worker.sweep_list import IsThere, ListSweep
from chatcrew.worker.sweep_policy import SweepPolicy

_log = get_logger("sweep")

_AT_ONCE = 100
_MOST_REMOVED = 1000


class Sweep:
    """Looks through our own records and then, where it may, through Chatwoot's list.

    What is found in our records becomes an input without a message, which marks the customer's
    last word: of two sweeps one wins, and the same word is not found again. The turn then answers,
    or tells people where the bot may not speak (``hub.waiting``).

    Args:
        mailbox: our records.
        configurations: current configuration.
        clients: Chatwoot clients.
        metrics: counters.
        clock: time.
        policy: bounds; may be replaced at any time.
        is_there: whether Chatwoot still has an inbox; left out, it is taken for granted.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        configurations: Configurations,
        clients: Clients,
        metrics: Metrics,
        clock: Clock,
        policy: SweepPolicy | None = None,
        is_there: IsThere | None = None,
    ) -> None:
        self.policy = policy or SweepPolicy()
        self._mailbox = mailbox
        self._configurations = configurations
        self._metrics = metrics
        self._clock = clock
        self._list = ListSweep(
            mailbox,
            configurations=configurations,
            clients=clients,
            metrics=metrics,
            clock=clock,
            is_there=is_there,
        )
        self._orphans: set[tuple[ConversationId, int]] = set()

    async def run(self) -> int:
        """Look once; return how many conversations got something to do.

        Raises:
            StoreError: the mailbox is away.
        """
        found = await self._own_records()
        return found + await self._list.run(self.policy)

    async def _own_records(self) -> int:
        before = self._clock.now() - timedelta(seconds=self.policy.older_than)
        # Conversations of removed bots are not marked, for their bot may come back; so they are
        # found each time, and must not keep others off the page.
        limit = _AT_ONCE + min(len(self._orphans), _MOST_REMOVED)
        bots = self._configurations.current.bots
        orphans: set[tuple[ConversationId, int]] = set()
        found = 0
        for state in await self._mailbox.unanswered(before=before, limit=limit):
            bot = bots.get(state.id.bot)
            if bot is None:
                orphans.add((state.id, state.last_customer_id))
            elif await self._take(state, agent_bot_id=bot.agent_bot_id):
                found += 1
        for conversation, _ in orphans - self._orphans:
            self._note(conversation, "bot_removed")
        self._orphans = orphans
        return found

    async def _take(self, state: ConversationState, *, agent_bot_id: int) -> bool:
        """Make a turn; return False where another worker did, or the customer wrote again."""
        if not await self._mailbox.enqueue(state.id, kind=InputKind.SWEEP):
            self._metrics.count("chatcrew_sweeps", action="already_waiting")
            return False
        if closed_because(state, agent_bot_id=agent_bot_id) is None:
            self._note(state.id, "taken_back")
        return True

    def _note(self, conversation: ConversationId, action: str) -> None:
        self._metrics.count("chatcrew_sweeps", action=action)
        _log.warning("sweep.found", conversation=str(conversation), action=action)
