"""Silences in memory: begun and ended by order, over by time, and what was said too late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chatcrew.clock import Clock
from chatcrew.database.rows import MemoryTables
from chatcrew.ids import ConversationId
from chatcrew.mailbox._memory_queue import held
from chatcrew.messages import ConversationState, Silence, Talkover, TurnKey, talkovers


class MemorySilences:
    """The silences of ``MemoryMailbox``."""

    _tables: MemoryTables
    _clock: Clock

    async def set_silence(
        self,
        key: TurnKey,
        silence: Silence | None,
        *,
        until: datetime | None = None,
        by: str = "",
        why: str = "",
        upto: int = 0,
    ) -> None:
        """See ``Mailbox.set_silence``."""
        row = held(self._tables, key)
        state = replace(
            row.state,
            silence=silence,
            silenced_at=self._clock.now() if silence is not None else None,
            silence_until=until,
            silence_by=by,
            silence_why=why,
            spoke_id=row.state.spoke_id if silence is not None else 0,
        )
        handed_id = max(row.handed_id, upto)
        self._tables.conversations[row.key] = replace(row, state=state, handed_id=handed_id)

    async def silences_over(self, *, limit: int) -> Sequence[ConversationState]:
        """See ``Mailbox.silences_over``."""
        now = self._clock.now()
        found = [
            (row.state.silence_until, row.key, row.state)
            for row in self._tables.conversations.values()
            if row.state.silence_until is not None and row.state.silence_until <= now
        ]
        found.sort(key=lambda one: one[1])
        found.sort(key=lambda one: one[0], reverse=True)
        return [state for *_, state in found[:limit]]

    async def talked_over(self, conversation: ConversationId) -> Sequence[Talkover]:
        """See ``Mailbox.talked_over``."""
        key = (conversation.bot, conversation.number)
        row = self._tables.conversations.get(key)
        if row is None or not row.state.spoke_id:
            return []
        lines = [
            one.line
            for one in self._tables.messages.values()
            if one.key == key and one.part == 0 and one.line.message_id >= row.state.spoke_id
        ]
        known = {
            int(one["message"])
            for turn in self._tables.turns.values()
            if turn.state_of.id == conversation and turn.record is not None
            for one in turn.record.details.get("talkover", ())
        }
        return talkovers(lines, spoke_id=row.state.spoke_id, known=known)
