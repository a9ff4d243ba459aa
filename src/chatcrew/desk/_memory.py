"""What was given to whom, in memory, for tests and simulations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from chatcrew.clock import Clock
from chatcrew.database.rows import MemoryTables, MessageRow
from chatcrew.desk._port import RECENT, REMEMBERED, WINDOW
from chatcrew.desk._values import Case, Choice, Given, Past, Score
from chatcrew.messages import AuthorKind

_CONTENT = 4


@dataclass(frozen=True, slots=True)
class _Row:
    case: Case
    given: Given


class MemoryAssignments:
    """In-memory twin of ``PostgresAssignments``; see ``Assignments`` for what each promises."""

    def __init__(self, tables: MemoryTables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._rows: dict[str, _Row] = {}

    async def previous(self, case: Case, contact_id: int) -> int | None:
        """See ``Assignments.previous``."""
        rows = [row for row in self._said(case) if self._contact(row) == contact_id]
        newest = max(rows, key=lambda row: row.line.message_id, default=None)
        return None if newest is None else newest.line.author.id

    async def give(self, case: Case, choose: Callable[[Past], Choice]) -> Choice:
        """See ``Assignments.give``."""
        now = self._clock.now()
        choice = choose(self._past(case, now))
        given = Given(
            now,
            None if choice.agent is None else choice.agent.id,
            None if choice.team is None else choice.team.id,
            choice.unit,
            choice.pool,
        )
        self._rows.pop(case.turn_id, None)
        self._rows[case.turn_id] = _Row(case, given)
        return choice

    async def take_back(self, turn_id: str) -> None:
        """See ``Assignments.take_back``."""
        self._rows.pop(turn_id, None)

    async def purge(self, before: datetime) -> int:
        """See ``Assignments.purge``."""
        old = [turn for turn, row in self._rows.items() if row.given.at < before]
        for turn in old:
            del self._rows[turn]
        return len(old)

    def _past(self, case: Case, now: datetime) -> Past:
        rows = [row for row in self._of(case) if row.case.turn_id != case.turn_id]
        last: dict[int, datetime] = {}
        for row in rows:
            if row.given.agent_id is not None:
                last[row.given.agent_id] = row.given.at
        newest = [row.given for row in rows if row.given.at >= now - REMEMBERED][-WINDOW:]
        scores = self._scores(case, now) if case.scored else {}
        recent = [
            row.given
            for row in self._rows.values()
            if row.case.conversation.account == case.conversation.account
            and row.case.turn_id != case.turn_id
            and row.given.at >= now - RECENT
        ]
        return Past(tuple(newest), tuple(recent), last, scores)

    def _scores(self, case: Case, now: datetime) -> dict[int, Score]:
        rated: dict[int, list[int]] = {}
        for row in self._tables.ratings.values():
            said = [
                one
                for one in self._said(case)
                if one.key == row.key and one.line.message_id < row.rating.message_id
            ]
            newest = max(said, key=lambda one: one.line.message_id, default=None)
            if newest is not None and newest.line.author.id and row.at >= now - REMEMBERED:
                rated.setdefault(newest.line.author.id, []).append(row.rating.rating)
        words: dict[int, list[float]] = {}
        for given in self._of(case):
            agent = given.given.agent_id
            place = (given.case.conversation.bot, given.case.conversation.number)
            times = [
                row.line.created_at
                for row in self._said(case)
                if row.key == place
                and row.line.author.id == agent
                and row.line.created_at > given.given.at
            ]
            if agent is not None and times and given.given.at >= now - REMEMBERED:
                waited = (min(times) - given.given.at).total_seconds()
                words.setdefault(agent, []).append(waited)
        return {
            agent: Score(
                rated=len(rated.get(agent, ())),
                content=sum(stars >= _CONTENT for stars in rated.get(agent, ())),
                first_word=median(words[agent]) if agent in words else None,
            )
            for agent in {*rated, *words}
        }

    def _of(self, case: Case) -> list[_Row]:
        account = case.conversation.account
        return [
            row
            for row in self._rows.values()
            if (row.case.conversation.account, row.case.tenant) == (account, case.tenant)
        ]

    def _said(self, case: Case) -> Iterator[MessageRow]:
        """Yield what people wrote to customers of this tenant."""
        for row in self._tables.messages.values():
            talk = self._tables.conversations.get(row.key)
            if (
                talk is not None
                and talk.state.id.account == case.conversation.account
                and talk.state.tenant == case.tenant
                and row.line.author.kind is AuthorKind.PERSON
                and row.line.author.id is not None
                and not (row.line.private or row.line.deleted)
            ):
                yield row

    def _contact(self, row: MessageRow) -> int | None:
        return self._tables.conversations[row.key].state.snapshot.contact.id
