"""Finds out what became of a part whose answer is missing, without ever sending it twice."""

from collections.abc import Callable

from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError
from chatcrew.messages import ActKind, Claim, PartState, StoredPart
from chatcrew.outbox import Outbox
from chatcrew.points import Point, passed
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.worker.clients import Clients
from chatcrew.worker.leases import Leases
from chatcrew.worker.patience import Patience
from chatcrew.worker.readback import was_sent
from chatcrew.worker.rights import Rights

_log = get_logger("courier")

CREATES = (ActKind.MESSAGE, ActKind.NOTE)
"""Acts that are not the same when they are done twice."""

Counted = Callable[[StoredPart, PartState], None]


class Settler:
    """Looks for parts that were being sent when somebody died or an answer was lost.

    Args:
        outbox: the parts.
        clients: Chatwoot clients.
        leases: until when this process may act.
        rights: whether a conversation can be read.
        metrics: counters.
        clock: time.
        patience: how long a lost answer is waited for.
        counted: told what became of a part.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        clients: Clients,
        leases: Leases,
        rights: Rights,
        metrics: Metrics,
        clock: Clock,
        patience: Patience,
        counted: Counted,
    ) -> None:
        self._outbox = outbox
        self._clients = clients
        self._leases = leases
        self._rights = rights
        self._metrics = metrics
        self._clock = clock
        self._patience = patience
        self._counted = counted

    async def settle(self, claim: Claim, part: StoredPart) -> StoredPart:
        """Find out what became of a part whose answer is missing.

        Our own echo webhook marks it sent while we look; a read-back may prove either; else, after
        ``give_up`` seconds, it is unknown for good.
        """
        if part.kind not in CREATES:
            return await self._outbox.back_to_planned(part, error="repeatable")
        while True:
            current = await self._outbox.by_tag(part.tag)
            if current is None or current.state is not PartState.SENDING:
                return current or part
            age = self._age(current)
            if age >= self._patience.not_sent:
                found = await self._read_back(current)
                if found is not None and found[0]:
                    self._counted(current, PartState.SENT)
                    return (await self._outbox.sent(current, message_id=found[1])).part
                if found is not None:
                    return await self._outbox.back_to_planned(current, error="not_sent")
            if age >= self._patience.give_up:
                return await self._give_up(current)
            self._leases.ensure(claim, seconds=self._patience.poll)
            await self._clock.sleep(self._patience.poll)

    def took(self, part: StoredPart, noted: StoredPart, message_id: int | None) -> None:
        """Count what Chatwoot took; a second message of one part is no silent matter.

        Who was stopped behind the last look at its lease, for so long that another worker found
        nothing and sent it, cannot be kept from sending it as well (docs/proof.md).
        """
        self._counted(part, PartState.SENT)
        if message_id is not None and noted.message_id not in (None, message_id):
            self._metrics.count("chatcrew_outbox_twice")
            first, second = noted.message_id, message_id
            _log.error("part.twice", turn=part.turn_id, first=first, second=second)

    async def _read_back(self, part: StoredPart) -> tuple[bool, int | None] | None:
        """Return (was sent, message id), or None where Chatwoot cannot tell."""
        passed(Point.READ_BACK)
        try:
            client = await self._clients.client(part.conversation.bot)
            blind = self._rights.off(part.conversation.bot, "conversation") is not None
            if blind and not client.has_user_token:
                return None
            return await was_sent(client, part, known=await self._known(part))
        except (KeyError, ChatwootError):
            return None

    async def _known(self, part: StoredPart) -> int:
        """Return the newest message id that was in the conversation before this part was begun."""
        before = [
            other.message_id or 0
            for other in await self._outbox.parts(part.turn_id)
            if other.position < part.position
        ]
        return max(int(part.payload.get("after", 0)), *before, 0)

    async def _give_up(self, part: StoredPart) -> StoredPart:
        if part.kind is ActKind.NOTE and part.attempts < self._patience.notes:
            # A note twice harms nobody; a missing one leaves people without the reason.
            return await self._outbox.back_to_planned(part, error="note_again")
        settled = await self._outbox.unknown(part, error="no_answer")
        if settled.state is PartState.UNKNOWN:
            self._metrics.count("chatcrew_outbox_unknown")
            self._counted(part, PartState.UNKNOWN)
            _log.error("part.unknown", turn=part.turn_id, kind=part.kind.value)
        return settled

    def _age(self, part: StoredPart) -> float:
        if part.sending_at is None:
            return self._patience.give_up
        return (self._clock.now() - part.sending_at).total_seconds()
