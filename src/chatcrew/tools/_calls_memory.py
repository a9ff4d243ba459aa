"""The record of calls in memory, for tests and rehearsals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chatcrew.clock import Clock
from chatcrew.database.rows import MemoryTables
from chatcrew.errors import LeaseLost
from chatcrew.ids import ConversationId
from chatcrew.messages import ToolResult, TurnKey
from chatcrew.tools._calls import Begun, CallRow, CallState, digest_of, kept, stands_for
from chatcrew.tools._effects import EffectCall


class MemoryToolCalls:
    """In-memory twin of ``PostgresToolCalls``; see ``ToolCalls`` for what each method promises."""

    def __init__(self, tables: MemoryTables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._rows: dict[int, CallRow] = {}
        self._last = 0

    async def begin(
        self, call: EffectCall, *, run: str, expires_at: datetime | None = None
    ) -> Begun:
        """See ``ToolCalls.begin``."""
        self._hold(call.conversation, call.attempt)
        digest = digest_of(call.arguments)
        waiting = [
            row for row in await self.waiting(call.conversation) if row.tenant == call.tenant
        ]
        rows = {row.id: row for row in (*await self.of_turn(call.turn_id), *waiting)}
        known = stands_for(
            [rows[number] for number in sorted(rows)],
            tool=call.tool,
            digest=digest,
            run=run,
            turn_id=call.turn_id,
        )
        if known is not None:
            return Begun(self._adopt(known, run), mine=False)
        self._last += 1
        row = CallRow(
            id=self._last,
            tenant=call.tenant,
            conversation=call.conversation,
            turn_id=call.turn_id,
            run=run,
            tool=call.tool,
            digest=digest,
            arguments=dict(call.arguments),
            state=CallState.WAITING if call.approval else CallState.ACTING,
            made_at=self._clock.now(),
            expires_at=expires_at if call.approval else None,
        )
        self._rows[row.id] = row
        return Begun(row, mine=not call.approval)

    async def end(self, number: int, state: CallState, *, result: ToolResult | None = None) -> None:
        """See ``ToolCalls.end``."""
        row = self._rows[number]
        if row.state in (CallState.ACTING, CallState.UNKNOWN):
            ok = None if result is None else result.ok
            self._rows[number] = replace(row, state=state, ok=ok, result=kept(result))

    async def call(self, number: int) -> CallRow | None:
        """See ``ToolCalls.call``."""
        return self._rows.get(number)

    async def rule(
        self, key: TurnKey, number: int, *, approve: bool, by: str, reason: str = ""
    ) -> CallRow | None:
        """See ``ToolCalls.rule``."""
        self._hold(key.conversation, key.fence)
        row = self._rows.get(number)
        now = self._clock.now()
        if row is None or row.conversation != key.conversation:
            return None
        if row.state is not CallState.WAITING or (row.expires_at and row.expires_at <= now):
            return None
        state = CallState.APPROVED if approve else CallState.DENIED
        self._rows[number] = replace(
            row, state=state, ruled_by=by, ruled_turn=key.turn_id, reason=reason or None
        )
        return self._rows[number]

    async def act(self, key: TurnKey, number: int) -> Begun:
        """See ``ToolCalls.act``."""
        self._hold(key.conversation, key.fence)
        row = self._rows[number]
        mine = row.state is CallState.APPROVED and row.ruled_turn == key.turn_id
        if mine:
            self._rows[number] = replace(row, state=CallState.ACTING)
        elif row.state is CallState.ACTING:
            self._rows[number] = replace(row, state=CallState.UNKNOWN)
        return Begun(self._rows[number], mine=mine)

    async def expire(self, key: TurnKey, number: int) -> CallRow | None:
        """See ``ToolCalls.expire``."""
        self._hold(key.conversation, key.fence)
        row = self._rows.get(number)
        if row is None or row.conversation != key.conversation:
            return None
        if row.state is CallState.WAITING:
            row = self._rows[number] = replace(row, state=CallState.EXPIRED, ruled_turn=key.turn_id)
        here = row.state is CallState.EXPIRED and row.ruled_turn == key.turn_id
        return row if here else None

    async def of_turn(self, turn_id: str) -> Sequence[CallRow]:
        """See ``ToolCalls.of_turn``."""
        return [row for row in self._rows.values() if row.turn_id == turn_id]

    async def waiting(self, conversation: ConversationId) -> Sequence[CallRow]:
        """See ``ToolCalls.waiting``."""
        now = self._clock.now()
        return [
            row
            for row in self._rows.values()
            if row.conversation == conversation
            and row.state is CallState.WAITING
            and (row.expires_at is None or row.expires_at > now)
        ]

    async def purge(self, before: datetime) -> int:
        """See ``ToolCalls.purge``."""
        old = [
            number
            for number, row in self._rows.items()
            if row.made_at < before and row.state is not CallState.WAITING
        ]
        for number in old:
            del self._rows[number]
        return len(old)

    def _adopt(self, row: CallRow, run: str) -> CallRow:
        """Let this asking own the row; what an earlier one left acting is in doubt for ever."""
        if row.run == run:
            return row
        doubt = row.state is CallState.ACTING
        state = CallState.UNKNOWN if doubt else row.state
        self._rows[row.id] = replace(row, run=run, state=state)
        return self._rows[row.id]

    def _hold(self, conversation: ConversationId, fence: int) -> None:
        row = self._tables.conversations.get((conversation.bot, conversation.number))
        if row is None or row.fence != fence or row.lease_owner is None:
            raise LeaseLost(f"conversation {str(conversation)!r} was claimed again or given back")
