"""Finds customers whose last word nobody answered, and takes them back or tells people (S3-11)."""

from datetime import timedelta

from chatcrew.chatwoot import ChatwootClient
from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError
from chatcrew.hub import closed_because
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ConversationState, InputKind
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.worker import people
from chatcrew.worker.courier import Clients

_log = get_logger("sweep")

OLDER_THAN = 60.0
"""Seconds a customer may wait before the sweep looks at the conversation."""


class Sweep:
    """Looks through our own records; what it finds once is not found again for the same message.

    Args:
        mailbox: our records.
        clients: Chatwoot clients.
        metrics: counters.
        clock: time.
    """

    def __init__(
        self, mailbox: Mailbox, *, clients: Clients, metrics: Metrics, clock: Clock
    ) -> None:
        self._mailbox = mailbox
        self._clients = clients
        self._metrics = metrics
        self._clock = clock

    async def run(self) -> int:
        """Look once; return how many conversations were found.

        Raises:
            StoreError: the mailbox is away.
        """
        before = self._clock.now() - timedelta(seconds=OLDER_THAN)
        found = await self._mailbox.unanswered(before=before)
        for state in found:
            action = await self._settle(state)
            self._metrics.count("chatcrew_sweeps", action=action)
            _log.warning("sweep.found", conversation=str(state.id), action=action)
        return len(found)

    async def _settle(self, state: ConversationState) -> str:
        """Take the conversation back if the bot may speak there, else tell people."""
        try:
            client = await self._clients.client(state.id.bot)
            bot_id = self._clients.agent_bot_id(state.id.bot)
        except KeyError:
            return "bot_removed"
        except ChatwootError:
            return "not_told"
        closed = closed_because(state, agent_bot_id=bot_id)
        marked = await self._mailbox.enqueue(state.id, kind=InputKind.SWEEP)
        if not marked:
            return "already_waiting"  # another worker found it first, or the customer wrote again
        if closed is None:
            return "taken_back"
        return await self._announce(client, state)

    async def _announce(self, client: ChatwootClient, state: ConversationState) -> str:
        number = state.id.number
        try:
            await client.create_message(number, people.waiting(), private=True)
            if state.snapshot.status == "pending":
                # Pending conversations stand in no operator's list: open it, whoever owns it.
                await client.toggle_status(number, "open")
        except ChatwootError as error:
            _log.error("sweep.not_told", conversation=str(state.id), error=type(error).__name__)
            return "not_told"
        return "announced"
