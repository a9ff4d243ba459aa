"""Finds or makes the agent bot and the account webhook of a wish, and gives them their address."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chatcrew.chatwoot.admin import AdminClient, ListedBot, ListedWebhook
from chatcrew.errors import ChatwootUnavailable
from chatcrew.provision.doing import Doing
from chatcrew.provision.entry import NAMES
from chatcrew.provision.files import KeyFolder
from chatcrew.provision.reading import value_of
from chatcrew.provision.refusals import Refusal
from chatcrew.provision.situation import Situation, Wish, events_for, masked
from chatcrew.provision.tab import TabBinder
from chatcrew.provision.versions import SIGNED
from chatcrew.tenancy.model import Bot, Secret

_DESCRIPTION = "chatcrew"
_LATER = "?"
"""Stands for a secret that Chatwoot will make, while nothing is done."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bot with what its mapping entry needs.

    Attributes:
        bot: as it is in Chatwoot.
        path_token: second factor of its address, or None.
        webhook: of the account.
        tab_token: last part of the tab's address, or None.
        inbox_secrets: what the wished API inboxes sign with, by inbox id, where Chatwoot shows it.
    """

    bot: ListedBot
    path_token: str | None
    webhook: ListedWebhook
    tab_token: str | None = None
    inbox_secrets: Mapping[int, str] = field(default_factory=dict, repr=False)


class Binder:
    """Brings a Chatwoot to what is wished.

    Args:
        admin: speaks with an administrator's token.
        wish: what is wanted.
        known: the bot as the mapping has it, or None.
        tab_token: of the account's tab as the mapping has it, or None.
        keys: where a path token of our own lies.
        doing: told of each step.
    """

    def __init__(
        self,
        admin: AdminClient,
        *,
        wish: Wish,
        known: Bot | None,
        tab_token: Secret | None,
        keys: KeyFolder,
        doing: Doing,
    ) -> None:
        self._admin = admin
        self._wish = wish
        self._known = known
        self._keys = keys
        self._doing = doing
        self._tab = TabBinder(admin, wish=wish, known=tab_token, keys=keys, doing=doing)

    async def bind(self, situation: Situation) -> Bound:
        """Return bot and webhook as they are once this is through.

        Raises:
            ChatwootError: Chatwoot did not answer, or refused.
            Refusal: Chatwoot keeps the bot's token to itself.
            OSError: the disk refuses a file.
        """
        bot = situation.bot_of(self._wish, self._known)
        if bot is not None:
            self._doing.say("bot", "there", name=bot.name, id=bot.id)
        else:
            if not self._doing.dry:
                bot = await self._create()
            shown = masked(self._wish.webhook_url())
            self._doing.say("create_bot", name=self._wish.bot_name, url=shown)
        bot = bot or self._later(situation)
        if bot.access_token is None:
            raise Refusal("no_bot_token", name=bot.name)
        token = None if bot.secret is not None else await self._path_token()
        bot = await self._addressed(bot, self._wish.webhook_url(token))
        webhook = await self._webhook(situation, bot, token)
        signed = {
            inbox.id: inbox.secret
            for inbox in situation.inboxes
            if inbox.id in self._wish.inboxes and inbox.secret is not None
        }
        return Bound(bot, token, webhook, await self._tab.bind(), signed)

    def _later(self, situation: Situation) -> ListedBot:
        """Return the bot as it may be once it is made."""
        signed = situation.version is None or situation.version >= SIGNED
        return ListedBot(
            0, self._wish.bot_name, self._wish.webhook_url(), _LATER, _LATER if signed else None
        )

    async def _create(self) -> ListedBot:
        """Create the bot; where the answer is lost it is looked for, lest there be two."""
        wish = self._wish
        try:
            return await self._admin.create_bot(
                wish.account_id,
                wish.bot_name,
                description=_DESCRIPTION,
                outgoing_url=wish.webhook_url(),
            )
        except ChatwootUnavailable as error:
            found = await self._admin.bots(wish.account_id) if error.maybe_done else ()
            made = next((one for one in found if one.outgoing_url == wish.webhook_url()), None)
            if made is None:
                raise
            return made

    async def _path_token(self) -> str:
        """Return the second factor of unsigned bots: what is known, else one of our own."""
        if self._known is not None and self._known.path_token is not None:
            known = await value_of(self._known.path_token)
            if known is not None:
                return known
        name = NAMES["path_token"].format(bot=self._wish.bot)
        there = await asyncio.to_thread(self._keys.read, name)
        if there is None and not self._doing.dry:
            there = await asyncio.to_thread(self._keys.made, name)
        return there or _LATER

    async def _addressed(self, bot: ListedBot, url: str) -> ListedBot:
        """Return the bot with our address."""
        if bot.outgoing_url == url:
            return bot
        if not self._doing.dry:
            changes = {"outgoing_url": url}
            await self._admin.update_bot(self._wish.account_id, bot.id, changes)
        old = masked(bot.outgoing_url) if bot.outgoing_url else "-"
        self._doing.say("bot_url", id=bot.id, url=masked(url), old=old)
        return replace(bot, outgoing_url=url)

    async def _webhook(
        self, situation: Situation, bot: ListedBot, token: str | None
    ) -> ListedWebhook:
        """Find or make the account webhook, which tells what bots are not told."""
        url = self._wish.webhook_url(token)
        events = events_for(bot, situation.version)
        shown = {"url": masked(url), "events": ", ".join(events)}
        there = situation.webhook_of(self._wish, self._known)
        if there is None:
            if not self._doing.dry:
                there = await self._create_webhook(url, events)
            self._doing.say("webhook", **shown)
            return there or ListedWebhook(0, url, events, _LATER)
        wanted = tuple(dict.fromkeys((*there.subscriptions, *events)))
        if there.url == url and set(wanted) == set(there.subscriptions):
            self._doing.say("webhook_there", "there", id=there.id)
            return there
        if not self._doing.dry:
            await self._admin.update_webhook(
                self._wish.account_id, there.id, url=url, subscriptions=wanted
            )
        self._doing.say("webhook_update", id=there.id, **shown)
        return replace(there, url=url, subscriptions=wanted)

    async def _create_webhook(self, url: str, events: tuple[str, ...]) -> ListedWebhook:
        account = self._wish.account_id
        try:
            return await self._admin.create_webhook(
                account, url, name=_DESCRIPTION, subscriptions=events
            )
        except ChatwootUnavailable as error:
            found = await self._admin.webhooks(account) if error.maybe_done else ()
            made = next((one for one in found if one.url == url), None)
            if made is None:
                raise
            return made
