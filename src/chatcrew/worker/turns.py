"""The hub's durable side, made of mailbox, outbox and courier."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from chatcrew.errors import ChatcrewError
from chatcrew.mailbox import Mailbox
from chatcrew.messages import (
    Claim,
    PartState,
    PlannedPart,
    Silence,
    StoredPart,
    Talkover,
    TurnRecord,
    TurnState,
)
from chatcrew.outbox import Outbox
from chatcrew.privacy import Unsealable
from chatcrew.worker.courier import Courier

Look = Callable[[Claim], Awaitable[None]]
"""Brings our row of a conversation up to date."""
Booked = Callable[[str], Awaitable[None]]
"""Waits until what a turn's model calls used is recorded, given its id."""


class UnreadablePart(ChatcrewError):
    """What was decided does not open: no storage that is away, so that trying again has an end."""


class StoredTurns:
    """Satisfies ``hub.ports.Turns``.

    Args:
        mailbox: conversations and their inputs.
        outbox: what was decided.
        courier: sends it.
        look: done before a turn is gone on with that an earlier claim decided; left out, nothing.
        booked: waits until the model calls of a turn are on the books: whoever reads an answer
            finds there what it cost.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        outbox: Outbox,
        courier: Courier,
        look: Look | None = None,
        booked: Booked | None = None,
    ) -> None:
        self._look = look
        self._booked = booked
        self._mailbox = mailbox
        self._outbox = outbox
        self._courier = courier

    async def recheck(self, claim: Claim, *, take: bool) -> Claim:
        """Return the claim with the newest state; ``take`` adds input that came since."""
        return await self._mailbox.recheck(claim, take=take)

    async def decide(
        self, claim: Claim, parts: Sequence[PlannedPart], *, record: TurnRecord
    ) -> Sequence[StoredPart]:
        """Write all parts and the record in one transaction; return the parts."""
        return await self._outbox.decide(claim.key, parts, record)

    async def deliver(self, claim: Claim, parts: Sequence[StoredPart] | None = None) -> str | None:
        """Send what was decided; return why none of its messages was sent, or None."""
        if self._booked is not None:
            await self._booked(claim.key.turn_id)
        try:
            if self._look is not None and claim.turn_state is TurnState.DECIDED:
                await self._look(claim)
            return await self._courier.deliver(claim, parts)
        except Unsealable as error:
            raise UnreadablePart(str(error)) from error

    async def told(self, claim: Claim) -> bool:
        """Return whether a note has told people already that this customer waits."""
        return await self._mailbox.told(claim.key.conversation)

    async def abandon(self, claim: Claim) -> None:
        """Give up what was decided and not sent; what may be on its way has no known fate."""
        await self._outbox.skip(claim.key, position=0, reason="undeliverable")
        try:
            parts = await self._outbox.parts(claim.key.turn_id)
        except Unsealable:
            return
        for part in parts:
            if part.state is PartState.SENDING:
                await self._outbox.unknown(part, error="undeliverable")

    async def route(self, claim: Claim, function: str) -> None:
        """Make ``function`` the conversation's sticky function."""
        await self._mailbox.set_function(claim.key, function)

    async def start_over(self, claim: Claim) -> None:
        """Begin the next episode of the conversation."""
        await self._mailbox.start_over(claim.key)

    async def give(self, claim: Claim, tenant: str) -> None:
        """Give the conversation to a tenant."""
        await self._mailbox.give(claim.key, tenant)

    async def silence(
        self,
        claim: Claim,
        silence: Silence | None,
        *,
        until: datetime | None = None,
        by: str = "",
        why: str = "",
        upto: int = 0,
    ) -> None:
        """Silence the bot in this conversation, or let it speak again."""
        await self._mailbox.set_silence(claim.key, silence, until=until, by=by, why=why, upto=upto)

    async def talked_over(self, claim: Claim) -> Sequence[Talkover]:
        """Return what the bot said after a person had spoken and nobody has dealt with."""
        return await self._mailbox.talked_over(claim.key.conversation)
