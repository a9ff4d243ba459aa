"""Stores the secrets of a bot and writes what the mapping lacks."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from chatcrew.provision.binding import Bound
from chatcrew.provision.doing import Doing
from chatcrew.provision.entry import NAMES, Entry, unified, written
from chatcrew.provision.files import Check, KeyFolder, MappingFile
from chatcrew.provision.reading import value_of
from chatcrew.provision.situation import Wish
from chatcrew.tenancy.model import Configuration, Secret

_UNKNOWN = "<…>"
_NO_NUMBER = "agent_bot_id: 0"
_ANY_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Disk:
    """Where things are written.

    Attributes:
        mapping: as it was read.
        keys: secrets of the account.
        check: says what is wrong with a mapping.
        now: the time, for the backup's name.
    """

    mapping: MappingFile
    keys: KeyFolder
    check: Check
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A secret that is to be stored.

    Attributes:
        what: which one.
        value: as Chatwoot says, None where it says nothing.
        references: what the mapping refers to for it now.
        inbox: whose it is, None for the bot's.
    """

    what: str
    value: str | None = field(repr=False)
    references: tuple[Secret, ...]
    inbox: int | None = None


class Writer:
    """Brings the secret files and the mapping to what is wished.

    Args:
        disk: where it is written.
        user_token: of the person who connects, stored if wished.
        wish: what is wanted.
        configuration: what the mapping says now, None where it says nothing yet.
        doing: told of each step.
    """

    def __init__(
        self,
        disk: Disk,
        *,
        user_token: str,
        wish: Wish,
        configuration: Configuration | None,
        doing: Doing,
    ) -> None:
        self._disk = disk
        self._user_token = user_token
        self._wish = wish
        self._configuration = configuration
        self._known = configuration.bots.get(wish.bot) if configuration else None
        self._doing = doing

    async def write(self, bound: Bound) -> None:
        """Write secrets first, so that the mapping never refers to what is not there.

        Raises:
            ConfigError: the mapping cannot be changed as needed.
            OSError: the disk refuses a file.
        """
        references, of_inboxes = await self._secrets(bound)
        signed = bound.bot.secret is not None
        await self._mapping(Entry(bound.bot.id, signed, references, of_inboxes))

    async def rehearse(self, bound: Bound) -> None:
        """See that everything could be written, as far as that shows before; nothing is written.

        Raises:
            ConfigError: the mapping cannot be changed as needed.
            ConfigErrors: it would have faults then.
            OSError: the disk would refuse a file.
        """
        references, of_inboxes = await self._secrets(bound)
        signed = bound.bot.secret is not None
        mapping = self._disk.mapping
        entry = Entry(bound.bot.id, signed, references, of_inboxes)
        text = written(mapping.text, entry, wish=self._wish, configuration=self._configuration)
        # The bot has no number yet; any that no other has will do
        text = text.replace(_NO_NUMBER, f"agent_bot_id: {_ANY_NUMBER}")
        await asyncio.to_thread(self._disk.keys.may_write)
        if text != mapping.text:
            await asyncio.to_thread(mapping.rehearse, text, check=self._disk.check)

    async def _secrets(self, bound: Bound) -> tuple[dict[str, str], dict[int, str]]:
        """Store the secrets; return the references that the mapping does not hold yet.

        What it refers to elsewhere stays there, as long as it is what Chatwoot says.
        """
        missing: dict[str, str] = {}
        of_inboxes: dict[int, str] = {}
        for one in self._wanted(bound):
            if one.value is None or await self._held(one.references, one.value):
                continue
            name = NAMES[one.what].format(bot=self._wish.bot, inbox=one.inbox)
            await self._store(one, name, one.value)
            if Secret(f"file:{self._disk.keys.path(name)}") in one.references:
                continue
            reference = self._disk.keys.reference(name)
            if one.inbox is not None:
                of_inboxes[one.inbox] = reference
            else:
                missing[one.what] = reference
        return missing, of_inboxes

    def _wanted(self, bound: Bound) -> list[_Wanted]:
        """Return each secret's kind and value, and what the mapping refers to for it now."""
        known = self._known
        kinds = known.secrets if known else {}
        found = [
            _Wanted("token", bound.bot.access_token, (known.token,) if known else ()),
            _Wanted("secret", bound.bot.secret, tuple(kinds.get("agent_bot", ()))),
            _Wanted("account_secret", bound.webhook.secret, tuple(kinds.get("account", ()))),
            _Wanted("path_token", bound.path_token, _one(known.path_token if known else None)),
        ]
        of_inboxes = tuple(kinds.get("api_inbox", ()))
        for number, secret in sorted(bound.inbox_secrets.items()):
            found.append(_Wanted("inbox_secret", secret, of_inboxes, inbox=number))
        if self._wish.keep_user_token:
            bots = self._configuration.bots.values() if self._configuration else ()
            users = (one.user_token for one in bots if one.account == self._wish.account)
            found.append(_Wanted("user", self._user_token, _one(next(users, None))))
        if bound.tab_token is not None:
            known_tab = tab_token(self._configuration, self._wish.account)
            found.append(_Wanted("tab", bound.tab_token, _one(known_tab)))
        return found

    async def _held(self, references: tuple[Secret, ...], value: str) -> bool:
        """Return whether the mapping refers to this secret already, outside of our own folder."""
        own = f"file:{self._disk.keys.path('')}"
        for reference in references:
            found = await value_of(reference)
            if found == value:
                # Our own file still has its permissions seen to
                return not reference.reference.startswith(own)
            if found is None and reference.reference.startswith("env:"):
                # The server's environment may have it though ours has not
                self._doing.say("unread", "warning", reference=reference.reference)
                return True
        return False

    async def _store(self, wanted: _Wanted, name: str, value: str) -> None:
        keys = self._disk.keys
        shown: dict[str, object] = {"what": wanted.what, "path": str(keys.path(name))}
        if wanted.inbox is not None:
            shown["inbox"] = wanted.inbox
        if await asyncio.to_thread(keys.same, name, value):
            self._doing.say("secret", "there", **shown)
            return
        if not self._doing.dry:
            await asyncio.to_thread(keys.write, name, value)
        self._doing.say("secret", **shown)

    async def _mapping(self, entry: Entry) -> None:
        """Write what the mapping lacks; nothing else in it moves."""
        mapping = self._disk.mapping
        path = str(mapping.path)
        text = written(mapping.text, entry, wish=self._wish, configuration=self._configuration)
        if text == mapping.text:
            self._doing.say("mapping", "there", path=path)
            return
        diff = unified(mapping.text if mapping.exists else "", text, mapping.path.name)
        if self._doing.dry:
            blank = (_NO_NUMBER, f"agent_bot_id: {_UNKNOWN}")
            diff = tuple(line.replace(*blank) for line in diff)
            self._doing.show("mapping", diff, path=path)
            return
        backup = await asyncio.to_thread(
            mapping.replace, text, check=self._disk.check, now=self._disk.now()
        )
        self._doing.show("mapping", diff, path=path)
        if backup is not None:
            self._doing.say("backup", path=str(backup))


def tab_token(configuration: Configuration | None, account: str) -> Secret | None:
    """Return where the mapping says the token of an account's tab is, or None."""
    bots = configuration.bots.values() if configuration else ()
    return next((one.tab_token for one in bots if one.account == account), None)


def _one(secret: Secret | None) -> tuple[Secret, ...]:
    return () if secret is None else (secret,)
