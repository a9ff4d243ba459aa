"""A customer, a bot and a person at the same conversation, each with the delays of a network."""

import asyncio
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks._virtual import VirtualClock
from chatcrew.ids import ConversationId
from chatcrew.mailbox import Mailbox
from chatcrew.messages import (
    Author,
    AuthorKind,
    Change,
    Claim,
    Contact,
    Delivery,
    Effect,
    Line,
    Owner,
    OwnerKind,
    Snapshot,
    Timing,
    Weight,
)

_RETRIED = 0.01
"""Share of webhooks that only a retry brings, 3 to 7 s late (contract §1.4)."""
_WEIGHTS = {
    Effect.INPUT: (AuthorKind.CUSTOMER, Weight.TURN),
    Effect.PERSON_SPOKE: (AuthorKind.PERSON, Weight.STATE),
    Effect.OWN_ECHO: (AuthorKind.BOT, Weight.STATE),
}


@dataclass(slots=True)
class Said:
    """One message as Chatwoot took it."""

    id: int
    by: AuthorKind
    at: datetime
    heard: float | None = None
    gone: datetime | None = None


@dataclass(slots=True)
class Network:
    """Delays, in seconds; log-normal, as they are."""

    chance: random.Random

    def call(self) -> float:
        """One way of a call to Chatwoot: 25 ms, seldom 100."""
        return self.chance.lognormvariate(-3.7, 0.6)

    def webhook(self) -> float:
        """From Chatwoot's commit to our door: 150 ms through Sidekiq, seldom seconds."""
        if self.chance.random() < _RETRIED:
            return self.chance.uniform(3.0, 7.0)
        return self.chance.lognormvariate(-1.9, 0.7)


@dataclass(slots=True)
class Race:
    """One conversation in a Chatwoot of its own; the bot's client too.

    Attributes:
        conversation: which.
        channel: Chatwoot's class.
        tenant: whose it is.
        inbox_id: Chatwoot's inbox.
        bot_id: the bot's.
        timing: how long a burst is waited for.
        clock: virtual time.
        network: its delays.
        mailbox: where webhooks go.
        said: every message, in the order of acceptance.
        noted: when a private note was taken.
        posted: when our last look before each public message was, by message id.
        on_their_way: webhooks.
    """

    conversation: ConversationId
    channel: str
    tenant: str
    inbox_id: int
    bot_id: int
    timing: Timing
    clock: VirtualClock
    network: Network
    mailbox: Mailbox
    said: list[Said] = field(default_factory=list)
    noted: list[datetime] = field(default_factory=list)
    posted: dict[int, float] = field(default_factory=dict)
    on_their_way: list["asyncio.Task[None]"] = field(default_factory=list)
    has_user_token = True

    async def client(self, bot: str) -> "Race":
        """Return the client of the bot: this."""
        return self

    def agent_bot_id(self, bot: str) -> int:
        """Return the bot's id."""
        return self.bot_id

    def shows_typing(self, claim: Claim) -> bool:
        """Nobody looks at that here."""
        return False

    async def create_message(
        self, number: int, content: str, *, private: bool, last_check: object, **sent: object
    ) -> int:
        """Take a message after the way to here; answer after the way back."""
        await last_check()  # type: ignore[operator]  # the courier's own
        looked = self.clock.monotonic()
        await self.clock.sleep(self.network.call())
        if private:
            self.noted.append(self.clock.now())
            number = 10**6 + len(self.noted)
        else:
            attributes = sent["content_attributes"]
            tag = attributes["chatcrew"]["tag"]  # type: ignore[index]  # as the worker makes them
            number = self.take(Effect.OWN_ECHO, content, tag=tag).id
            self.posted[number] = looked
        await self.clock.sleep(self.network.call())
        return number

    async def delete_message(self, number: int, message_id: int) -> None:
        """Delete a message."""
        await self.clock.sleep(self.network.call())
        next(one for one in self.said if one.id == message_id).gone = self.clock.now()

    def take(self, effect: Effect, text: str, *, tag: str | None = None) -> Said:
        """Take a message now; its webhook comes when it comes."""
        author, weight = _WEIGHTS[effect]
        now = self.clock.now()
        at = now.replace(microsecond=now.microsecond // 1000 * 1000)
        said = Said(1000 + len(self.said), author, at)
        self.said.append(said)
        line = Line(said.id, Author(author, 12, "Patrícia"), text, at, tag=tag)
        body = f"{self.conversation} {said.id}".encode()
        delivery = Delivery(
            account=self.conversation.account,
            bot=self.conversation.bot,
            event="message_created",
            weight=weight,
            reason=effect.value,
            change=Change(effect=effect, snapshot=self._shown(), line=line),
            body=body,
            digest=hashlib.sha256(body).digest(),
            received_at=now,
            conversation=self.conversation,
            object_id=said.id,
            tenant=self.tenant,
            channel="whatsapp",
            timing=self.timing,
        )
        self.on_their_way.append(asyncio.create_task(self._bring(delivery, said)))
        return said

    def _shown(self) -> Snapshot:
        return Snapshot(
            version=1000.0,
            status="pending",
            owner=Owner(OwnerKind.BOT, self.bot_id),
            owner_known=True,
            inbox_id=self.inbox_id,
            channel=self.channel,
            contact=Contact(id=501, name="Maria"),
        )

    async def _bring(self, delivery: Delivery, said: Said) -> None:
        await self.clock.sleep(self.network.webhook())
        await self.mailbox.put(delivery)
        said.heard = self.clock.monotonic()


def late(said: Sequence[Said]) -> list[tuple[Said, Said]]:
    """Return the truth: each word of the bot that came after a person's, with that person's."""
    person = next((one for one in said if one.by is AuthorKind.PERSON), None)
    if person is None:
        return []
    return [(person, one) for one in said if one.by is AuthorKind.BOT and one.id > person.id]
