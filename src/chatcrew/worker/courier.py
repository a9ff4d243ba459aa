"""Sends the parts of decided turns to Chatwoot: in order, once, and never over a person's head."""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from chatcrew.chatwoot import ChatwootClient
from chatcrew.clock import Clock
from chatcrew.errors import (
    ChatwootError,
    ChatwootRejected,
    ChatwootUnavailable,
    ConversationGone,
    LeaseLost,
    StoreError,
)
from chatcrew.hub import closed_because
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ActKind, Claim, PartState, PlannedPart, StoredPart
from chatcrew.outbox import Outbox
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.worker import people
from chatcrew.worker.acts import perform
from chatcrew.worker.leases import Leases
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

    async def client(self, bot: str) -> ChatwootClient:
        """Return the client of a bot label.

        Raises:
            KeyError: the mapping no longer knows this bot.
            ChatwootUnavailable: its token cannot be read.
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
        metrics: Metrics,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._outbox = outbox
        self._mailbox = mailbox
        self._clients = clients
        self._leases = leases
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
        while (part := await self._next(claim)) is not None:
            if part.state is PartState.SENDING:
                part = await self._settle(claim, part)
            if part.state is PartState.PLANNED:
                await self._send(claim, part)
        return True

    async def _next(self, claim: Claim) -> StoredPart | None:
        """Return the first part without an end state; a part may have added others behind it."""
        for part in await self._outbox.parts(claim.key.turn_id):
            if part.state in (PartState.PLANNED, PartState.SENDING):
                return part
        return None

    async def _send(self, claim: Claim, part: StoredPart) -> None:
        reason = await self._closed(claim, part)
        if reason is not None:
            await self._skip_from(claim, part, reason)
            return
        self._leases.ensure(claim, seconds=self._patience.post)
        begun = await self._outbox.begin(part, claim.key)
        if begun is None:
            return
        # The last look at the lease is on the monotonic clock and right before the write, after any
        # wait for the pace: a process that was stopped somewhere on the way must not go on.
        still_ours = partial(self._leases.ensure, claim, seconds=self._patience.post / 2)
        try:
            client = await self._clients.client(part.conversation.bot)
            message_id = await perform(client, begun, last_check=still_ours)
        except LeaseLost:
            await self._outbox.back_to_planned(begun, error="lease_lost")
            raise
        except ConversationGone:
            await self._outbox.failed(begun, error="conversation_gone")
            await self._skip_from(claim, part, "conversation_gone")
        except ChatwootRejected as error:
            await self._rejected(claim, begun, error)
        except ChatwootError as error:
            await self._unclear(claim, begun, error)
        else:
            await self._note_sent(claim, begun, message_id)
            self._count(begun, PartState.SENT)

    async def _note_sent(self, claim: Claim, part: StoredPart, message_id: int | None) -> None:
        """Write down that it was sent, waiting for a database that restarts while the lease holds.

        Forgotten, it would have to be found out again, and without a user token maybe could not.
        """
        while True:
            try:
                await self._outbox.sent(part, message_id=message_id)
            except StoreError:
                self._leases.ensure(claim, seconds=self._patience.poll)
                await self._clock.sleep(self._patience.poll)
            else:
                return

    async def _closed(self, claim: Claim, part: StoredPart) -> str | None:
        """Return why this part may no longer be sent: a person took over since it was decided."""
        try:
            bot_id = self._clients.agent_bot_id(part.conversation.bot)
        except KeyError:
            return "bot_removed"
        state = await self._mailbox.state(claim.key.conversation) if part.gated else None
        return None if state is None else closed_because(state, agent_bot_id=bot_id)

    async def _skip_from(self, claim: Claim, part: StoredPart, reason: str) -> None:
        skipped = await self._outbox.skip(claim.key, position=part.position, reason=reason)
        self._metrics.count(
            "chatcrew_outbox_parts",
            skipped,
            kind=part.kind.value,
            state=PartState.SKIPPED.value,
        )
        _log.info("parts.skipped", turn=part.turn_id, count=skipped, reason=reason)

    async def _rejected(self, claim: Claim, part: StoredPart, error: ChatwootRejected) -> None:
        """Chatwoot said no for good: people have to know, for the customer got nothing."""
        await self._outbox.failed(part, error=f"status_{error.status}")
        self._count(part, PartState.FAILED)
        _log.error("part.failed", turn=part.turn_id, kind=part.kind.value, status=error.status)
        if part.kind is ActKind.MESSAGE:
            await self._tell(claim, part, people.refused(part))

    async def _unclear(self, claim: Claim, part: StoredPart, error: ChatwootError) -> None:
        """Nobody told us whether the call had its effect."""
        if not error.maybe_done or part.kind not in _CREATES:
            await self._outbox.back_to_planned(part, error=type(error).__name__)
            raise ChatwootUnavailable(
                "Chatwoot is away", retryable=True, retry_after=error.retry_after
            ) from error
        await self._settle(claim, part)

    async def _settle(self, claim: Claim, part: StoredPart) -> StoredPart:
        """Find out what became of a part whose answer is missing.

        Our own echo webhook marks it sent while we look; a read-back may prove either; else, after
        ``give_up`` seconds, it is unknown for good.
        """
        if part.kind not in _CREATES:
            return await self._outbox.back_to_planned(part, error="repeatable")
        while True:
            current = await self._outbox.by_tag(part.tag)
            if current is None or current.state is not PartState.SENDING:
                return current or part
            age = self._age(current)
            if age >= self._patience.not_sent:
                found = await self._read_back(current)
                if found is not None and found[0]:
                    self._count(current, PartState.SENT)
                    return await self._outbox.sent(current, message_id=found[1])
                if found is not None:
                    return await self._outbox.back_to_planned(current, error="not_sent")
            if age >= self._patience.give_up:
                return await self._give_up(claim, current)
            self._leases.ensure(claim, seconds=self._patience.poll)
            await self._clock.sleep(self._patience.poll)

    async def _read_back(self, part: StoredPart) -> tuple[bool, int | None] | None:
        """Return (was sent, message id), or None where Chatwoot cannot tell."""
        try:
            client = await self._clients.client(part.conversation.bot)
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

    async def _give_up(self, claim: Claim, part: StoredPart) -> StoredPart:
        if part.kind is ActKind.NOTE:
            # A note twice harms nobody; a missing one leaves people without the reason.
            return await self._outbox.back_to_planned(part, error="note_again")
        settled = await self._outbox.unknown(part, error="no_answer")
        if settled.state is PartState.UNKNOWN:
            self._metrics.count("chatcrew_outbox_unknown")
            self._count(part, PartState.UNKNOWN)
            _log.error("part.unknown", turn=part.turn_id, kind=part.kind.value)
            await self._tell(claim, part, people.unknown(part))
        return settled

    async def _tell(self, claim: Claim, part: StoredPart, words: str) -> None:
        """Give the conversation to people instead of what was still to be sent."""
        await self._skip_from(claim, part, "given_to_people")
        await self._outbox.append(
            claim.key,
            [
                PlannedPart(ActKind.NOTE, {"content": words}, gated=False),
                PlannedPart(ActKind.STATUS, {"status": "open"}),
            ],
        )

    def _age(self, part: StoredPart) -> float:
        if part.sending_at is None:
            return self._patience.give_up
        return (self._clock.now() - part.sending_at).total_seconds()

    def _count(self, part: StoredPart, state: PartState) -> None:
        self._metrics.count("chatcrew_outbox_parts", kind=part.kind.value, state=state.value)
