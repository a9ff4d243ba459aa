"""Keeps the book of debts: opens what is owed, closes what was paid, wakes what is due (N14)."""

from datetime import datetime, timedelta

from chatcrew.clock import Clock
from chatcrew.debts import Debts, Over
from chatcrew.hub import debts as rules
from chatcrew.hub.ports import Configurations
from chatcrew.mailbox import Mailbox
from chatcrew.messages import DebtEnd, DebtKind, NewDebt, StoredPart
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.tenancy.calendar import calendar
from chatcrew.tenancy.model import Tenant

_log = get_logger("debts")

_AT_ONCE = 200
_GRACE = timedelta(seconds=60)
"""How long a customer may wait for people before the watch looks, as for the sweep."""

_NEWEST = timedelta(days=3)
"""Who has waited longer was there before the bot, or nobody will ever come."""

_UNOPENED = timedelta(minutes=5)
"""After this a conversation that is still the bot's was not given to people at all."""

_KEPT = timedelta(days=180)


class DebtWatch:
    """Looks after debts; any number of workers may, for each change of the book happens once.

    Args:
        debts: the book.
        mailbox: where a step becomes an input.
        configurations: current configuration.
        metrics: counters.
        clock: time.
    """

    def __init__(
        self,
        debts: Debts,
        *,
        mailbox: Mailbox,
        configurations: Configurations,
        metrics: Metrics,
        clock: Clock,
    ) -> None:
        self._debts = debts
        self._mailbox = mailbox
        self._configurations = configurations
        self._metrics = metrics
        self._clock = clock

    async def owe(self, part: StoredPart) -> None:
        """Open the debt that a status act makes, right before it is done.

        Before, because a crash in between must not leave a customer whom nobody has in the book; a
        conversation that then is not opened ends its debt by itself.

        Raises:
            StoreError: storage is away; the act is not done yet.
        """
        said = part.payload.get(rules.OWED)
        if said is None:
            return
        state = await self._mailbox.state(part.conversation)
        tenant = self._tenant(state.tenant if state is not None else None)
        if tenant is None:
            return
        begun = said.get("since")
        since = self._clock.now() if begun is None else datetime.fromisoformat(begun)
        for kind in (DebtKind(said.get("kind", DebtKind.HANDOFF)), DebtKind.RESOLUTION):
            new = rules.owed(
                tenant, kind, part.conversation, since=since, said=said, turn_id=part.turn_id
            )
            if new is None or await self._open(new):
                continue
            resolution = kind is DebtKind.RESOLUTION
            before = await self._debts.standing(part.conversation, resolution=resolution)
            if before is not None and before.owed.turn_id != part.turn_id:
                # The bot could not hand over what it did not have: people had given it back
                await self._end(Over(before, DebtEnd.RETURNED))
                await self._open(new)

    async def run(self) -> int:
        """Close what was paid and wake what is due; return how many inputs were made.

        Raises:
            StoreError: storage is away.
        """
        before = self._clock.now() - _UNOPENED
        for over in await self._debts.over(returned_before=before, limit=_AT_ONCE):
            await self._end(over)
        woken = 0
        for debt in await self._debts.due(limit=_AT_ONCE):
            step = debt.step + 1
            key = f"debt:{debt.id}:{step}"
            payload = {"timer": "debt", "debt": debt.id, "step": step, "key": key}
            if debt.owed.kind is DebtKind.RESOLUTION:
                payload["resolution"] = True
            await self._mailbox.wake(debt.owed.conversation, key=key, payload=payload)
            await self._debts.woken(debt.id, step=step)
            woken += 1
        return woken

    async def find(self) -> int:
        """Open a debt for each customer who waits for people while none says so; return how many.

        Raises:
            StoreError: storage is away.
        """
        now = self._clock.now()
        current = self._configurations.current
        bots = {bot.name: bot.agent_bot_id for bot in current.bots.values()}
        watched = {
            key
            for key, tenant in current.tenants.items()
            if tenant.people.waiting.answer is not None
        }
        found = await self._debts.unowed(
            bots, tenants=watched, since=now - _NEWEST, before=now - _GRACE, limit=_AT_ONCE
        )
        opened = 0
        for one in found:
            tenant = self._tenant(one.tenant)
            if tenant is None:
                continue
            new = rules.owed(tenant, DebtKind.REPLY, one.conversation, since=one.since)
            if new is None:
                continue
            end = rules.owed(tenant, DebtKind.RESOLUTION, one.conversation, since=one.since)
            if end is not None:
                # First, for who is owed an answer already is not found again after a crash
                await self._open(end)
            opened += await self._open(new)
        return opened

    async def purge(self) -> None:
        """Forget what ended long ago.

        Raises:
            StoreError: storage is away.
        """
        await self._debts.purge(self._clock.now() - _KEPT)

    async def _open(self, new: NewDebt) -> bool:
        debt = await self._debts.owe(new)
        if debt is None:
            return False
        self._metrics.count("chatcrew_debts", tenant=new.tenant, event=f"opened_{new.kind.value}")
        _log.info("debt.opened", conversation=str(new.conversation), kind=new.kind.value)
        return True

    async def _end(self, over: Over) -> None:
        owed = over.debt.owed
        at = over.at or self._clock.now()
        tenant = self._tenant(owed.tenant)
        waited = None if tenant is None else calendar(tenant).seconds(owed.opened_at, at)
        ended = await self._debts.end(
            over.debt.id, ending=over.ending, at=at, waited=waited, by=over.by
        )
        if not ended:
            return
        event = rules.event_of(owed.kind, over.ending)
        self._metrics.count("chatcrew_debts", tenant=owed.tenant, event=event)
        _log.info("debt.ended", conversation=str(owed.conversation), ending=over.ending.value)

    def _tenant(self, key: str | None) -> Tenant | None:
        return self._configurations.current.tenants.get(key or "")
