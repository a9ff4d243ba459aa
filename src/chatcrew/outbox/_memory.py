"""The outbox in memory: the same rules over plain dictionaries, for tests and simulations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.database.rows import ConversationRow, MemoryTables, MessageRow, TurnRow
from chatcrew.errors import LeaseLost, StoreError
from chatcrew.messages import (
    AuthorKind,
    PartState,
    PlannedPart,
    Standing,
    StoredPart,
    TurnKey,
    TurnRecord,
    TurnState,
    clean_json,
    clean_text,
)
from chatcrew.outbox._plan import new_tag, sent_line
from chatcrew.outbox._port import Begun, Said


class MemoryOutbox:
    """In-memory twin of ``PostgresOutbox``; see ``Outbox`` for what each method promises."""

    def __init__(self, tables: MemoryTables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def decide(
        self, key: TurnKey, parts: Sequence[PlannedPart], record: TurnRecord
    ) -> tuple[StoredPart, ...]:
        """See ``Outbox.decide``."""
        turn = self._held(key)
        if turn.state is TurnState.OPEN:
            turn.state, turn.record = TurnState.DECIDED, record
            turn.decided_at = self._clock.now()
            self._add(key, parts)
            self._keep_topic(key, record)
        return await self.parts(key.turn_id)

    async def append(self, key: TurnKey, parts: Sequence[PlannedPart]) -> tuple[StoredPart, ...]:
        """See ``Outbox.append``."""
        if self._held(key).state is not TurnState.DECIDED:
            raise LeaseLost(f"turn {key.turn_id!r} is not decided")
        return self._add(key, parts)

    async def parts(self, turn_id: str) -> tuple[StoredPart, ...]:
        """See ``Outbox.parts``."""
        found = [part for part in self._tables.parts.values() if part.turn_id == turn_id]
        return tuple(sorted(found, key=lambda part: part.position))

    async def begin(self, part: StoredPart, key: TurnKey) -> Begun | None:
        """See ``Outbox.begin``."""
        self._held(key)
        known = self._known(part)
        if known.state is not PartState.PLANNED or known.turn_id != key.turn_id:
            return None
        begun = replace(
            known,
            state=PartState.SENDING,
            attempts=known.attempts + 1,
            sending_at=self._clock.now(),
            error=None,
        )
        state = self._tables.conversations[key.conversation.bot, key.conversation.number].state
        return Begun(self._save(begun), Standing(state.snapshot, state.silence, state.spoke_id))

    async def sent(self, part: StoredPart, *, message_id: int | None = None) -> Said:
        """See ``Outbox.sent``."""
        known = self._known(part)
        if known.state in (PartState.PLANNED, PartState.SENDING, PartState.UNKNOWN):
            known = self._save(
                replace(known, state=PartState.SENT, message_id=message_id, error=None)
            )
        if message_id is None:
            return Said(known)
        return Said(known, self._keep_line(known, message_id))

    async def back_to_planned(self, part: StoredPart, *, error: str) -> StoredPart:
        """See ``Outbox.back_to_planned``."""
        return self._end(part, PartState.PLANNED, error, of=(PartState.SENDING,))

    async def failed(self, part: StoredPart, *, error: str) -> StoredPart:
        """See ``Outbox.failed``."""
        return self._end(part, PartState.FAILED, error, of=(PartState.SENDING,))

    async def unknown(self, part: StoredPart, *, error: str) -> StoredPart:
        """See ``Outbox.unknown``."""
        return self._end(part, PartState.UNKNOWN, error, of=(PartState.SENDING,))

    async def skip(self, key: TurnKey, *, position: int, reason: str) -> int:
        """See ``Outbox.skip``."""
        self._held(key)
        count = 0
        for part in await self.parts(key.turn_id):
            if part.position >= position and part.state is PartState.PLANNED:
                self._save(replace(part, state=PartState.SKIPPED, error=clean_text(reason)))
                count += 1
        return count

    async def by_tag(self, tag: str) -> StoredPart | None:
        """See ``Outbox.by_tag``."""
        return next((part for part in self._tables.parts.values() if part.tag == tag), None)

    async def undelivered(self) -> Mapping[PartState, int]:
        """See ``Outbox.undelivered``."""
        states = [part.state for part in self._tables.parts.values()]
        wanted = (PartState.PLANNED, PartState.SENDING, PartState.UNKNOWN)
        return {state: states.count(state) for state in wanted}

    def _keep_topic(self, key: TurnKey, record: TurnRecord) -> None:
        if record.topic is not None:
            place = (key.conversation.bot, key.conversation.number)
            row = self._tables.conversations[place]
            state = replace(row.state, topic=record.topic)
            self._tables.conversations[place] = replace(row, state=state)

    def _add(self, key: TurnKey, parts: Sequence[PlannedPart]) -> tuple[StoredPart, ...]:
        held = [part for part in self._tables.parts.values() if part.turn_id == key.turn_id]
        added = []
        for position, part in enumerate(parts, start=len(held)):
            stored = StoredPart(
                id=next(self._tables.numbers),
                turn_id=key.turn_id,
                conversation=key.conversation,
                position=position,
                kind=part.kind,
                payload=clean_json(dict(part.payload)),
                gated=part.gated,
                tag=new_tag(),
                state=PartState.PLANNED,
            )
            added.append(self._save(stored))
        return tuple(added)

    def _end(
        self, part: StoredPart, state: PartState, error: str, *, of: Collection[PartState]
    ) -> StoredPart:
        known = self._known(part)
        if known.state not in of or known.attempts != part.attempts:
            return known
        return self._save(replace(known, state=state, error=clean_text(error)))

    def _keep_line(self, part: StoredPart, message_id: int) -> int:
        """Note a message in the history; return the first word of a person that stands there."""
        line = sent_line(part, message_id, self._clock.now())
        key = (part.conversation.bot, part.conversation.number)
        row = self._tables.conversations.get(key)
        if line is None or row is None:
            return 0
        place = (part.conversation.bot, message_id, 0)
        fresh = MessageRow(key, line, 0, row.state.episode, provisional=True)
        self._tables.messages.setdefault(place, fresh)
        self._tables.conversations[key] = _spoke(row, message_id, private=line.private)
        return row.state.spoke_id

    def _known(self, part: StoredPart) -> StoredPart:
        try:
            return self._tables.parts[part.id]
        except KeyError as error:
            raise StoreError(f"there is no outbox part {part.id!r}") from error

    def _save(self, part: StoredPart) -> StoredPart:
        self._tables.parts[part.id] = part
        return part

    def _held(self, key: TurnKey) -> TurnRow:
        place = (key.conversation.bot, key.conversation.number)
        row = self._tables.conversations.get(place)
        turn = self._tables.turns.get(key.turn_id)
        if row is None or row.fence != key.fence or row.lease_owner is None:
            raise LeaseLost(f"conversation {str(key.conversation)!r} was claimed again")
        if turn is None or turn.state is TurnState.FINISHED:
            raise LeaseLost(f"turn {key.turn_id!r} is finished")
        return turn


def _spoke(row: ConversationRow, message_id: int, *, private: bool) -> ConversationRow:
    """Count our own message as the mailbox counts an echo."""
    state = replace(row.state, last_message_id=max(row.state.last_message_id, message_id))
    if not private:
        if message_id > row.last_public_id:
            state = replace(state, last_public_author=AuthorKind.BOT)
        row = replace(
            row,
            last_public_id=max(row.last_public_id, message_id),
            last_answer_id=max(row.last_answer_id, message_id),
            own_id=max(row.own_id, message_id),
        )
    return replace(row, state=state)
