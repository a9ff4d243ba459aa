"""Says something as a simulated customer and waits for what the bot makes of it (S1-55, S2-32)."""

import asyncio
from collections.abc import Callable

from chatcrew.app.simulated._body import body
from chatcrew.app.simulated._sql import PostgresSimulations, Session
from chatcrew.chatwoot import webhook
from chatcrew.clock import Clock
from chatcrew.ids import SIMULATED, ConversationId
from chatcrew.ledger import Ledger
from chatcrew.mailbox import Mailbox
from chatcrew.messages import ActKind, PartState, StoredPart, Timing
from chatcrew.outbox import Outbox
from chatcrew.tenancy import Configuration
from chatcrew.web.api import NotSimulated, Said, Simulated

MOST_WORDS = 10_000
"""Characters of one message; more than any channel of Chatwoot's takes."""

_POLL = 0.05
_PATIENCE = 60.0


class Simulator:
    """Puts words into the real mailbox and waits until a real worker has settled them.

    Args:
        configuration: the version in force.
        mailbox: where input goes.
        outbox: where replies are found.
        ledger: what turns were and cost.
        store: sessions and ids.
        clock: time.
    """

    def __init__(
        self,
        configuration: Callable[[], Configuration],
        *,
        mailbox: Mailbox,
        outbox: Outbox,
        ledger: Ledger,
        store: PostgresSimulations,
        clock: Clock,
    ) -> None:
        self._configuration = configuration
        self._mailbox = mailbox
        self._outbox = outbox
        self._ledger = ledger
        self._store = store
        self._clock = clock

    async def say(
        self,
        tenant: str,
        words: str,
        *,
        session: str,
        contact: str,
        name: str = "",
        phone: str | None = None,
        channel: str | None = None,
        patience: float = _PATIENCE,
    ) -> Simulated:
        """Say ``words`` in a session, as a customer of ``tenant``; return what came of it.

        Args:
            tenant: tenant key.
            words: what is said.
            session: a name of the caller's own; another is another conversation.
            contact: who says it, by a name of the caller's own; the bot remembers him.
            name: as the bot may call him.
            phone: E.164 with ``+``, or None.
            channel: one the tenant has an inbox of; None: its first.
            patience: seconds to wait for the turn.

        Raises:
            NotSimulated: see there.
            MailboxFull: too much waits.
            StoreError: storage is away.
        """
        configuration = self._configuration()
        text = words.strip()
        if not text:
            raise NotSimulated("empty")
        if len(text) > MOST_WORDS:
            raise NotSimulated("too_long", known=(str(MOST_WORDS),))
        spoken = channel or _first_channel(configuration, tenant)
        if spoken not in channels_of(configuration, tenant):
            raise NotSimulated("unknown_channel", known=channels_of(configuration, tenant))
        begun, now = self._clock.monotonic(), self._clock.now()
        its = await self._store.session(tenant, session, contact=contact, at=now)
        label = f"{SIMULATED}{tenant}"
        conversation = ConversationId(label, label, its.number)
        state = await self._mailbox.state(conversation)
        message = await self._store.next_message()
        raw = body(
            text,
            message=message,
            number=its.number,
            contact=its.contact,
            name=name,
            phone=phone,
            channel=spoken,
            known=state.snapshot if state else None,
            at=now,
        )
        await self._put(configuration, label, raw)
        turn = await self._settled(its, message, until=begun + patience)
        return await self._told(conversation, turn, seconds=self._clock.monotonic() - begun)

    async def _put(self, configuration: Configuration, label: str, raw: bytes) -> None:
        """Take it in as the webhook does, but for the signature: nobody else can come here."""
        bot = configuration.bot(label)
        if bot is None:
            raise NotSimulated("unknown_tenant")
        found = webhook.classify(webhook.parse(raw), bot=bot)
        snapshot = found.change.snapshot
        route = configuration.route(
            label, found.inbox_id, channel_class=snapshot.channel if snapshot else None
        )
        policy = configuration.tenants[label.removeprefix(SIMULATED)]
        delivery = webhook.to_delivery(
            found,
            bot=bot,
            headers={},
            body=raw,
            received_at=self._clock.now(),
            sender="simulation",
            route=route,
            keeping=webhook.Keeping(
                timing=Timing(quiet=0.0, max_wait=0.0),
                continued_for=policy.episodes.continued_for.total_seconds(),
                resume_after=policy.people.takeover.quiet_seconds,
            ),
        )
        await self._mailbox.put(delivery)

    async def _settled(self, its: Session, message: int, *, until: float) -> str:
        """Return the turn that took the message, once it has ended."""
        while self._clock.monotonic() < until:
            found = await self._store.turn_of(its.tenant, message)
            if found is not None and found[1]:
                return found[0]
            await asyncio.sleep(_POLL)
        raise NotSimulated("no_answer")

    async def _told(self, conversation: ConversationId, turn: str, *, seconds: float) -> Simulated:
        facts, usage = await self._ledger.turn(turn), await self._ledger.usage(turn)
        parts = [
            part for part in await self._outbox.parts(turn) if part.state is not PartState.SKIPPED
        ]
        state = await self._mailbox.state(conversation)
        record = facts.record if facts else None
        return Simulated(
            conversation=conversation,
            turn=turn,
            replies=tuple(_said(part) for part in parts if part.kind is ActKind.MESSAGE),
            notes=tuple(part.payload["content"] for part in parts if part.kind is ActKind.NOTE),
            outcome=record.outcome if record else None,
            reason=record.reason if record else "",
            with_people=state is not None and state.snapshot.status not in ("pending", None),
            seconds=seconds,
            usage=usage,
            facts=facts,
        )


def channels_of(configuration: Configuration, tenant: str) -> tuple[str, ...]:
    """Return the channels a tenant can be tried on, in the mapping's order."""
    return tuple(dict.fromkeys(route.channel for route in configuration.routes_of(tenant)))


def _first_channel(configuration: Configuration, tenant: str) -> str:
    """Return the channel of a tenant's first inbox.

    Raises:
        NotSimulated: there is no such tenant, or no inbox leads to it.
    """
    if tenant not in configuration.tenants:
        raise NotSimulated("unknown_tenant", known=tuple(configuration.tenants))
    found = channels_of(configuration, tenant)
    if not found:
        raise NotSimulated("not_mapped")
    return found[0]


def _said(part: StoredPart) -> Said:
    items = part.payload.get("content_attributes", {}).get("items", ())
    return Said(part.payload["content"], tuple(str(one.get("title", "")) for one in items))
