"""The last look before a part is done: at the conversation and at the lease, as late as can be."""

from dataclasses import dataclass

from chatcrew.clock import Clock
from chatcrew.mailbox import Mailbox
from chatcrew.messages import Claim, Standing, StoredPart
from chatcrew.outbox import Outbox
from chatcrew.worker.clients import Clients
from chatcrew.worker.fates import stoppable, stopped_because
from chatcrew.worker.leases import Leases
from chatcrew.worker.patience import Patience
from chatcrew.worker.settling import CREATES

FRESH = 0.5
"""Seconds for which what was read when a part was begun is believed: no longer than one trip to a
busy database. Who was stopped behind it for longer looks again."""


class Shut(Exception):
    """The bot may no longer do this; nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unplanned(Exception):
    """The part is not planned any more; nothing was sent."""


@dataclass(slots=True)
class Attempt:
    """One try to do one part.

    Attributes:
        claim: whose turn.
        part: as it stands.
        begun: whether it is marked as being sent.
    """

    claim: Claim
    part: StoredPart
    begun: bool = False


class Gate:
    """Begins parts, and stops what a person or another worker has taken over.

    Args:
        outbox: the parts.
        mailbox: the conversation's newest state.
        clients: which bot is ours.
        leases: until when this process may act.
        clock: time.
        patience: how long Chatwoot may take.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        mailbox: Mailbox,
        clients: Clients,
        leases: Leases,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._outbox = outbox
        self._mailbox = mailbox
        self._clients = clients
        self._leases = leases
        self._clock = clock
        self._patience = patience

    async def begin(self, attempt: Attempt) -> Standing:
        """Mark the part as being sent; return how the conversation stood then.

        Raises:
            Unplanned: it is not planned any more.
            LeaseLost: another worker has it.
        """
        begun = await self._outbox.begin(attempt.part, attempt.claim.key)
        if begun is None:
            raise Unplanned
        attempt.part, attempt.begun = begun.part, True
        return begun.standing

    async def last_look(self, attempt: Attempt) -> None:
        """Look at gate and lease right before the write, after any wait for the pace.

        What creates a message is begun here, so that one trip does both. The lease comes last and
        on the monotonic clock: a process that was stopped somewhere on the way must not go on.

        Raises:
            Shut: a person took over meanwhile.
            Unplanned: the part is not planned any more.
            LeaseLost: another worker may already be at it.
        """
        standing = None
        if attempt.part.kind in CREATES:
            asked = self._clock.monotonic()
            standing = await self.begin(attempt)
            if self._clock.monotonic() - asked > FRESH:
                standing = None
        reason = await self.closed(attempt, standing)
        if reason is not None:
            raise Shut(reason)
        self._leases.ensure(attempt.claim, seconds=self._patience.post / 2)

    async def closed(self, attempt: Attempt, standing: Standing | None) -> str | None:
        """Return why this part may no longer be sent: a person took over since it was decided.

        Args:
            attempt: at which part.
            standing: the conversation, if it was read just now.
        """
        part = attempt.part
        if not stoppable(part):
            return None
        state = standing or await self._mailbox.state(attempt.claim.key.conversation)
        bot_id = self._clients.agent_bot_id(part.conversation.bot)
        return stopped_because(part, state, agent_bot_id=bot_id)
