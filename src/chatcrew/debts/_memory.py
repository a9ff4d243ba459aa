"""The book of debts in memory, for tests and simulations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chatcrew.clock import Clock
from chatcrew.database.rows import ConversationRow, MemoryTables
from chatcrew.debts._port import Over, Unowed
from chatcrew.debts._rules import Seen, ending_of
from chatcrew.ids import ConversationId
from chatcrew.messages import AuthorKind, Debt, DebtEnd, DebtKind, Line, NewDebt, OwnerKind

_PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)


@dataclass(slots=True)
class _Entry:
    debt: Debt
    handed_version: float | None
    woken: int = 0


class MemoryDebts:
    """In-memory twin of ``PostgresDebts``; see ``Debts`` for what each method promises."""

    def __init__(self, tables: MemoryTables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._entries: dict[int, _Entry] = {}
        self._stand: dict[tuple[ConversationId, bool], _Entry] = {}
        self._of: dict[ConversationId, list[_Entry]] = {}

    async def owe(self, new: NewDebt) -> Debt | None:
        """See ``Debts.owe``."""
        row = self._row(new.conversation)
        key = (new.conversation, new.kind is DebtKind.RESOLUTION)
        if row is None or key in self._stand:
            return None
        episode = row.state.episode
        again = any(
            one.debt.episode == episode
            and one.debt.ending is DebtEnd.RETURNED
            and (new.turn_id is None or one.debt.owed.turn_id != new.turn_id)
            for one in self._words(new.conversation)
        )
        number = next(reversed(self._entries), 0) + 1
        debt = Debt(
            number, new, episode=episode, customer_id=row.state.last_customer_id, again=again
        )
        entry = _Entry(debt, row.handed_version)
        self._entries[number] = self._stand[key] = entry
        self._of.setdefault(new.conversation, []).append(entry)
        return debt

    async def standing(
        self, conversation: ConversationId, *, resolution: bool = False
    ) -> Debt | None:
        """See ``Debts.standing``."""
        found = self._stand.get((conversation, resolution))
        return None if found is None else found.debt

    async def advance(
        self, number: int, *, step: int, turn_id: str, next_at: datetime | None
    ) -> bool:
        """See ``Debts.advance``."""
        entry = self._entries.get(number)
        if entry is None or entry.debt.ended_at is not None:
            return False
        debt = entry.debt
        if not (debt.step == step - 1 or (debt.step == step and debt.step_turn == turn_id)):
            return False
        owed = replace(debt.owed, next_at=next_at)
        entry.debt = replace(debt, owed=owed, step=step, step_turn=turn_id)
        return True

    async def over(self, *, returned_before: datetime, limit: int) -> Sequence[Over]:
        """See ``Debts.over``."""
        found: list[Over] = []
        for entry in self._standing():
            row = self._row(entry.debt.owed.conversation)
            if row is None:
                continue
            answer = self._answer(entry.debt)
            ending = ending_of(_seen(entry, row, answer, returned_before))
            if ending is not None:
                at = answer.created_at if answer else None
                found.append(Over(entry.debt, ending, at, answer.author.id if answer else None))
        return found[:limit]

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
        entry = self._entries.get(number)
        if entry is None or entry.debt.ended_at is not None:
            return False
        entry.debt = replace(entry.debt, ended_at=at, ending=ending, waited=waited, by=by)
        owed = entry.debt.owed
        del self._stand[owed.conversation, owed.kind is DebtKind.RESOLUTION]
        return True

    async def due(self, *, limit: int) -> Sequence[Debt]:
        """See ``Debts.due``."""
        now = self._clock.now()
        found = [
            one.debt
            for one in self._standing()
            if one.debt.owed.next_at is not None
            and one.debt.owed.next_at <= now
            and one.woken <= one.debt.step
        ]
        return sorted(found, key=lambda one: (one.owed.next_at or now, one.id))[:limit]

    async def woken(self, number: int, *, step: int) -> None:
        """See ``Debts.woken``."""
        entry = self._entries[number]
        entry.woken = max(entry.woken, step)

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
        rows = [row for row in self._tables.conversations.values() if self._waits(row, bots)]
        found = [
            Unowed(row.state.id, row.state.tenant or "", row.customer_at)
            for row in rows
            if row.customer_at is not None
            and since <= row.customer_at <= before
            and row.state.tenant in tenants
        ]
        return sorted(found, key=lambda one: one.since)[:limit]

    async def list_standing(
        self, tenant: str | None, *, limit: int, resolution: bool = False
    ) -> Sequence[Debt]:
        """See ``Debts.list_standing``."""
        found = [
            entry.debt
            for (_, kind), entry in self._stand.items()
            if kind is resolution and tenant in (None, entry.debt.owed.tenant)
        ]
        return sorted(found, key=lambda one: (one.owed.opened_at, one.id))[:limit]

    async def history(
        self, tenant: str, *, since: datetime, limit: int, kind: DebtKind = DebtKind.HANDOFF
    ) -> Sequence[Debt]:
        """See ``Debts.history``."""
        found = [
            one.debt
            for one in self._entries.values()
            if one.debt.owed.tenant == tenant
            and one.debt.owed.kind is kind
            and one.debt.owed.opened_at >= since
        ]
        found.sort(key=lambda one: (one.owed.opened_at, one.id), reverse=True)
        return found[:limit]

    async def purge(self, before: datetime) -> int:
        """See ``Debts.purge``."""
        old = [n for n, one in self._entries.items() if (one.debt.ended_at or before) < before]
        for number in old:
            entry = self._entries.pop(number)
            self._of[entry.debt.owed.conversation].remove(entry)
        return len(old)

    def _standing(self) -> list[_Entry]:
        return list(self._stand.values())

    def _words(self, conversation: ConversationId) -> list[_Entry]:
        """Return every debt of an answer that a conversation ever had."""
        known = self._of.get(conversation, ())
        return [one for one in known if one.debt.owed.kind is not DebtKind.RESOLUTION]

    def _row(self, conversation: ConversationId) -> ConversationRow | None:
        return self._tables.conversations.get((conversation.bot, conversation.number))

    def _answer(self, debt: Debt) -> Line | None:
        """Return the first public word of a person after the customer's, if one is owed."""
        if debt.owed.kind is DebtKind.RESOLUTION:
            return None
        key = (debt.owed.conversation.bot, debt.owed.conversation.number)
        found = [
            row.line
            for row in self._tables.messages.values()
            if row.key == key
            and row.line.message_id > debt.customer_id
            and row.line.author.kind in _PEOPLE
            and not (row.line.private or row.line.deleted)
        ]
        return min(found, key=lambda line: line.message_id, default=None)

    def _waits(self, row: ConversationRow, bots: Mapping[str, int]) -> bool:
        state, owner = row.state, row.state.snapshot.owner
        ours = (
            owner is None
            or owner.kind is OwnerKind.PERSON
            or (owner.kind is OwnerKind.BOT and owner.id == bots.get(state.id.bot))
        )
        known = [
            one.debt
            for one in self._words(state.id)
            if (
                one.debt.ended_at is None
                or (
                    one.debt.ending is DebtEnd.THANKED
                    and one.debt.customer_id >= state.last_customer_id
                )
            )
        ]
        return (
            state.id.bot in bots
            and state.snapshot.status == "open"
            and 0 < state.last_customer_id >= row.last_answer_id
            and ours
            and not state.snapshot.contact.blocked
            and not known
        )


def _seen(
    entry: _Entry, row: ConversationRow, answer: Line | None, returned_before: datetime
) -> Seen:
    snapshot = row.state.snapshot
    person = snapshot.owner is not None and snapshot.owner.kind is OwnerKind.PERSON
    return Seen(
        answered_at=answer.created_at if answer else None,
        status=snapshot.status,
        same_episode=row.state.episode == entry.debt.episode,
        handed_back=row.handed_version != entry.handed_version,
        idle=snapshot.status == "pending"
        and row.state.silence is None
        and not person
        and entry.debt.owed.opened_at < returned_before,
    )
