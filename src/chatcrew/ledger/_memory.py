"""The ledger in memory, for tests and simulations."""

from chatcrew.database.rows import MemoryTables, TurnRow
from chatcrew.ids import ConversationId
from chatcrew.ledger._port import TurnFacts, TurnUsage
from chatcrew.messages import ModelCall, Usage


class MemoryLedger:
    """In-memory twin of ``PostgresLedger``; see ``Ledger`` for what each method promises."""

    def __init__(self, tables: MemoryTables) -> None:
        self._tables = tables

    async def record_call(self, call: ModelCall) -> None:
        """See ``Ledger.record_call``."""
        self._tables.calls.append(call)

    async def usage(self, turn_id: str) -> TurnUsage:
        """See ``Ledger.usage``."""
        mine = [
            call
            for call in self._tables.calls
            if isinstance(call, ModelCall) and call.turn_id == turn_id
        ]
        asked = [call for call in mine if not call.from_cache]
        return TurnUsage(
            calls=len(asked),
            failed=sum(call.error is not None for call in asked),
            from_cache=len(mine) - len(asked),
            usage=Usage(
                prompt_tokens=sum(call.usage.prompt_tokens for call in asked),
                completion_tokens=sum(call.usage.completion_tokens for call in asked),
                cached_tokens=sum(call.usage.cached_tokens for call in asked),
                audio_seconds=sum(call.usage.audio_seconds for call in asked),
            ),
            cost=sum(call.cost or 0.0 for call in asked),
            unpriced=sum(call.cost is None for call in asked),
            estimated=sum(call.estimated for call in asked),
        )

    async def turns(self, conversation: ConversationId, *, limit: int) -> tuple[TurnFacts, ...]:
        """See ``Ledger.turns``."""
        place = (conversation.bot, conversation.number)
        found = [
            _facts(row)
            for row in self._tables.turns.values()
            if (row.state_of.id.bot, row.state_of.id.number) == place
        ]
        found.sort(key=lambda facts: (facts.started_at, facts.turn_id), reverse=True)
        return tuple(found[:limit])

    async def turn(self, turn_id: str) -> TurnFacts | None:
        """See ``Ledger.turn``."""
        row = self._tables.turns.get(turn_id)
        return _facts(row) if row is not None else None


def _facts(row: TurnRow) -> TurnFacts:
    return TurnFacts(
        turn_id=row.id,
        conversation=row.state_of.id,
        state=row.state,
        started_at=row.started_at,
        decided_at=row.decided_at,
        finished_at=row.finished_at,
        attempts=row.attempts,
        worker=row.worker,
        record=row.record,
    )
