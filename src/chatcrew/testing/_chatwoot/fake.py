"""FakeChatwoot: a Chatwoot 4.16.2 on loopback, driven by a test or by the sandbox."""

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

from chatcrew.clock import Clock, SystemClock
from chatcrew.testing._chatwoot.account import Account, Sequences
from chatcrew.testing._chatwoot.call import ApiCall
from chatcrew.testing._chatwoot.changes import Change, ChangeLog
from chatcrew.testing._chatwoot.desk import Desk, Release
from chatcrew.testing._chatwoot.driver import People, wamid
from chatcrew.testing._chatwoot.faults import Faults
from chatcrew.testing._chatwoot.guise import CURRENT, Guise, SkewedClock
from chatcrew.testing._chatwoot.messages import MessageDesk
from chatcrew.testing._chatwoot.people import AgentBot, Json
from chatcrew.testing._chatwoot.sender import Delivery, Disorder, Pace, Sender
from chatcrew.testing._chatwoot.server import ChatwootServer
from chatcrew.testing._chatwoot.state import Message
from chatcrew.testing._chatwoot.webhooks import Webhooks
from chatcrew.testing._chatwoot.wire import rails_json, signed_headers
from chatcrew.testing.wires import Wires

T = TypeVar("T")

_RECEIPTS = ("source_id", "sent", "delivered", "read")


class FakeChatwoot(People):
    """A Chatwoot-shaped server that keeps Chatwoot's rules; use it as ``async with``.

    Args:
        clock: the wall clock of every timestamp, and what waits between retries.
        speed: divides retry waits, receipts and shuffling (100: a 3 s retry comes after 30 ms).
        webhook_timeout: Chatwoot's ``WEBHOOK_TIMEOUT`` in real seconds, never divided.
        release: whose ownership rules hold, see ``Desk``.
        receipts: the updates a WhatsApp message gets after it was stored; () for none.
        messages_per_minute: more in one conversation are answered 422.
        requests_per_minute: more from this machine are answered 429.
        disorder: shuffled and doubled deliveries; may be changed at any time.
        port: where to listen on loopback; 0 takes a free one.
        guise: version and policies of the installation.
        wires: carry what comes and goes inside of this process; left out, sockets do.
    """

    def __init__(  # noqa: PLR0913 - every rule a test may bend has its name here
        self,
        *,
        clock: Clock | None = None,
        speed: float = 1.0,
        webhook_timeout: float = 5.0,
        release: Release = "4.16.2",
        receipts: Sequence[str] = _RECEIPTS,
        messages_per_minute: int = 200,
        requests_per_minute: int = 3000,
        disorder: Disorder | None = None,
        port: int = 0,
        guise: Guise = CURRENT,
        wires: Wires | None = None,
    ) -> None:
        self.guise = guise
        self.clock = clock or SystemClock()
        if guise.clock_skew:
            self.clock = SkewedClock(self.clock, guise.clock_skew)
        if guise.requests_per_minute is not None:
            requests_per_minute = guise.requests_per_minute
        self.disorder = disorder or Disorder()
        self.faults = Faults()
        self.receipts = tuple(receipts)
        self.changes = ChangeLog(self.clock.now)
        self.accounts: dict[int, Account] = {}
        self._sequences = Sequences()
        self._sender = Sender(
            clock=self.clock,
            pace=Pace(speed, webhook_timeout),
            disorder=self.disorder,
            changes=self.changes,
            give_up=self._give_up,
            refuses_private=guise.refuses_private,
            wires=wires,
        )
        outlet = Webhooks(
            enqueue=self._sender.enqueue,
            accounts=self.accounts,
            context=lambda: {"base_url": self.url, "now": self.clock.now()},
            bots_hear_changes=guise.bots_hear_changes,
        )
        desk = Desk(
            now=self.clock.now,
            release=release if guise.bots_own else "4.16.1",
            outlet=outlet,
            changes=self.changes,
            sequences=self._sequences,
            accounts=self.accounts,
        )
        messages = MessageDesk(
            desk,
            per_minute=messages_per_minute,
            carry=lambda message: self._sender.spawn(self._carry(message)),
        )
        super().__init__(desk, messages)
        self.server = ChatwootServer(
            desk,
            messages,
            faults=self.faults,
            requests_per_minute=requests_per_minute,
            port=port,
            guise=guise,
            wires=wires,
        )

    async def __aenter__(self) -> Self:
        await self._sender.start()
        await self.server.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._sender.close()
        await self.server.close()

    @property
    def url(self) -> str:
        """The base address, known after the start."""
        return self.server.url

    @property
    def calls(self) -> Counter[str]:
        """How often each endpoint was called (``create_message``, ``toggle_status`` …)."""
        return self.server.calls

    @property
    def requests(self) -> list[ApiCall]:
        """Every API call received, oldest first."""
        return self.server.requests

    @property
    def deliveries(self) -> list[Delivery]:
        """Every webhook sent or being sent, oldest first."""
        return self._sender.deliveries

    def add_account(self, account_id: int, name: str = "Loja Exemplo") -> Account:
        """Create an account; its ``add_…`` methods furnish it."""
        account = Account(account_id, name, self.clock, self._sequences)
        self.accounts[account_id] = account
        return account

    def skip_ids(self, numbers: int) -> None:
        """Let messages and attachments have ids that an earlier Chatwoot of this name never gave.

        No real one gives an id twice, and what was read of an attachment is kept by its id.
        """
        self._sequences.skip(numbers)

    async def deliver(
        self, bot: AgentBot, payload: Json | bytes, *, delivery: str | None = None
    ) -> tuple[int, str]:
        """Post a payload to the bot's address, signed now; returns status and text."""
        body = payload if isinstance(payload, bytes) else rails_json(payload)
        headers = signed_headers(
            bot.secret, body, now=self.clock.now(), delivery=delivery or str(uuid.uuid4())
        )
        assert bot.outgoing_url, f"bot {bot.id} has no outgoing_url"
        return await self.deliver_raw(bot.outgoing_url, body, headers)

    async def deliver_raw(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Post exactly these bytes and headers once; returns status and text."""
        return await self._sender.post_raw(url, body, headers)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 10.0) -> T:  # noqa: ASYNC109 - the limit belongs to the sentence a test writes
        """Return the first truthy value of ``predicate``, asked again after every change.

        Raises:
            TimeoutError: ``timeout`` real seconds passed.
        """
        return await self.changes.wait_for(predicate, timeout)

    @property
    def at_rest(self) -> bool:
        """Whether nothing is being delivered."""
        return self._sender.at_rest

    async def idle(self) -> None:
        """Wait until every webhook and receipt has been delivered or given up."""
        await self._sender.idle()

    def follow(self, after: int = 0) -> AsyncIterator[Change]:
        """Yield changes for ever, beginning behind number ``after``."""
        return self.changes.follow(after)

    async def refuse_connections(self) -> None:
        """Stop listening; the port is kept for ``accept_connections``."""
        await self.server.refuse_connections()

    async def accept_connections(self) -> None:
        """Listen again on the same port."""
        await self.server.accept_connections()

    def _give_up(self, delivery: Delivery) -> None:
        message = delivery.message
        if message is None:
            return
        if delivery.kind == "agent_bot":
            self._desk.bot_failed(message.conversation)
        elif delivery.kind == "api_inbox" and message.status != "failed":
            self._messages.fail(message, f"webhook answered {delivery.attempts[-1]}")

    async def _carry(self, message: Message) -> None:
        """Do what the channel does with an outgoing message: refuse it or report its progress."""
        # Chatwoot sends messages with attachments 2 s later.
        await self._sender.wait(2.3 if message.attachments else 0.3)
        reason = self._messages.refused_by_provider(message)
        if reason is not None:
            self._messages.fail(message, reason)
        elif self._messages.receipts(message):
            for step in self.receipts:
                if step == "source_id":
                    self._messages.update(message, source_id=wamid())
                else:
                    self._messages.update(message, status=step)
                await self._sender.wait(0.4)
