"""The book of debts on PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.debts._port import Over, Unowed
from chatcrew.debts._rules import Seen, ending_of
from chatcrew.ids import ConversationId
from chatcrew.messages import Debt, DebtEnd, DebtKind, NewDebt, Promise, clean_text

_COLUMNS = ", ".join(
    f"debt.{name}"
    for name in (
        *("id", "account", "bot", "number", "tenant", "kind", "reason", "turn_id", "team_id"),
        *("opened_at", "closed_then", "episode", "customer_id", "again", "soonest", "likely"),
        *("at_most", "step", "step_turn", "next_at", "ended_at", "ending", "waited", "by_user"),
    )
)

# What the conversation is now is read in the same statement, so that nothing comes between
_OWE = text(f"""
    insert into debt (
        account, bot, number, tenant, kind, reason, turn_id, team_id, opened_at, closed_then,
        episode, customer_id, handed_version, again, soonest, likely, at_most, next_at)
    select :account, bot, number, :tenant, :kind, :reason, :turn_id, :team_id,
        cast(:opened_at as timestamptz), :closed_then, episode, last_customer_id, handed_version,
        exists (
            select from debt before where before.bot = conversation.bot
              and before.number = conversation.number and before.episode = conversation.episode
              and before.ending = 'returned' and before.kind <> 'resolution'
              and (cast(:turn_id as text) is null or before.turn_id is distinct from :turn_id)),
        cast(:soonest as double precision), cast(:likely as double precision),
        cast(:at_most as double precision), cast(:next_at as timestamptz)
    from conversation where bot = :bot and number = :number
    on conflict (bot, number, (kind = 'resolution')) where ended_at is null do nothing
    returning {_COLUMNS}
""")  # noqa: S608 - constant

_STANDING = text(f"""
    select {_COLUMNS} from debt
    where bot = :bot and number = :number and ended_at is null
      and (kind = 'resolution') = :resolution
""")  # noqa: S608 - constant

_ADVANCE = text("""
    update debt set step = :step, step_turn = :turn_id, next_at = cast(:next_at as timestamptz)
    where id = :number and ended_at is null
      and (step = :step - 1 or (step = :step and step_turn = :turn_id))
""")

_OVER = text(f"""
    select {_COLUMNS}, answer.line ->> 'created_at' as answered_at,
        cast(answer.line -> 'author' ->> 'id' as bigint) as answered_by, conversation.status,
        conversation.episode = debt.episode as same_episode,
        conversation.handed_version is distinct from debt.handed_version as handed_back,
        coalesce(conversation.status = 'pending' and conversation.silence is null
            and conversation.owner_kind is distinct from 'person'
            and debt.opened_at < cast(:returned_before as timestamptz), false) as idle
    from debt
    join conversation on conversation.bot = debt.bot and conversation.number = debt.number
    left join lateral (
        select line from message
        where debt.kind <> 'resolution'
          and message.bot = debt.bot and message.number = debt.number
          and message.message_id > debt.customer_id and not private and not deleted
          and line -> 'author' ->> 'kind' in ('person', 'phone')
        order by message_id limit 1
    ) answer on true
    where debt.ended_at is null
      and (answer.line is not null or conversation.status = 'resolved'
        or conversation.episode <> debt.episode
        or conversation.handed_version is distinct from debt.handed_version
        or (conversation.status = 'pending' and conversation.silence is null
            and conversation.owner_kind is distinct from 'person'
            and debt.opened_at < cast(:returned_before as timestamptz)))
    order by debt.id limit :limit
""")  # noqa: S608 - constant

_END = text("""
    update debt set ended_at = :at, ending = :ending, waited = cast(:waited as double precision),
        by_user = cast(:by_user as bigint), next_at = null
    where id = :number and ended_at is null
""")

_DUE = text(f"""
    select {_COLUMNS} from debt
    where ended_at is null and next_at is not null and next_at <= :now and woken <= step
    order by next_at, id limit :limit
""")  # noqa: S608 - constant

_WOKEN = text("update debt set woken = greatest(woken, :step) where id = :number")

_UNOWED = text("""
    select account, conversation.bot, number, tenant, customer_at from conversation
    join unnest(cast(:bots as text[]), cast(:ids as bigint[])) as known (bot, agent_bot_id)
        on known.bot = conversation.bot
    where last_customer_id > 0 and last_customer_id >= last_answer_id
      and customer_at between :since and :before and status = 'open'
      and tenant = any(cast(:tenants as text[]))
      and (owner_kind is null or owner_kind = 'person' or (owner_kind = 'bot'
        and cast(snapshot -> 'owner' ->> 'id' as bigint) = known.agent_bot_id))
      and not coalesce(cast(snapshot -> 'contact' ->> 'blocked' as boolean), false)
      and not exists (
        select from debt
        where debt.bot = conversation.bot and debt.number = conversation.number
          and debt.kind <> 'resolution'
          and (debt.ended_at is null or (debt.ending = 'thanked'
            and debt.customer_id >= conversation.last_customer_id)))
    order by customer_at limit :limit
""")

_LIST = text(f"""
    select {_COLUMNS} from debt
    where ended_at is null and (cast(:tenant as text) is null or tenant = :tenant)
      and (kind = 'resolution') = :resolution
    order by opened_at, id limit :limit
""")  # noqa: S608 - constant

_HISTORY = text(f"""
    select {_COLUMNS} from debt
    where tenant = :tenant and kind = :kind and opened_at >= :since
    order by opened_at desc, id desc limit :limit
""")  # noqa: S608 - constant

_PURGE = text("delete from debt where ended_at < :before")


class PostgresDebts:
    """``Debts`` on PostgreSQL; table ``debt``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def owe(self, new: NewDebt) -> Debt | None:
        """See ``Debts.owe``."""
        promise = new.promise
        values = {
            **_place(new.conversation),
            "account": new.conversation.account,
            "tenant": new.tenant,
            "kind": new.kind.value,
            "reason": clean_text(new.reason),
            "turn_id": new.turn_id,
            "team_id": new.team_id,
            "opened_at": new.opened_at,
            "closed_then": new.closed_then,
            "soonest": promise and promise.soonest,
            "likely": promise and promise.likely,
            "at_most": promise and promise.at_most,
            "next_at": new.next_at,
        }
        async with transaction(self._database) as connection:
            row = (await connection.execute(_OWE, values)).mappings().one_or_none()
        return None if row is None else _debt(row)

    async def standing(
        self, conversation: ConversationId, *, resolution: bool = False
    ) -> Debt | None:
        """See ``Debts.standing``."""
        values = {**_place(conversation), "resolution": resolution}
        async with statement(self._database) as connection:
            found = await connection.execute(_STANDING, values)
            row = found.mappings().one_or_none()
        return None if row is None else _debt(row)

    async def advance(
        self, number: int, *, step: int, turn_id: str, next_at: datetime | None
    ) -> bool:
        """See ``Debts.advance``."""
        values = {"number": number, "step": step, "turn_id": turn_id, "next_at": next_at}
        async with transaction(self._database) as connection:
            return (await connection.execute(_ADVANCE, values)).rowcount == 1

    async def over(self, *, returned_before: datetime, limit: int) -> Sequence[Over]:
        """See ``Debts.over``."""
        values = {"returned_before": returned_before, "limit": limit}
        async with statement(self._database) as connection:
            rows = (await connection.execute(_OVER, values)).mappings().all()
        return [over for row in rows if (over := _over(row)) is not None]

    async def end(
        self,
        number: int,
        *,
        ending: DebtEnd,
        at: datetime,
        waited: float | None,
        by: int | None = None,
    ) -> bool:
        """See ``Debts.end``."""
        values = {"number": number, "ending": ending.value, "at": at, "waited": waited}
        async with transaction(self._database) as connection:
            return (await connection.execute(_END, values | {"by_user": by})).rowcount == 1

    async def due(self, *, limit: int) -> Sequence[Debt]:
        """See ``Debts.due``."""
        return await self._read(_DUE, now=self._clock.now(), limit=limit)

    async def woken(self, number: int, *, step: int) -> None:
        """See ``Debts.woken``."""
        async with transaction(self._database) as connection:
            await connection.execute(_WOKEN, {"number": number, "step": step})

    async def unowed(
        self,
        bots: Mapping[str, int],
        *,
        tenants: Collection[str],
        since: datetime,
        before: datetime,
        limit: int,
    ) -> Sequence[Unowed]:
        """See ``Debts.unowed``."""
        values: dict[str, object] = {"bots": list(bots), "ids": list(bots.values())}
        values |= {"tenants": list(tenants), "since": since}
        async with statement(self._database) as connection:
            found = await connection.execute(_UNOWED, values | {"before": before, "limit": limit})
            return [
                Unowed(
                    ConversationId(row.account, row.bot, row.number), row.tenant, row.customer_at
                )
                for row in found
            ]

    async def list_standing(
        self, tenant: str | None, *, limit: int, resolution: bool = False
    ) -> Sequence[Debt]:
        """See ``Debts.list_standing``."""
        return await self._read(_LIST, tenant=tenant, limit=limit, resolution=resolution)

    async def history(
        self, tenant: str, *, since: datetime, limit: int, kind: DebtKind = DebtKind.HANDOFF
    ) -> Sequence[Debt]:
        """See ``Debts.history``."""
        return await self._read(_HISTORY, tenant=tenant, since=since, limit=limit, kind=kind.value)

    async def purge(self, before: datetime) -> int:
        """See ``Debts.purge``."""
        async with transaction(self._database) as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount

    async def _read(self, query: Any, **values: object) -> list[Debt]:
        async with statement(self._database) as connection:
            return [_debt(row) for row in (await connection.execute(query, values)).mappings()]


def _place(conversation: ConversationId) -> dict[str, object]:
    return {"bot": conversation.bot, "number": conversation.number}


def _over(row: RowMapping) -> Over | None:
    at = row["answered_at"] and datetime.fromisoformat(row["answered_at"])
    ending = ending_of(
        Seen(
            answered_at=at,
            status=row["status"],
            same_episode=row["same_episode"],
            handed_back=row["handed_back"],
            idle=row["idle"],
        )
    )
    return None if ending is None else Over(_debt(row), ending, at, row["answered_by"])


def _debt(row: RowMapping) -> Debt:
    promise = None
    if row["at_most"] is not None:
        promise = Promise(row["soonest"], row["likely"], row["at_most"])
    return Debt(
        id=row["id"],
        owed=NewDebt(
            conversation=ConversationId(row["account"], row["bot"], row["number"]),
            tenant=row["tenant"],
            kind=DebtKind(row["kind"]),
            reason=row["reason"],
            opened_at=row["opened_at"],
            next_at=row["next_at"],
            closed_then=row["closed_then"],
            turn_id=row["turn_id"],
            team_id=row["team_id"],
            promise=promise,
        ),
        episode=row["episode"],
        customer_id=row["customer_id"],
        again=row["again"],
        step=row["step"],
        step_turn=row["step_turn"],
        ended_at=row["ended_at"],
        ending=DebtEnd(row["ending"]) if row["ending"] else None,
        waited=row["waited"],
        by=row["by_user"],
    )
