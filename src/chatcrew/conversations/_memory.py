"""The history in memory, for tests and simulations."""

from collections.abc import Mapping, Sequence

from chatcrew.conversations._port import Earlier, Rated
from chatcrew.database.rows import Key, MemoryTables
from chatcrew.ids import ConversationId
from chatcrew.messages import Line, Receipt


class MemoryHistory:
    """In-memory twin of ``PostgresHistory``; see ``History`` for what each method promises."""

    def __init__(self, tables: MemoryTables) -> None:
        self._tables = tables

    async def window(
        self,
        conversation: ConversationId,
        *,
        limit: int,
        episode: int | None = None,
        private: bool = False,
    ) -> tuple[Line, ...]:
        """See ``History.window``."""
        first = self._first((conversation.bot, conversation.number))
        found = [
            row
            for row in self._tables.messages.values()
            if row.key == (conversation.bot, conversation.number)
            and row.episode >= first
            and not row.line.deleted
            and (private or not row.line.private)
            and episode in (None, row.episode)
        ]
        found.sort(key=lambda row: (row.line.message_id, row.part))
        return tuple(row.line for row in found[-limit:])

    async def windows(
        self, episodes: Sequence[tuple[ConversationId, int]], *, limit: int
    ) -> Sequence[tuple[Line, ...]]:
        """See ``History.windows``."""
        return [await self.window(place, limit=limit, episode=one) for place, one in episodes]

    async def earlier(
        self, conversation: ConversationId, *, tenant: str, contact_id: int, limit: int
    ) -> tuple[Earlier, ...]:
        """See ``History.earlier``."""
        theirs = {
            key: row.state.id
            for key, row in self._tables.conversations.items()
            if row.state.id.account == conversation.account
            and row.state.tenant == tenant
            and row.state.snapshot.contact.id == contact_id
            and row.state.id != conversation
        }
        found = [
            Earlier(theirs[row.key], row.line)
            for row in self._tables.messages.values()
            if row.key in theirs
            and not row.line.private
            and not row.line.deleted
            and row.episode >= self._first(row.key)
        ]
        found.sort(key=lambda one: one.line.message_id, reverse=True)
        return tuple(found[:limit])

    def _first(self, key: Key) -> int:
        """Return the first episode of the tenant that has a conversation."""
        row = self._tables.conversations.get(key)
        return 1 if row is None else row.state.tenant_episode

    async def ratings(self, conversation: ConversationId) -> tuple[Rated, ...]:
        """See ``History.ratings``."""
        found = [
            Rated(conversation, row.rating, row.at)
            for row in self._tables.ratings.values()
            if row.key == (conversation.bot, conversation.number)
        ]
        return tuple(sorted(found, key=lambda item: item.rating.message_id))

    async def receipts(self, conversation: ConversationId) -> Mapping[int, Receipt]:
        """See ``History.receipts``."""
        return {
            row.line.message_id: Receipt(row.line.message_id, row.status, row.status_error)
            for row in self._tables.messages.values()
            if row.key == (conversation.bot, conversation.number) and row.status is not None
        }
