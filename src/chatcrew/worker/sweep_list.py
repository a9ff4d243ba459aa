"""Reads Chatwoot's own lists for messages whose webhooks never reached us (with a user token)."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from datetime import timedelta

from chatcrew.chatwoot import ChatwootClient
from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError, ChatwootUnavailable, MailboxFull
from chatcrew.hub.ports import Configurations
from chatcrew.mailbox import Mailbox, PutResult
from chatcrew.messages import Change, Delivery, Weight
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy.model import Bot, Configuration
from chatcrew.worker.clients import Clients
from chatcrew.worker.sweep_look import Look, Scene
from chatcrew.worker.sweep_pages import Reading
from chatcrew.worker.sweep_policy import SweepPolicy

_log = get_logger("sweep")

IsThere = Callable[[str, int, ChatwootClient], Awaitable[bool]]
"""Says whether an account (by label) has an inbox; asks with the client's user token."""


class ListSweep:
    """Puts into the mailbox what Chatwoot shows and no webhook told us.

    A webhook that comes all the same is then a duplicate, for the key of a message is its id.
    Accounts without a user token are left out; nothing is asked in their name.

    Args:
        mailbox: our records.
        configurations: current configuration.
        clients: Chatwoot clients.
        metrics: counters.
        clock: time.
        is_there: whether Chatwoot still has an inbox of the mapping; left out, all are read.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        configurations: Configurations,
        clients: Clients,
        metrics: Metrics,
        clock: Clock,
        is_there: IsThere | None = None,
    ) -> None:
        self._is_there = is_there
        self._mailbox = mailbox
        self._configurations = configurations
        self._clients = clients
        self._metrics = metrics
        self._clock = clock
        self._look = Look(mailbox, metrics=metrics, clock=clock)
        self._readings: dict[tuple[str, str, int | None], Reading] = {}

    async def run(self, policy: SweepPolicy) -> int:
        """Look once; return in how many conversations something was put into the mailbox.

        Raises:
            StoreError: the mailbox is away.
        """
        configuration = self._configurations.current
        found, away = 0, set[str]()
        for bots in _with_user_token(configuration):
            first = bots[0]
            if first.base_url in away or not await self._is_first(first, policy):
                continue
            try:
                found += await self._account(bots, configuration, policy)
            except ChatwootUnavailable as error:
                # After a 429 the pacer lets nothing through for a while (contract §4.7).
                away.add(first.base_url)
                self._failed(first, error)
            except (ChatwootError, MailboxFull, KeyError) as error:
                # KeyError: a reload took the bot out of the mapping just now.
                self._failed(first, error)
        return found

    async def _is_first(self, bot: Bot, policy: SweepPolicy) -> bool:
        """Return whether no other worker reads this account's lists in this span of time.

        The mailbox's dedupe decides, as for any event that comes twice.
        """
        if policy.every <= 0:
            return True
        now = self._clock.now()
        span = int(now.timestamp() // policy.every)
        body = f"{bot.account} {span}".encode()
        mark = Delivery(
            account=bot.account,
            bot=bot.name,
            event="chatcrew_sweep",
            weight=Weight.STATE,
            reason="sweep",
            change=Change(),
            body=body,
            digest=hashlib.sha256(body).digest(),
            received_at=now,
            sender="sweep",
            object_id=span,
        )
        return await self._mailbox.put(mark) is PutResult.STORED

    async def _account(
        self, bots: Sequence[Bot], configuration: Configuration, policy: SweepPolicy
    ) -> int:
        client = await self._clients.client(bots[0].name)
        scene = Scene(client, bots, configuration, policy)
        now, found = self._clock.now(), 0
        oldest = now - timedelta(seconds=policy.newest_age)
        for reading in self._readings_of(bots[0], configuration):
            if not await self._exists(bots[0], reading.inbox_id, client):
                continue
            pages = reading.pages(client, now=now, oldest=oldest, most=policy.pages)
            async with aclosing(pages):
                async for page in pages:
                    for item in page:
                        found += await self._look.at(item, scene)
        return found

    async def _exists(self, bot: Bot, inbox_id: int | None, client: ChatwootClient) -> bool:
        """Return False for an inbox that people deleted: its lists would be empty for ever."""
        if inbox_id is None or self._is_there is None:
            return True
        return await self._is_there(bot.account, inbox_id, client)

    def _readings_of(self, bot: Bot, configuration: Configuration) -> Iterator[Reading]:
        """Yield the lists to read: of each mapped inbox, or of all where each has a route."""
        everywhere = configuration.route(bot.account, None) is not None
        mapped = [number for account, number in configuration.routes if account == bot.account]
        for inbox_id in [None] if everywhere else mapped:
            for status in ("pending", "open"):
                key = (bot.account, status, inbox_id)
                yield self._readings.setdefault(key, Reading(status, inbox_id))

    def _failed(self, bot: Bot, error: Exception) -> None:
        """Say that a round was cut short; the next one reads on."""
        self._metrics.count("chatcrew_sweeps", action="list_failed")
        _log.error("sweep.list_failed", account=bot.account, error=type(error).__name__)


def _with_user_token(configuration: Configuration) -> list[list[Bot]]:
    """Return the bots of each account that has a user token."""
    accounts: dict[str, list[Bot]] = {}
    for bot in configuration.bots.values():
        if bot.user_token is not None:
            accounts.setdefault(bot.account, []).append(bot)
    return list(accounts.values())
