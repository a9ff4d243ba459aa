"""What the worker needs to reach Chatwoot, filled by the composition root."""

from typing import Protocol

from chatcrew.chatwoot import ChatwootClient


class Clients(Protocol):
    """One Chatwoot client per bot."""

    async def client(self, bot: str) -> ChatwootClient:
        """Return the client of a bot label.

        Raises:
            KeyError: the mapping no longer knows this bot.
            ChatwootUnavailable: its token cannot be read.
        """
        ...

    def agent_bot_id(self, bot: str) -> int:
        """Return Chatwoot's id of the bot.

        Raises:
            KeyError: the mapping no longer knows this bot.
        """
        ...
