"""Sends the parts of decided turns to Chatwoot: in order, once, and never over a person's head."""

from dataclasses import dataclass
from typing import Protocol

from chatcrew.chatwoot import ChatwootClient
from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError, ChatwootRejected, ChatwootUnavailable, ConversationGone
from chatcrew.hub import closed_because
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ActKind, Claim, PartState, StoredPart
from chatcrew.outbox import Outbox
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.worker.acts import perform
from chatcrew.worker.leases import Leases
from chatcrew.worker.people import People
from chatcrew.worker.readback import was_sent

_log = get_logger("courier")
_CREATES = (ActKind.MESSAGE, ActKind.NOTE)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the courier waits for the fate of a message whose answer was lost, in seconds.

    Attributes:
        post: bound of one POST.
        not_sent: a read-back this long after sending began that does not show the message proves
            that it was not sent: Chatwoot answers or gives up long before.
        give_up: after this the message is never posted again, and people are told.
        poll: pause between two looks.
    """

    post: float = 8.0
    not_sent: float = 10.0
    give_up: float = 15.0
    poll: float = 0.5


class Clients(Protocol):
    """One Chatwoot client per bot."""

    def client(self, bot: str) -> ChatwootClient:
        """Return the client of a bot label.

        Raises:
            KeyError: the mapping no longer knows this bot.
        """
        ...

    def agent_bot_id(self, bot: str) -> int:
        """Return Chatwoot's id of the bot.

        Raises:
            KeyError: the mapping no longer knows this bot.
        """
        ...


class Courier:
    """Delivers the parts of one turn after the other.

    Args:
        outbox: the parts.
        mailbox: the conversation's newest state, for the gate right before each send.
        clients: Chatwoot clients.
        leases: until when this process may act.
        people: where people are told what went wrong.
        metrics: counters.
        clock: time.
        patience: how long a lost answer is waited for.
    """

    def __init__(
        self,
        outbox: Outbox,
        *,
        mailbox: Mailbox,
        clients: Clients,
        leases: Leases,
        people: People,
        metrics: Metrics,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._outbox = outbox
        self._mailbox = mailbox
        self._clients = clients
        self._leases = leases
        self._people = people
        self._metrics = metrics
        self._clock = clock
        self._patience = patience or Patience()

    async def deliver(self, claim: Claim) -> bool:
        """Send what is still to be sent.

        Returns:
            True when every part has its end state.

        Raises:
            LeaseLost: another worker has the conversation now.
            ChatwootUnavailable: nothing can be sent now; the turn is to be claimed again.
        """
        for part in await self._outbox.parts(claim.key.turn_id):
            if part.state is PartState.SENDING:
                part = await self._settle(claim, part)  # noqa: PLW2901 - the same part, one step on
            if part.state is PartState.PLANNED:
                await self._send(claim, part)
        return True

    async def _send(self, claim: Claim, part: StoredPart) -> None:
        if part.gated and await self._closed(claim, part):
            return
        try:
            client = self._clients.client(part.conversation.bot)
        except KeyError:
            await self._end(part, PartState.SKIPPED, "bot_removed")
            return
        self._leases.ensure(claim, seconds=self._patience.post)
        begun = await self._outbox.begin(part.id, claim.key)
        # The last look at the lease before the write is on the monotonic clock: a process that was
        # stopped between the database and here must not go on.
        self._leases.ensure(claim, seconds=self._patience.post / 2)
        try:
            message_id = await perform(client, begun)
        except ConversationGone:
            await self._end(begun, PartState.SKIPPED, "conversation_gone")
        except ChatwootRejected as error:
            await self._rejected(begun, error)
        except ChatwootError as error:
            await self._unclear(claim, begun, error)
        else:
            await self._outbox.sent(begun.id, message_id)
            self._count(begun, PartState.SENT)

    async def _closed(self, claim: Claim, part: StoredPart) -> bool:
        """Skip a part where a person took over since it was decided."""
        state = await self._mailbox.state(claim.key.conversation)
        if state is None:
            return False
        try:
            bot_id = self._clients.agent_bot_id(part.conversation.bot)
        except KeyError:
            reason: str | None = "bot_removed"
        else:
            reason = closed_because(state, agent_bot_id=bot_id)
        if reason is None:
            return False
        await self._end(part, PartState.SKIPPED, reason)
        return True

    async def _rejected(self, part: StoredPart, error: ChatwootRejected) -> None:
        """Chatwoot said no for good: people have to know, for the customer got nothing."""
        await self._end(part, PartState.FAILED, f"status_{error.status}")
        if part.kind is ActKind.MESSAGE:
            await self._people.message_failed(part)

    async def _unclear(self, claim: Claim, part: StoredPart, error: ChatwootError) -> None:
        """Nobody told us whether the call had its effect."""
        if not error.maybe_done or part.kind not in _CREATES:
            await self._outbox.back_to_planned(part.id, type(error).__name__)
            raise ChatwootUnavailable(
                "Chatwoot is away", retryable=True, retry_after=error.retry_after
            ) from error
        settled = await self._settle(claim, part)
        if settled.state is PartState.PLANNED:
            await self._send(claim, settled)

    async def _settle(self, claim: Claim, part: StoredPart) -> StoredPart:
        """Find out what became of a part whose answer is missing.

        Our own echo webhook marks it sent while we look; a read-back may prove either; else, after
        ``give_up`` seconds, it is unknown for good.
        """
        if part.kind not in _CREATES:
            return await self._replan(part)
        while True:
            current = await self._outbox.part(part.id)
            if current.state is not PartState.SENDING:
                return current
            age = self._age(current)
            if age >= self._patience.not_sent:
                found = await self._read_back(current)
                if found is not None and found[0]:
                    await self._outbox.sent(current.id, found[1])
                    self._count(current, PartState.SENT)
                    return await self._outbox.part(part.id)
                if found is not None:
                    return await self._replan(current)
            if age >= self._patience.give_up:
                return await self._give_up(current)
            self._leases.ensure(claim, seconds=self._patience.poll)
            await self._clock.sleep(self._patience.poll)

    async def _replan(self, part: StoredPart) -> StoredPart:
        await self._outbox.back_to_planned(part.id, "not_sent")
        return await self._outbox.part(part.id)

    async def _read_back(self, part: StoredPart) -> tuple[bool, int | None] | None:
        """Return (was sent, message id), or None where Chatwoot cannot tell."""
        try:
            client = self._clients.client(part.conversation.bot)
            return await was_sent(client, part)
        except (KeyError, ChatwootError):
            return None

    async def _give_up(self, part: StoredPart) -> StoredPart:
        if part.kind is ActKind.NOTE:
            # A note twice harms nobody; a missing one leaves people without the reason.
            return await self._replan(part)
        await self._outbox.unknown(part.id, "no_answer")
        settled = await self._outbox.part(part.id)
        if settled.state is PartState.UNKNOWN:
            self._metrics.count("chatcrew_outbox_unknown")
            self._count(part, PartState.UNKNOWN)
            await self._people.message_unknown(part)
        return settled

    def _age(self, part: StoredPart) -> float:
        if part.sending_at is None:
            return self._patience.give_up
        return (self._clock.now() - part.sending_at).total_seconds()

    async def _end(self, part: StoredPart, state: PartState, reason: str) -> None:
        if state is PartState.FAILED:
            await self._outbox.failed(part.id, reason)
        else:
            await self._outbox.skip(part.id, reason)
        self._count(part, state)
        _log.info("part.ended", kind=part.kind.value, state=state.value, reason=reason)

    def _count(self, part: StoredPart, state: PartState) -> None:
        self._metrics.count("chatcrew_outbox_parts", kind=part.kind.value, state=state.value)
