"""Figures of a talk since people last had it, in memory: for tests and simulations."""

from chatcrew.database.rows import MemoryTables, TurnRow
from chatcrew.messages import AuthorKind, Claim, ModelCall, Outcome, Talk

COUNTED = (AuthorKind.CUSTOMER, AuthorKind.BOT)
PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)


class MemoryTalks:
    """In-memory twin of ``PostgresTalks``; satisfies ``hub.talks_port.Talks``."""

    def __init__(self, tables: MemoryTables) -> None:
        self._tables = tables

    async def so_far(self, claim: Claim) -> Talk:
        """See ``Talks.so_far``."""
        place = (claim.state.id.bot, claim.state.id.number)
        turns = [row for row in self._tables.turns.values() if _place(row) == place]
        handed = {
            row.id: row.decided_at
            for row in turns
            if row.record is not None and row.record.outcome is Outcome.HANDED_OFF
        }
        told = [
            part.message_id
            for part in self._tables.parts.values()
            if part.turn_id in handed and part.message_id is not None
        ]
        lines = [
            row.line
            for row in self._tables.messages.values()
            if row.key == place and row.episode == claim.state.episode and not row.line.deleted
        ]
        public = [line for line in lines if not line.private]
        by_people = [line.message_id for line in public if line.author.kind in PEOPLE]
        since = max([0, *told, *by_people])
        begun = min((line.created_at for line in lines), default=claim.started_at)
        from_ = max([begun, *(at for at in handed.values() if at is not None)])
        mine = {row.id for row in turns if row.started_at > from_}
        return Talk(
            messages=sum(
                line.message_id > since and line.author.kind in COUNTED for line in public
            ),
            cost=_cost(self._tables, mine),
            handed=since > 0 and since >= min((line.message_id for line in lines), default=0),
        )


def _place(row: TurnRow) -> tuple[str, int]:
    return row.state_of.id.bot, row.state_of.id.number


def _cost(tables: MemoryTables, turns: set[str]) -> float:
    calls = (call for call in tables.calls if isinstance(call, ModelCall))
    return sum(call.cost or 0.0 for call in calls if call.turn_id in turns and not call.from_cache)
