"""The record of calls on PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.database.transactions import statement, transaction
from chatcrew.errors import LeaseLost
from chatcrew.ids import ConversationId
from chatcrew.messages import ToolResult, TurnKey, clean_json, clean_text
from chatcrew.points import Step
from chatcrew.privacy import walked
from chatcrew.tools._calls import Begun, CallRow, CallState, digest_of, kept, stands_for
from chatcrew.tools._effects import EffectCall

_COLUMNS = """id, tenant, account, bot, number, turn_id, run, tool, digest,
    arguments::text as arguments, state, ok, result, made_at, expires_at, ruled_by, ruled_turn,
    reason"""

# The row of the conversation first, as everywhere: of two who act in it one waits here
_HOLD = text("""
    select 1 from conversation
    where bot = :bot and number = :number and fence = :fence and lease_owner is not null
    for update
""")

_CANDIDATES = text(f"""
    select {_COLUMNS} from tool_call
    where turn_id = :turn
       or (bot = :bot and number = :number and state = 'waiting' and tenant = :tenant
           and (expires_at is null or expires_at > :now))
    order by id
""")  # noqa: S608 - constant

_ADD = text(f"""
    insert into tool_call (tenant, account, bot, number, turn_id, fence, run, tool, digest,
                           arguments, state, made_at, acted_at, expires_at)
    values (:tenant, :account, :bot, :number, :turn, :fence, :run, :tool, :digest,
            cast(cast(:arguments as text) as jsonb), :state, :now,
            case when cast(:state as text) = 'acting' then cast(:now as timestamptz) end,
            :expires_at)
    returning {_COLUMNS}
""")  # noqa: S608 - constant

_ADOPT = text("update tool_call set run = :run, state = :state where id = :id")

_END = text("""
    update tool_call set state = :state, ok = :ok, result = :result, ended_at = :now
    where id = :id and state in ('acting', 'unknown')
""")

_RULE = text(f"""
    update tool_call set state = :state, ruled_by = :by, ruled_turn = :turn, reason = :reason
    where id = :id and bot = :bot and number = :number and state = 'waiting'
      and (expires_at is null or expires_at > :now)
    returning {_COLUMNS}
""")  # noqa: S608 - constant

_ACT = text("""
    update tool_call set state = 'acting', acted_at = :now, fence = :fence
    where id = :id and state = 'approved' and ruled_turn = :turn
""")

_DOUBT = text("update tool_call set state = 'unknown' where id = :id and state = 'acting'")

_EXPIRE = text("""
    update tool_call set state = 'expired', ruled_turn = :turn, ended_at = :now
    where id = :id and bot = :bot and number = :number and state = 'waiting'
""")

_CALL = text(f"select {_COLUMNS} from tool_call where id = :id")  # noqa: S608 - constant
_OF_TURN = text(f"select {_COLUMNS} from tool_call where turn_id = :turn order by id")  # noqa: S608 - constant
_WAITING = text(f"""
    select {_COLUMNS} from tool_call
    where bot = :bot and number = :number and state = 'waiting'
      and (expires_at is null or expires_at > :now)
    order by id
""")  # noqa: S608 - constant
_PURGE = text("delete from tool_call where made_at < :before and state <> 'waiting'")

_MOST = 2**63

_TENANT = text("select tenant from tool_call where id = :id")


class PostgresToolCalls:
    """``ToolCalls`` on PostgreSQL."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(
        self, call: EffectCall, *, run: str, expires_at: datetime | None = None
    ) -> Begun:
        """See ``ToolCalls.begin``."""
        place = _place(call.conversation)
        values = {**place, "turn": call.turn_id, "now": self._clock.now()}
        values |= {"tenant": call.tenant}
        digest = digest_of(call.arguments)
        async with transaction(self._database, step=Step.CALL_BEGIN) as connection:
            await _hold(connection, call.conversation, call.attempt)
            found = (await connection.execute(_CANDIDATES, values)).mappings()
            rows = [self._row(one) for one in found]
            known = stands_for(rows, tool=call.tool, digest=digest, run=run, turn_id=call.turn_id)
            if known is not None:
                return Begun(await _adopt(connection, known, run), mine=False)
            state = CallState.WAITING if call.approval else CallState.ACTING
            values |= {
                "account": call.conversation.account,
                "fence": call.attempt,
                "run": run,
                "tool": call.tool,
                "digest": digest,
                "arguments": orjson.dumps(self._sealed(call)).decode(),
                "state": state.value,
                "expires_at": expires_at if call.approval else None,
            }
            row = self._row((await connection.execute(_ADD, values)).mappings().one())
        return Begun(row, mine=not call.approval)

    async def end(self, number: int, state: CallState, *, result: ToolResult | None = None) -> None:
        """See ``ToolCalls.end``."""
        words = kept(result)
        words = None if words is None else clean_text(words)
        values = {
            "id": number,
            "state": state.value,
            "ok": None if result is None else result.ok,
            "result": words,
            "now": self._clock.now(),
        }
        keys = self._database.keys
        async with transaction(self._database, step=Step.CALL_END) as connection:
            if words is not None:
                tenant = await connection.scalar(_TENANT, {"id": number})
                values["result"] = keys.seal(words, _about(tenant or ""))
            await connection.execute(_END, values)

    async def call(self, number: int) -> CallRow | None:
        """See ``ToolCalls.call``."""
        if not 0 < number < _MOST:
            return None
        async with statement(self._database) as connection:
            found = (await connection.execute(_CALL, {"id": number})).mappings().one_or_none()
        return None if found is None else self._row(found)

    async def rule(
        self, key: TurnKey, number: int, *, approve: bool, by: str, reason: str = ""
    ) -> CallRow | None:
        """See ``ToolCalls.rule``."""
        if not 0 < number < _MOST:
            return None
        values = {
            **_place(key.conversation),
            "id": number,
            "state": (CallState.APPROVED if approve else CallState.DENIED).value,
            "by": clean_text(by),
            "turn": key.turn_id,
            "reason": clean_text(reason) or None,
            "now": self._clock.now(),
        }
        async with transaction(self._database) as connection:
            await _hold(connection, key.conversation, key.fence)
            found = (await connection.execute(_RULE, values)).mappings().one_or_none()
        return None if found is None else self._row(found)

    async def act(self, key: TurnKey, number: int) -> Begun:
        """See ``ToolCalls.act``."""
        values = {"id": number, "turn": key.turn_id, "fence": key.fence, "now": self._clock.now()}
        async with transaction(self._database) as connection:
            await _hold(connection, key.conversation, key.fence)
            mine = (await connection.execute(_ACT, values)).rowcount == 1
            if not mine:
                await connection.execute(_DOUBT, {"id": number})
            row = self._row((await connection.execute(_CALL, {"id": number})).mappings().one())
        return Begun(row, mine=mine)

    async def expire(self, key: TurnKey, number: int) -> CallRow | None:
        """See ``ToolCalls.expire``."""
        values = {**_place(key.conversation), "id": number, "turn": key.turn_id}
        async with transaction(self._database) as connection:
            await _hold(connection, key.conversation, key.fence)
            await connection.execute(_EXPIRE, {**values, "now": self._clock.now()})
            found = (await connection.execute(_CALL, {"id": number})).mappings().one_or_none()
        row = None if found is None else self._row(found)
        here = row is not None and row.state is CallState.EXPIRED
        return row if here and row is not None and row.ruled_turn == key.turn_id else None

    async def of_turn(self, turn_id: str) -> Sequence[CallRow]:
        """See ``ToolCalls.of_turn``."""
        return await self._rows(_OF_TURN, {"turn": turn_id})

    async def waiting(self, conversation: ConversationId) -> Sequence[CallRow]:
        """See ``ToolCalls.waiting``."""
        return await self._rows(_WAITING, {**_place(conversation), "now": self._clock.now()})

    async def purge(self, before: datetime) -> int:
        """See ``ToolCalls.purge``."""
        async with transaction(self._database) as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount

    async def _rows(self, query: Any, values: dict[str, Any]) -> Sequence[CallRow]:
        async with statement(self._database) as connection:
            return [self._row(one) for one in (await connection.execute(query, values)).mappings()]

    def _sealed(self, call: EffectCall) -> Any:
        """Return the arguments as they are stored: what is text in them may name people."""
        about = _about(call.tenant)
        keys = self._database.keys
        return walked(clean_json(dict(call.arguments)), lambda text: keys.seal(text, about))

    def _row(self, found: RowMapping) -> CallRow:
        values, keys = dict(found), self._database.keys
        account, bot, number = (values.pop(name) for name in ("account", "bot", "number"))
        about = _about(values["tenant"])
        values["arguments"] = keys.open_within(orjson.loads(values["arguments"]), about)
        values["state"] = CallState(values["state"])
        if values["result"] is not None:
            values["result"] = keys.open(values["result"], about)
        return CallRow(conversation=ConversationId(account, bot, number), **values)


def _about(tenant: str) -> str:
    return f"call {tenant}"


async def _hold(connection: AsyncConnection, conversation: ConversationId, fence: int) -> None:
    values = {**_place(conversation), "fence": fence}
    if (await connection.execute(_HOLD, values)).first() is None:
        raise LeaseLost(f"conversation {str(conversation)!r} was claimed again or given back")


async def _adopt(connection: AsyncConnection, row: CallRow, run: str) -> CallRow:
    """Let this asking own the row; what an earlier one left acting is in doubt for ever."""
    if row.run == run:
        return row
    doubt = row.state is CallState.ACTING
    fresh = replace(row, run=run, state=CallState.UNKNOWN if doubt else row.state)
    values = {"id": row.id, "run": run, "state": fresh.state.value}
    await connection.execute(_ADOPT, values)
    return fresh


def _place(conversation: ConversationId) -> dict[str, Any]:
    return {"bot": conversation.bot, "number": conversation.number}
