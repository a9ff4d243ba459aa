"""What tools read beyond their conversation: our own history first, then Chatwoot's."""

from collections.abc import Sequence

from chatcrew.chatwoot import ChatwootClient, line_of, snapshot_of
from chatcrew.conversations import Earlier, History
from chatcrew.errors import ChatwootError
from chatcrew.hub.ports import Configurations
from chatcrew.ids import ConversationId
from chatcrew.messages import ConversationState
from chatcrew.tenancy.model import Tenant
from chatcrew.tools import Recipient
from chatcrew.worker import Clients

_CONVERSATIONS = 3
"""Other conversations that are asked of Chatwoot, where we recorded none."""


class ContactArchive:
    """Satisfies ``tools.Archive``: the same contact and the same tenant, and nothing else.

    Args:
        history: what we recorded.
        clients: Chatwoot, with a user token where there is one.
        configurations: which tenant an inbox belongs to.
    """

    def __init__(
        self, history: History, *, clients: Clients, configurations: Configurations
    ) -> None:
        self._history = history
        self._clients = clients
        self._configurations = configurations

    async def earlier(
        self, state: ConversationState, tenant: Tenant, *, limit: int
    ) -> Sequence[Earlier]:
        """See ``Archive.earlier``."""
        contact = state.snapshot.contact.id
        if contact is None:
            return ()
        own = await self._history.earlier(
            state.id, tenant=tenant.key, contact_id=contact, limit=limit
        )
        if own:
            return own
        try:
            client = await self._clients.client(state.id.bot)
            if not client.has_user_token:
                return ()
            return await self._asked(client, state, tenant, contact)
        except (ChatwootError, KeyError):
            return ()

    async def recipients(self, state: ConversationState) -> Sequence[Recipient]:
        """See ``Archive.recipients``."""
        try:
            client = await self._clients.client(state.id.bot)
            if not client.has_user_token:
                return ()
            return [
                Recipient(kind, int(one["id"]), str(one.get("name") or ""))
                for kind, what in (("agent", "agents"), ("team", "teams"))
                for one in await client.people(what)
                if isinstance(one.get("id"), int)
            ]
        except (ChatwootError, KeyError):
            return ()

    async def _asked(
        self, client: ChatwootClient, state: ConversationState, tenant: Tenant, contact: int
    ) -> Sequence[Earlier]:
        bot = self._configurations.current.bots[state.id.bot]
        found: list[Earlier] = []
        seen = 0
        for row in await client.contact_conversations(contact):
            number, shown = row.get("id"), snapshot_of(row)
            if not isinstance(number, int) or number == state.id.number or seen >= _CONVERSATIONS:
                continue
            route = self._configurations.current.route(
                state.id.account, shown.inbox_id, channel_class=shown.channel
            )
            if route is None or route.tenant != tenant.key:
                continue
            seen += 1
            place = ConversationId(state.id.account, state.id.bot, number)
            for message in reversed(await client.messages(number)):
                line = line_of(message, agent_bot_id=bot.agent_bot_id)
                if line is not None and not line.private and not line.deleted:
                    found.append(Earlier(place, line))
        return found
