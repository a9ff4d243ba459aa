"""Sends the parts of decided turns to Chatwoot: in order, once, and never over a person's head."""

from collections.abc import Awaitable, Callable
from functools import partial

from chatcrew.clock import Clock
from chatcrew.errors import (
    ChatwootError,
    ChatwootRejected,
    ChatwootUnavailable,
    ConversationGone,
    LeaseLost,
    StoreError,
)
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ActKind, Claim, PartState, PlannedPart, Snapshot, StoredPart
from chatcrew.outbox import Outbox
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.timers import Timers
from chatcrew.worker import lookback, people
from chatcrew.worker.acts import leave, pause, perform
from chatcrew.worker.clients import Clients
from chatcrew.worker.fates import (
    ABOUT,
    ESSENTIAL,
    GONE,
    is_untold,
    next_of,
    stoppable,
    stopped_because,
    unsaid,
)
from chatcrew.worker.leases import Leases
from chatcrew.worker.patience import Patience
from chatcrew.worker.refusals import Refusals
from chatcrew.worker.rights import EverythingAllowed, Rights, off
from chatcrew.worker.settling import CREATES, Settler

_log = get_logger("courier")

Owe = Callable[[StoredPart], Awaitable[None]]
"""Writes down what a status makes people owe, before it is set."""


class _TakenOver(Exception):
    """The bot may no longer say this; nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
        rights: what the bot may not do; left out, everything is tried.
        timers: where what is to happen later is kept; left out, nothing is.
        owe: told of each status right before it is set, for some of them make people owe an answer.
    """

    def __init__(  # noqa: PLR0913 - everything that sending needs
        self,
        outbox: Outbox,
        *,
        mailbox: Mailbox,
        clients: Clients,
        leases: Leases,
        metrics: Metrics,
        clock: Clock,
        patience: Patience | None = None,
        rights: Rights | None = None,
        timers: Timers | None = None,
        owe: Owe | None = None,
    ) -> None:
        self._timers = timers
        self._owe = owe
        self._outbox = outbox
        self._mailbox = mailbox
        self._clients = clients
        self._leases = leases
        self._metrics = metrics
        self._clock = clock
        self._patience = patience or Patience()
        self._rights = rights or EverythingAllowed()
        self._refusals = Refusals(
            outbox, rights=self._rights, patience=self._patience, counted=self._count
        )
        self._settler = Settler(
            outbox,
            clients=clients,
            leases=leases,
            rights=self._rights,
            metrics=metrics,
            clock=clock,
            patience=self._patience,
            counted=self._count,
        )

    async def deliver(self, claim: Claim) -> str | None:
        """Send what is still to be sent, and tell people of each message that got lost.

        What is to be done stands in the outbox, so that a crash between any two steps changes
        nothing; it is read anew unless the step itself says what became of its part.

        Returns:
            None, or why no message of the turn was sent: people had taken over.

        Raises:
            LeaseLost: another worker has the conversation now.
            ChatwootUnavailable: nothing can be sent now; the turn is to be claimed again.
        """
        parts = await self._outbox.parts(claim.key.turn_id)
        while True:
            lost = next((part for part in parts if is_untold(part, parts)), None)
            unfinished = next_of(parts)
            sent: StoredPart | None = None
            if lost is not None:
                await self._tell(claim, lost)
            elif unfinished is None:
                return unsaid(parts)
            elif unfinished.state is PartState.SENDING:
                await self._settler.settle(claim, unfinished)
            else:
                # The lease is renewed meanwhile, and who takes over in this time stops the rest.
                await self._clock.sleep(pause(unfinished))
                sent = await self._send(claim, unfinished)
            if sent is None:
                parts = await self._outbox.parts(claim.key.turn_id)
            else:
                parts = tuple(sent if one.id == sent.id else one for one in parts)

    async def _send(self, claim: Claim, part: StoredPart) -> StoredPart | None:
        """Send one part; return it once it was, or None where the outbox has to be asked."""
        if not self._knows(part.conversation.bot):
            await self._skip_from(claim, part, "bot_removed")
            return None
        self._leases.ensure(claim, seconds=self._patience.post)
        begun = await self._outbox.begin(part, claim.key)
        if begun is None:
            return None
        if off(self._rights, part.conversation.bot, part.kind) is not None:
            await self._refusals.leave_out(begun)
            return None
        if begun.kind is ActKind.TIMER:
            return await self._set_timer(claim, begun)
        owes = begun.kind is ActKind.STATUS and not begun.conversation.simulated
        if owes and self._owe is not None:
            await self._owe(begun)
        try:
            client = await self._clients.client(part.conversation.bot)
            last_look = partial(self._last_look, claim, begun)
            message_id = await perform(client, begun, last_check=last_look)
        except LeaseLost:
            await self._outbox.back_to_planned(begun, error="lease_lost")
            raise
        except _TakenOver as taken:
            await self._stopped(claim, begun, taken.reason)
        except ConversationGone:
            await self._outbox.failed(begun, error=GONE)
            await self._skip_from(claim, part, GONE)
        except ChatwootRejected as error:
            await self._refusals.rejected(begun, error)
        except ChatwootError as error:
            await self._unclear(claim, begun, error)
        else:
            seen = await lookback.after(
                client,
                begun,
                mailbox=self._mailbox,
                within=self._patience.post,
                rights=self._rights,
            )
            noted = await self._note_sent(claim, begun, message_id, seen)
            self._settler.took(begun, noted, message_id)
            await lookback.crossed(noted, mailbox=self._mailbox)
            return noted
        return None

    async def _set_timer(self, claim: Claim, part: StoredPart) -> StoredPart | None:
        """Set what is to happen later, unless people have the conversation by now."""
        reason = await self._closed(claim, part)
        if reason is not None or self._timers is None or part.conversation.simulated:
            await self._outbox.failed(part, error=reason or "no_timers")
            return None
        await leave(self._timers, part)
        return await self._note_sent(claim, part, None, None)

    async def _last_look(self, claim: Claim, part: StoredPart) -> None:
        """Look at gate and lease right before the write, after any wait for the pace.

        The lease comes last and on the monotonic clock: a process that was stopped somewhere on the
        way must not go on.

        Raises:
            _TakenOver: a person took over meanwhile.
            LeaseLost: another worker may already be at it.
        """
        reason = await self._closed(claim, part)
        if reason is not None:
            raise _TakenOver(reason)
        self._leases.ensure(claim, seconds=self._patience.post / 2)

    async def _note_sent(
        self, claim: Claim, part: StoredPart, message_id: int | None, seen: Snapshot | None
    ) -> StoredPart:
        """Write down that it was sent, waiting for a database that restarts (within 5 s).

        Forgotten, it would have to be found out again, and without a user token maybe could not.
        What it made of the conversation comes first: whoever claims it next has to know.
        """
        last = self._clock.monotonic() + self._patience.note
        while True:
            try:
                if seen is not None:
                    await self._mailbox.observe(part.conversation, seen)
                return await self._outbox.sent(part, message_id=message_id)
            except StoreError:
                if self._clock.monotonic() >= last:
                    raise
                self._leases.ensure(claim, seconds=self._patience.poll)
                await self._clock.sleep(self._patience.poll)

    async def _closed(self, claim: Claim, part: StoredPart) -> str | None:
        """Return why this part may no longer be sent: a person took over since it was decided."""
        if not stoppable(part):
            return None
        state = await self._mailbox.state(claim.key.conversation)
        bot_id = self._clients.agent_bot_id(part.conversation.bot)
        return stopped_because(part, state, agent_bot_id=bot_id)

    def _knows(self, bot: str) -> bool:
        """Return whether the mapping still has this bot."""
        try:
            self._clients.agent_bot_id(bot)
        except KeyError:
            return False
        return True

    async def _stopped(self, claim: Claim, part: StoredPart, reason: str) -> None:
        """End what may not be done any more: by itself, or with all that was to follow it."""
        if part.gated:
            await self._outbox.back_to_planned(part, error="taken_over")
            await self._skip_from(claim, part, reason)
        else:
            await self._outbox.failed(part, error=reason)
            self._count(part, PartState.SKIPPED)

    async def _skip_from(self, claim: Claim, part: StoredPart, reason: str) -> None:
        skipped = await self._outbox.skip(claim.key, position=part.position, reason=reason)
        kind, state = part.kind.value, PartState.SKIPPED.value
        self._metrics.count("chatcrew_outbox_parts", skipped, kind=kind, state=state)
        _log.info("parts.skipped", turn=part.turn_id, count=skipped, reason=reason)

    async def _unclear(self, claim: Claim, part: StoredPart, error: ChatwootError) -> None:
        """Nobody told us whether the call had its effect."""
        if part.kind not in ESSENTIAL:
            await self._refusals.aside(part, error)
        elif not error.maybe_done or part.kind not in CREATES:
            await self._outbox.back_to_planned(part, error=type(error).__name__)
            raise ChatwootUnavailable(
                "Chatwoot is away", retry_after=error.retry_after, status=error.status
            ) from error
        else:
            await self._settler.settle(claim, part)

    async def _tell(self, claim: Claim, part: StoredPart) -> None:
        """Give the conversation to people instead of what was still to be sent.

        What could not be deleted is theirs already: they are only told.
        """
        if part.kind is ActKind.UNSEND:
            told = PlannedPart(
                ActKind.NOTE, {"content": part.payload["note"], ABOUT: part.tag}, gated=False
            )
            self._metrics.count("chatcrew_talkovers", done="not_deleted")
            await self._outbox.append(claim.key, [told])
            return
        failed = part.state is PartState.FAILED
        words = people.refused(part) if failed else people.unknown(part)
        await self._skip_from(claim, part, "given_to_people")
        await self._outbox.append(
            claim.key,
            [
                PlannedPart(ActKind.NOTE, {"content": words, ABOUT: part.tag}, gated=False),
                PlannedPart(ActKind.STATUS, {"status": "open"}),
            ],
        )

    def _count(self, part: StoredPart, state: PartState) -> None:
        self._metrics.count("chatcrew_outbox_parts", kind=part.kind.value, state=state.value)
