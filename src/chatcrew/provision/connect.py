"""Sets a bot up in a Chatwoot step by step; each looks first, so a second run goes on or rests."""

from chatcrew.chatwoot.admin import AdminClient
from chatcrew.provision.binding import Binder
from chatcrew.provision.doing import Doing
from chatcrew.provision.refusals import Refusal
from chatcrew.provision.situation import Situation, Wish
from chatcrew.provision.writing import Disk, Writer, tab_token
from chatcrew.tenancy.model import Configuration


class Connector:
    """Brings Chatwoot, the secret files and the mapping to what is wished.

    Args:
        admin: speaks with an administrator's token.
        user_token: that token, to be stored if wished.
        wish: what is wanted.
        disk: where it is written.
        configuration: what the mapping says now, None where it says nothing yet.
        doing: told of each step.
    """

    def __init__(
        self,
        admin: AdminClient,
        *,
        user_token: str,
        wish: Wish,
        disk: Disk,
        configuration: Configuration | None,
        doing: Doing,
    ) -> None:
        self._admin = admin
        self._wish = wish
        self._doing = doing
        self._known = configuration.bots.get(wish.bot) if configuration else None
        quiet = Doing(lambda _: None, dry=True)
        self._binder, self._trial = (
            Binder(
                admin,
                wish=wish,
                known=self._known,
                tab_token=tab_token(configuration, wish.account),
                keys=disk.keys,
                doing=one,
            )
            for one in (doing, quiet)
        )
        self._writer, self._draft = (
            Writer(disk, user_token=user_token, wish=wish, configuration=configuration, doing=one)
            for one in (doing, quiet)
        )
        self._bot_id = 0

    async def rehearse(self, situation: Situation) -> None:
        """Refuse what can be refused before anything is touched; nothing is told or done.

        Raises:
            ConfigError: the mapping cannot be changed as needed.
            ConfigErrors: it would have faults then, such as an unknown tenant.
            Refusal: something stands in the way that only a person may move.
            OSError: the disk would refuse a file.
        """
        self._allowed(situation)
        await self._draft.rehearse(await self._trial.bind(situation))

    async def set_up(self, situation: Situation) -> None:
        """Make bot, webhook, secrets and mapping; after ``rehearse``, before the inboxes.

        Raises:
            ChatwootError: Chatwoot did not answer, or refused.
            ConfigError: the mapping cannot be changed as needed.
            Refusal: something stands in the way that only a person may move.
            OSError: the disk refuses a file.
        """
        bound = await self._binder.bind(situation)
        await self._writer.write(bound)
        self._bot_id = bound.bot.id

    async def connect_inboxes(self, situation: Situation) -> None:
        """Set the bot on the wished inboxes; only after ``set_up``.

        Raises:
            ChatwootError: Chatwoot did not answer, or refused.
        """
        names = {inbox.id: inbox.name for inbox in situation.inboxes}
        for number in self._wish.inboxes:
            other = situation.connected.get(number)
            values: dict[str, object] = {"inbox": number, "name": names.get(number, "")}
            if other is not None and other.id == self._bot_id:
                self._doing.say("connect_inbox", "there", **values)
                continue
            if not self._doing.dry:
                await self._admin.set_inbox_bot(self._wish.account_id, number, self._bot_id)
            if other is None:
                self._doing.say("connect_inbox", **values)
            else:
                self._doing.say("replace_bot", **values, other=other.name)

    def _allowed(self, situation: Situation) -> None:
        """Refuse before anything is touched.

        Raises:
            Refusal: a person has to act first.
        """
        wish, known = self._wish, self._known
        here = (wish.base_url, wish.account_id)
        if known is not None and (known.base_url, known.account_id) != here:
            raise Refusal("bot_label_taken", bot=wish.bot, other=known.account)
        there = {inbox.id: inbox.name for inbox in situation.inboxes}
        bot = situation.bot_of(wish, known)
        for number in wish.inboxes:
            if number not in there:
                choices = ", ".join(f"{key} ({name})" for key, name in there.items())
                raise Refusal("no_such_inbox", inbox=number, choices=choices or "-")
            other = situation.connected.get(number)
            if other is None or (bot is not None and other.id == bot.id):
                continue
            if not wish.replace:
                raise Refusal("inbox_taken", inbox=number, name=there[number], other=other.name)
