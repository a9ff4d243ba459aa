"""The in-memory twin of what examinations found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chatcrew.provision.findings import Finding, findings_of
from chatcrew.provision.ports import Examined, LostRight, Turn


@dataclass(frozen=True, slots=True)
class _Row:
    fingerprint: str
    claimed_at: datetime
    due_at: datetime
    examined: Examined | None = None


class MemoryExaminations:
    """Satisfies ``Examinations``."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._lost: dict[tuple[str, str, str], LostRight] = {}

    async def claim(self, account: str, turn: Turn) -> bool:
        """See ``Examinations.claim``."""
        row = self._rows.get(account)
        if row is not None and not _is_free(row, turn):
            return False
        examined = row.examined if row is not None else None
        self._rows[account] = _Row(turn.fingerprint, turn.now, turn.until, examined)
        return True

    async def finish(
        self, account: str, findings: Sequence[Finding], *, now: datetime, due: datetime
    ) -> None:
        """See ``Examinations.finish``."""
        row = self._rows.get(account)
        if row is not None:
            kept = findings_of(one.as_json() for one in findings)
            examined = Examined(account, now, kept)
            self._rows[account] = replace(row, due_at=due, examined=examined)

    async def again(self, account: str, *, due: datetime) -> None:
        """See ``Examinations.again``."""
        row = self._rows.get(account)
        if row is not None:
            self._rows[account] = replace(row, due_at=min(row.due_at, due))

    async def kept(self) -> tuple[Examined, ...]:
        """See ``Examinations.kept``."""
        rows = (self._rows[account] for account in sorted(self._rows))
        return tuple(row.examined for row in rows if row.examined is not None)

    async def lost(self) -> tuple[LostRight, ...]:
        """See ``Examinations.lost``."""
        return tuple(self._lost[key] for key in sorted(self._lost))

    async def lose(self, right: LostRight) -> None:
        """See ``Examinations.lose``."""
        self._lost.setdefault((right.bot, right.actor, right.name), right)

    async def replace_lost(self, bots: Sequence[str], rights: Sequence[LostRight]) -> None:
        """See ``Examinations.replace_lost``."""
        self._lost = {key: one for key, one in self._lost.items() if one.bot not in bots}
        for right in rights:
            await self.lose(right)


def _is_free(row: _Row, turn: Turn) -> bool:
    if row.due_at <= turn.now:
        return True
    if turn.before is not None and row.claimed_at <= turn.before:
        return True
    return row.fingerprint != turn.fingerprint and row.claimed_at <= turn.settled
