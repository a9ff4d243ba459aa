"""Sends the parts of decided turns to Chatwoot: in order, once, and never over a person's head."""

from collections.abc import Awaitable, Callable, Sequence
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
from chatcrew.outbox import Outbox, Said
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
    unsaid,
)
from chatcrew.worker.gate import Attempt, Gate, Shut, Unplanned
from chatcrew.worker.leases import Leases
from chatcrew.worker.patience import Patience
from chatcrew.worker.refusals import Refusals
from chatcrew.worker.rights import EverythingAllowed, Rights, off
from chatcrew.worker.settling import CREATES, Settler

_log = get_logger("courier")

Owe = Callable[[StoredPart], Awaitable[None]]
"""Writes down what a status makes people owe, before it is set."""


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
        self._gate = Gate(
            outbox,
            mailbox=mailbox,
            clients=clients,
            leases=leases,
            clock=clock,
            patience=self._patience,
        )
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

    async def deliver(self, claim: Claim, parts: Sequence[StoredPart] | None = None) -> str | None:
        """Send what is still to be sent, and tell people of each message that got lost.

        What is to be done stands in the outbox, so that a crash between any two steps changes
        nothing; it is read anew unless the step itself says what became of its part.

        Args:
            claim: whose turn.
            parts: what was decided a moment ago, under this very claim; None: it is read.

        Returns:
            None, or why no message of the turn was sent: people had taken over.

        Raises:
            LeaseLost: another worker has the conversation now.
            ChatwootUnavailable: nothing can be sent now; the turn is to be claimed again.
        """
        if parts is None:
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
        attempt = Attempt(claim, part)
        try:
            if part.kind in CREATES:
                return await self._do(attempt)
            standing = await self._gate.begin(attempt)
            if off(self._rights, part.conversation.bot, part.kind) is not None:
                await self._refusals.leave_out(attempt.part)
                return None
            if part.kind is ActKind.TIMER:
                reason = await self._gate.closed(attempt, standing)
                return await self._set_timer(claim, attempt.part, reason)
            owes = part.kind is ActKind.STATUS and not part.conversation.simulated
            if owes and self._owe is not None:
                await self._owe(attempt.part)
            return await self._do(attempt)
        except Unplanned:
            return None

    async def _do(self, attempt: Attempt) -> StoredPart | None:
        """Call Chatwoot; return the part once it took it, or None where the outbox is to be asked.

        What creates a message is begun as the last step before the call.
        """
        claim = attempt.claim
        try:
            client = await self._clients.client(attempt.part.conversation.bot)
            last_look = partial(self._gate.last_look, attempt)
            message_id = await perform(client, attempt.part, last_check=last_look)
        except LeaseLost:
            if attempt.begun:
                await self._outbox.back_to_planned(attempt.part, error="lease_lost")
            raise
        except Shut as shut:
            await self._stopped(claim, attempt.part, shut.reason)
        except ChatwootError as error:
            await self._not_done(attempt, error)
        else:
            begun = attempt.part
            seen = await lookback.after(
                client,
                begun,
                mailbox=self._mailbox,
                within=self._patience.post,
                rights=self._rights,
            )
            said = await self._note_sent(claim, begun, message_id, seen)
            self._settler.took(begun, said.part, message_id)
            await lookback.crossed(said, mailbox=self._mailbox)
            return said.part
        return None

    async def _set_timer(
        self, claim: Claim, part: StoredPart, reason: str | None
    ) -> StoredPart | None:
        """Set what is to happen later, unless people have the conversation by now."""
        if reason is not None or self._timers is None or part.conversation.simulated:
            await self._outbox.failed(part, error=reason or "no_timers")
            return None
        await leave(self._timers, part)
        return (await self._note_sent(claim, part, None, None)).part

    async def _note_sent(
        self, claim: Claim, part: StoredPart, message_id: int | None, seen: Snapshot | None
    ) -> Said:
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

    async def _not_done(self, attempt: Attempt, error: ChatwootError) -> None:
        """Chatwoot said no, or nobody told us whether the call had its effect.

        What was not even begun stands as it was planned.
        """
        claim, part = attempt.claim, attempt.part
        if attempt.begun and isinstance(error, ConversationGone):
            await self._outbox.failed(part, error=GONE)
            await self._skip_from(claim, part, GONE)
        elif attempt.begun and isinstance(error, ChatwootRejected):
            await self._refusals.rejected(part, error)
        elif part.kind not in ESSENTIAL:
            await self._refusals.aside(part, error)
        elif not attempt.begun or not error.maybe_done or part.kind not in CREATES:
            if attempt.begun:
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
