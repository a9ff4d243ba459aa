"""Suggestions on PostgreSQL; table ``suggestion``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from chatcrew.clock import Clock, SystemClock
from chatcrew.database import Database
from chatcrew.database.transactions import statement
from chatcrew.ids import ConversationId
from chatcrew.messages import Fate, Suggested, Suggestion
from chatcrew.privacy import Keyring
from chatcrew.proposals._drafts import DraftFigures

_KEEP = text("""
    insert into suggestion
        (turn_id, tenant, account, bot, number, text, asked, after, config, made_at)
    values (:turn_id, :tenant, :account, :bot, :number, :text, :asked, :after, :config, :now)
    on conflict (turn_id) do update
    set text = excluded.text, after = excluded.after, config = excluded.config
    where suggestion.fate is null
""")
_OPEN = text("""
    select * from suggestion where fate is null order by made_at, turn_id limit :limit
""")
_LATEST = text("""
    select * from suggestion
    where fate is null and bot = :bot and number = :number and tenant = :tenant
    order by made_at desc, turn_id desc limit 1
""")
_SETTLE = text("""
    update suggestion set fate = :fate, likeness = :likeness, text = ''
    where turn_id = :turn_id and fate is null
""")
_FIGURES = text("""
    select tenant, fate, count(*) as made, avg(likeness) as likeness from suggestion
    where made_at >= :since and tenant = coalesce(cast(:tenant as text), tenant)
    group by tenant, fate order by tenant collate "C"
""")
_PURGE = text("delete from suggestion where made_at < :before")


class PostgresDrafts:
    """Satisfies ``DraftStore``."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def keep(self, suggestion: Suggestion) -> None:
        """See ``DraftStore.keep``."""
        values = {
            "turn_id": suggestion.turn_id,
            "tenant": suggestion.tenant,
            "account": suggestion.conversation.account,
            "bot": suggestion.conversation.bot,
            "number": suggestion.conversation.number,
            "text": self._database.keys.seal(suggestion.text, f"draft {suggestion.tenant}"),
            "asked": suggestion.asked,
            "after": suggestion.after,
            "config": suggestion.config,
            "now": self._clock.now(),
        }
        async with statement(self._database) as connection:
            await connection.execute(_KEEP, values)

    async def open(self, *, limit: int = 200) -> Sequence[Suggested]:
        """See ``DraftStore.open``."""
        async with statement(self._database) as connection:
            found = await connection.execute(_OPEN, {"limit": limit})
            return [_suggested(row, self._database.keys) for row in found]

    async def latest(self, conversation: ConversationId, *, tenant: str) -> Suggested | None:
        """See ``DraftStore.latest``."""
        values = {"bot": conversation.bot, "number": conversation.number, "tenant": tenant}
        async with statement(self._database) as connection:
            row = (await connection.execute(_LATEST, values)).first()
        return None if row is None else _suggested(row, self._database.keys)

    async def settle(self, turn_id: str, fate: Fate, likeness: float | None) -> None:
        """See ``DraftStore.settle``."""
        values = {"turn_id": turn_id, "fate": str(fate), "likeness": likeness}
        async with statement(self._database) as connection:
            await connection.execute(_SETTLE, values)

    async def figures(self, *, since: datetime, tenant: str | None = None) -> list[DraftFigures]:
        """See ``DraftStore.figures``."""
        fates: dict[str, dict[Fate | None, int]] = {}
        alike: dict[str, float] = {}
        async with statement(self._database) as connection:
            for row in await connection.execute(_FIGURES, {"since": since, "tenant": tenant}):
                fate = Fate(row.fate) if row.fate else None
                fates.setdefault(row.tenant, {})[fate] = row.made
                if fate is Fate.EDITED and row.likeness is not None:
                    alike[row.tenant] = row.likeness
        return [DraftFigures(name, known, alike.get(name)) for name, known in fates.items()]

    async def purge(self, before: datetime) -> int:
        """See ``DraftStore.purge``."""
        async with statement(self._database) as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount


def _suggested(row: Any, keys: Keyring) -> Suggested:
    told = Suggestion(
        turn_id=row.turn_id,
        conversation=ConversationId(row.account, row.bot, row.number),
        tenant=row.tenant,
        text=keys.open(row.text, f"draft {row.tenant}"),
        asked=row.asked,
        after=row.after,
        config=row.config,
    )
    return Suggested(told, row.made_at, Fate(row.fate) if row.fate else None, row.likeness)
