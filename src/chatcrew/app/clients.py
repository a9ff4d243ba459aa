"""One Chatwoot client per bot, with tokens that follow their references."""

from chatcrew.app.rights import KnownRights
from chatcrew.app.secrets import SecretBox
from chatcrew.chatwoot import Calls, ChatwootClient, Transport
from chatcrew.errors import ChatwootUnavailable, ConfigError
from chatcrew.ids import is_simulated
from chatcrew.messages import Claim, InputKind, closed_because
from chatcrew.tenancy import Directory
from chatcrew.tenancy.model import Bot


class BotClients:
    """Satisfies ``worker.Clients``.

    Args:
        directory: current configuration.
        transport: session and pace of this process.
        secrets: reads tokens.
        rights: what is done with the user token in the bot's place; left out, nothing is.
        simulated: answers the calls of conversations that only the API has; left out, there are
            none.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        transport: Transport,
        secrets: SecretBox,
        rights: KnownRights | None = None,
        simulated: Calls | None = None,
    ) -> None:
        self._directory = directory
        self._transport = transport
        self._secrets = secrets
        self._rights = rights
        self._simulated = simulated

    async def client(self, bot: str) -> ChatwootClient:
        """Return the client of a bot label, with the tokens its references lead to now.

        Raises:
            KeyError: the mapping does not know this bot.
            ChatwootUnavailable: a token cannot be read.
        """
        known = self._known(bot)
        if is_simulated(bot) and self._simulated is not None:
            return ChatwootClient(self._simulated, base_url="", account_id=0, token="")
        try:
            token = await self._secrets.read(known.token)
            user = await self._secrets.read(known.user_token) if known.user_token else None
        except ConfigError as error:
            raise ChatwootUnavailable(
                f"token of bot {bot!r} cannot be read", retryable=True
            ) from error
        return ChatwootClient(
            self._transport,
            base_url=known.base_url,
            account_id=known.account_id,
            token=token.decode("ascii", "replace"),
            user_token=user.decode("ascii", "replace") if user else None,
            by_user=self._rights.by_user(bot) if self._rights is not None else (),
        )

    def agent_bot_id(self, bot: str) -> int:
        """Return Chatwoot's id of the bot.

        Raises:
            KeyError: the mapping does not know this bot.
        """
        return self._known(bot).agent_bot_id

    def _known(self, bot: str) -> Bot:
        known = self._directory.current.bot(bot)
        if known is None:
            raise KeyError(bot)
        return known

    def shows_typing(self, claim: Claim) -> bool:
        """Return whether a customer is about to be answered where the channel can show typing."""
        state = claim.state
        configuration = self._directory.current
        snapshot = state.snapshot
        bot = configuration.bots.get(state.id.bot)
        if bot is None or closed_because(state, agent_bot_id=bot.agent_bot_id) is not None:
            return False
        if all(item.kind in (InputKind.COMMAND, InputKind.TIMER) for item in claim.burst):
            return False
        route = configuration.route(
            state.id.account, snapshot.inbox_id, channel_class=snapshot.channel
        )
        if route is None or route.mode == "draft":
            return False
        return configuration.crew(route, state.function).capabilities.typing
