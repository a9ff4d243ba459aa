"""Writes each business's weekly digest for supervisors, and forgets old signals."""

import asyncio
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Self

from chatcrew.app.weekly import Weekly
from chatcrew.chatwoot import TAG_KEY
from chatcrew.clock import Clock
from chatcrew.errors import ChatwootError, StoreError
from chatcrew.feedback import FeedbackStore, Taken, digest, due, written
from chatcrew.hub.ports import Configurations
from chatcrew.hub.shaping import literal
from chatcrew.ids import ConversationId
from chatcrew.mailbox import Mailbox
from chatcrew.telemetry import Metrics, get_logger, place
from chatcrew.tenancy.model import Configuration, Tenant
from chatcrew.worker import Clients, was_written

EVERY = 300.0
"""Seconds between two looks."""

_WEEK = timedelta(days=7)
_log = get_logger("digest")


class Digests:
    """Sends what is due, as an async context.

    Who takes a digest sends it, so that no two workers do, and notes then that it was sent. Who
    dies in between has it taken again, by whoever looks first whether the note is there.

    Args:
        store: the signals.
        configurations: whose supervisors want one, and where.
        clients: Chatwoot.
        mailbox: knows whose conversation is whose.
        metrics: counters.
        clock: time.
        weekly: figures of the week, and where mail files are laid; None: signals only, notes only.
    """

    def __init__(
        self,
        store: FeedbackStore,
        *,
        configurations: Configurations,
        clients: Clients,
        mailbox: Mailbox,
        metrics: Metrics,
        clock: Clock,
        weekly: Weekly | None = None,
    ) -> None:
        self._mailbox, self._weekly = mailbox, weekly
        self._store = store
        self._configurations = configurations
        self._clients = clients
        self._metrics = metrics
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._looking(), name="digests")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _looking(self) -> None:
        while True:
            try:
                await self.run()
                await self.purge()
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, it outlives any round
                _log.error("digest.away", error=type(error).__name__, place=place(error))
            await self._clock.sleep(EVERY)

    async def run(self) -> None:
        """Look once at every business; what fails with one keeps no other from its digest."""
        configuration = self._configurations.current
        for tenant in configuration.tenants.values():
            try:
                await self._send(tenant, configuration)
            except Exception as error:  # noqa: BLE001 - design §5: as the worker's loop, for each business
                self._metrics.count("chatcrew_feedback_digests", result="failed")
                _log.error(
                    "digest.failed",
                    tenant=tenant.key,
                    error=type(error).__name__,
                    place=place(error),
                )

    async def purge(self) -> None:
        """Forget signals that are older than their business keeps them.

        Raises:
            StoreError: signals are away.
        """
        for tenant in self._configurations.current.tenants.values():
            kept = timedelta(days=tenant.people.feedback.keep_days)
            await self._store.purge(tenant.key, self._clock.now() - kept)

    async def _send(self, tenant: Tenant, configuration: Configuration) -> None:
        policy, now = tenant.people.feedback.digest, self._clock.now()
        moment = due(policy, tenant.timezone, now)
        laid = self._weekly is not None and self._weekly.folder is not None
        bot = bot_of(configuration, tenant.key, named=policy.bot)
        noted = policy.conversation is not None and bot is not None
        if moment is None or not (noted or laid):
            return
        taken = await self._store.take_digest(tenant.key, moment.date(), now)
        if taken is None:
            return
        try:
            result = await self._told(tenant, moment, bot=bot if noted else None, taken=taken)
        except (ChatwootError, StoreError, KeyError, OSError) as error:
            await self._failed(tenant, moment.date(), error, taken)
            return
        await self._store.digest_sent(tenant.key, moment.date(), self._clock.now())
        self._metrics.count("chatcrew_feedback_digests", result=result)

    async def _told(
        self, tenant: Tenant, moment: datetime, *, bot: str | None, taken: Taken
    ) -> str:
        """Lay the mail file and write the note, as far as both are wanted; return how it ended."""
        found = await self._store.between(tenant.key, moment - _WEEK, moment)
        one = digest(tenant.key, found, since=moment - _WEEK, until=moment)
        figures, language = "", tenant.language
        if self._weekly is not None:
            figures = await self._weekly.told(tenant, one.since, one.until)
            # First, for a file that is laid twice is one file, and a note would be two
            await self._weekly.lay(one, figures, language=language, at=self._clock.now())
        conversation = tenant.people.feedback.digest.conversation
        if bot is None or conversation is None:
            return "sent"
        account = self._configurations.current.bots[bot].account
        if await self._is_anothers(account, conversation, tenant):
            _log.warning("digest.not_sent", tenant=tenant.key, error="conversation_of_another")
            return "refused"
        words = written(one, language=language, quote=literal)
        client = await self._clients.client(bot)
        tag = f"digest:{tenant.key}:{moment:%Y-%m-%d}"
        if taken is Taken.AGAIN:
            # Whoever had it before may have died with the note written
            begun = moment.timestamp()
            there = await was_written(client, conversation, tag=tag, begun=begun)
            if there is None or there[0]:
                return "unknown" if there is None else "sent"
        note = "\n\n".join(filter(None, [figures, words]))
        attributes = {TAG_KEY: {"tag": tag}}
        await client.create_message(conversation, note, private=True, content_attributes=attributes)
        return "sent"

    async def _is_anothers(self, account: str, number: int, tenant: Tenant) -> bool:
        """Return whether our records give the named conversation to another business.

        Several may share an account, and its people would read what this one's customers said.
        """
        for label, bot in self._configurations.current.bots.items():
            if bot.account == account:
                state = await self._mailbox.state(ConversationId(account, label, number))
                if state is not None and state.tenant not in (None, tenant.key):
                    return True
        return False

    async def _failed(self, tenant: Tenant, day: date, error: Exception, taken: Taken) -> None:
        """Let it be sent again: at once, or once somebody looks whether it was."""
        maybe = isinstance(error, ChatwootError) and error.maybe_done
        if not maybe and taken is Taken.NEW:
            await self._store.give_back(tenant.key, day)
        self._metrics.count("chatcrew_feedback_digests", result="failed")
        _log.warning("digest.not_sent", tenant=tenant.key, error=type(error).__name__)


def bot_of(configuration: Configuration, tenant: str, *, named: str = "") -> str | None:
    """Return the named bot, else the first by name, if it serves the business; None if none does.

    Another business's bot would show its people what our customers said.
    """
    routes = configuration.routes.items()
    accounts = {account for (account, _), route in routes if route.tenant == tenant}
    everywhere = configuration.fallback is not None and configuration.fallback.tenant == tenant
    bots = sorted(configuration.bots.items())
    serving = (label for label, bot in bots if everywhere or bot.account in accounts)
    return next((label for label in serving if named in ("", label)), None)
