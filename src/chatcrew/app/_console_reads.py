"""What the console's pages of operations read and do, over the parts that know."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from chatcrew.app._console_sql import ConsoleRecords
from chatcrew.clock import Clock
from chatcrew.debts import Debts
from chatcrew.ids import ConversationId
from chatcrew.mailbox import Mailbox, Quarantined
from chatcrew.messages import Debt
from chatcrew.tenancy import Configuration, Directory
from chatcrew.tenancy.model import Tenant
from chatcrew.web.console import (
    Door,
    Ended,
    FilesNow,
    Held,
    Load,
    Owed,
    Stuck,
    TenantRow,
    Tenants,
    Waiting,
)
from chatcrew.why import Account, Why

Status = Callable[[], Mapping[str, object]]
Advice = Callable[[], Awaitable[Sequence[Mapping[str, object]]]]


class ConsoleQueue:
    """Satisfies ``web.console.Queue``.

    Args:
        records: reads.
        mailbox: where stuck turns are freed.
        why: the account of turns.
        clock: time.
    """

    def __init__(
        self, records: ConsoleRecords, *, mailbox: Mailbox, why: Why, clock: Clock
    ) -> None:
        self._records = records
        self._mailbox = mailbox
        self._why = why
        self._clock = clock

    async def load(self, tenants: Tenants) -> Load:
        """See ``Queue.load``."""
        return await self._records.load(tenants, now=self._clock.now())

    async def waiting(self, tenants: Tenants, *, limit: int) -> Sequence[Waiting]:
        """See ``Queue.waiting``."""
        return await self._records.waiting(tenants, now=self._clock.now(), limit=limit)

    async def stuck(self, tenants: Tenants, *, limit: int) -> Sequence[Stuck]:
        """See ``Queue.stuck``."""
        return await self._records.stuck(tenants, limit=limit)

    async def one(self, conversation: ConversationId) -> Stuck | None:
        """See ``Queue.one``."""
        return await self._records.one(conversation)

    async def told(self, stuck: Stuck) -> Account | None:
        """See ``Queue.told``."""
        return await self._why.turn(stuck.conversation, stuck.turn, tenant=None)

    async def retry(self, conversation: ConversationId) -> bool:
        """See ``Queue.retry``."""
        return await self._mailbox.retry_parked(conversation)

    async def discard(self, conversation: ConversationId, *, reason: str) -> bool:
        """See ``Queue.discard``."""
        return await self._mailbox.discard_parked(conversation, reason=reason)


class ConsolePeople:
    """Satisfies ``web.console.People``.

    Args:
        debts: the book.
        records: how many there are.
        configuration: the files as they hold now: where Chatwoot is.
    """

    def __init__(
        self, debts: Debts, *, records: ConsoleRecords, configuration: Callable[[], Configuration]
    ) -> None:
        self._debts = debts
        self._records = records
        self._configuration = configuration

    async def count(self, tenants: Tenants, *, now: datetime) -> tuple[int, int]:
        """See ``People.count``."""
        return await self._records.owing(tenants, now=now)

    async def owed(self, tenants: Tenants, *, limit: int) -> Sequence[Owed]:
        """See ``People.owed``."""
        keys: list[str | None] = [None] if tenants is None else [*sorted(tenants)]
        found = [one for key in keys for one in await self._debts.list_standing(key, limit=limit)]
        found.sort(key=lambda one: one.owed.opened_at)
        return [self._shown(one) for one in found[:limit]]

    def _shown(self, debt: Debt) -> Owed:
        owed = debt.owed
        return Owed(
            owed.conversation,
            owed.tenant,
            owed.reason,
            owed.opened_at,
            owed.next_at,
            debt.step,
            owed.promise.at_most if owed.promise is not None else None,
            self._address(owed.conversation),
        )

    def _address(self, conversation: ConversationId) -> str:
        """Return where people open the conversation, by the address they use."""
        bot = self._configuration().bots.get(conversation.bot)
        if bot is None:
            return ""
        origin = (bot.tab_origins or (bot.base_url,))[0].rstrip("/")
        return f"{origin}/app/accounts/{bot.account_id}/conversations/{conversation.number}"


class ConsoleQuarantine:
    """Satisfies ``web.console.Quarantine``."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def held(self, *, limit: int) -> Sequence[Held]:
        """See ``Quarantine.held``."""
        return [_held(one) for one in await self._mailbox.in_quarantine(limit=limit)]

    async def body(self, number: int) -> tuple[Held, bytes] | None:
        """See ``Quarantine.body``."""
        found = await self._mailbox.quarantined_body(number)
        return None if found is None else (_held(found.entry), found.body)

    async def discard(self, number: int) -> bool:
        """See ``Quarantine.discard``."""
        return await self._mailbox.discard_quarantined(number)


class ConsoleHouses:
    """Satisfies ``web.console.Houses``.

    Args:
        directory: the files as they hold now.
        records: which turn was the last.
        status: what ``/health/ready`` shows of the files, or None.
        advice: what examinations found, or None.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        records: ConsoleRecords,
        status: Status | None = None,
        advice: Advice | None = None,
    ) -> None:
        self._directory = directory
        self._records = records
        self._status = status
        self._advice = advice

    async def rows(self, tenants: Tenants) -> Sequence[TenantRow]:
        """See ``Houses.rows``."""
        configuration = self._directory.current
        known = configuration.tenants
        shown = [one for key, one in known.items() if tenants is None or key in tenants]
        last = await self._records.last([one.key for one in shown])
        rows = [_row(one, configuration, last.get(one.key)) for one in shown]
        return sorted(rows, key=lambda one: (one.name.casefold(), one.key))

    async def files(self) -> FilesNow:
        """See ``Houses.files``."""
        status = self._status() if self._status is not None else {}
        advice = await self._advice() if self._advice is not None else ()
        faults, messages = status.get("faults", 0), status.get("messages", ())
        assert isinstance(faults, int)
        assert isinstance(messages, Sequence)
        return FilesNow(
            self._directory.current.version,
            faults,
            bool(status.get("in_force", True)),
            tuple(messages),
            [
                {
                    "account": str(one["account"]),
                    "pt-BR": str(one["text"]),
                    "en": str(one["text_en"]),
                }
                for one in advice
            ],
        )


class ConsoleNow:
    """Satisfies ``web.console.Now``."""

    def __init__(self, records: ConsoleRecords) -> None:
        self._records = records

    async def newest(self, tenants: Tenants, *, limit: int) -> Sequence[Ended]:
        """See ``Now.newest``."""
        return await self._records.newest(tenants, limit=limit)

    async def since(self, tenants: Tenants, *, after: datetime, limit: int) -> Sequence[Ended]:
        """See ``Now.since``."""
        return await self._records.since(tenants, after=after, limit=limit)


def _held(one: Quarantined) -> Held:
    return Held(one.id, one.bot, one.reason, one.at, one.size)


def _row(
    tenant: Tenant, configuration: Configuration, last: tuple[datetime, str] | None
) -> TenantRow:
    doors = [
        Door(account, inbox, route.channel, route.mode, route.first)
        for (account, inbox), route in configuration.routes.items()
        if route.tenant == tenant.key
    ]
    return TenantRow(
        tenant.key,
        tenant.persona.business,
        tenant.persona.name,
        tenant.timezone,
        tenant.functions,
        doors,
        last[0] if last is not None else None,
        last[1] if last is not None else "",
    )
