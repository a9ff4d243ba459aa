"""What the mapping has to say of an account, as the fewest changes of its text."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from chatcrew.provision._edit import Value, listed, put
from chatcrew.provision.situation import Wish
from chatcrew.tenancy.model import Bot, Configuration

NAMES = {
    "token": "{bot}.token",
    "secret": "{bot}.secret",
    "account_secret": "{bot}.account_secret",
    "path_token": "{bot}.path_token",
    "inbox_secret": "{bot}.inbox_{inbox}_secret",
    "user": "user.token",
    "tab": "tab.token",
}
"""File of each secret in the account's folder."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What has to stand in the mapping.

    Attributes:
        agent_bot_id: Chatwoot's id of the bot.
        signed: whether the bot's deliveries are signed.
        references: by kind (``token``, ``secret``, ``account_secret``, ``path_token``, ``user``,
            ``tab``)
            those that the mapping does not hold yet.
        inbox_references: the same for the secrets of API inboxes, by inbox id.
    """

    agent_bot_id: int
    signed: bool
    references: Mapping[str, str]
    inbox_references: Mapping[int, str] = field(default_factory=dict)


def written(text: str, entry: Entry, *, wish: Wish, configuration: Configuration | None) -> str:
    """Return the mapping's text with everything the wish needs.

    Raises:
        ConfigError: the text is shaped so that it cannot be changed safely.
    """
    known = configuration.bots.get(wish.bot) if configuration is not None else None
    bots = configuration.bots.values() if configuration is not None else ()
    account = ("accounts", wish.account)
    if not any(one.account == wish.account for one in bots):
        return put(text, account, _whole(entry, wish))
    if known is None:
        text = put(text, (*account, "bots", wish.bot), _bot(entry))
    else:
        text = _mended(text, entry, known, bot=wish.bot)
    for what, key in (("user", "user_token"), ("tab", "tab_token")):
        if what in entry.references:
            text = put(text, (*account, key), entry.references[what])
    routes = configuration.routes if configuration is not None else {}
    own = routes.get((wish.account, None))
    for number, channel in wish.inboxes.items():
        if (wish.account, number) not in routes:
            inbox = {"channel": channel}
            if wish.tenant is not None and (own is None or own.tenant != wish.tenant):
                inbox["tenant"] = wish.tenant
            text = put(text, (*account, "inboxes", str(number)), inbox)
    return text


def _whole(entry: Entry, wish: Wish) -> Value:
    account: dict[str, Value] = {"account_id": wish.account_id, "base_url": wish.base_url}
    if wish.tenant is not None:
        account["tenant"] = wish.tenant
    account["bots"] = {wish.bot: _bot(entry)}
    for what, key in (("user", "user_token"), ("tab", "tab_token")):
        if what in entry.references:
            account[key] = entry.references[what]
    account["inboxes"] = {
        str(number): {"channel": channel} for number, channel in wish.inboxes.items()
    }
    return account


def _bot(entry: Entry) -> Value:
    references = entry.references
    bot: dict[str, Value] = {
        "agent_bot_id": entry.agent_bot_id,
        "token": references["token"],
        "signature": "required" if entry.signed else "if_present",
    }
    kinds = {"agent_bot": "secret", "account": "account_secret"}
    found: dict[str, Value] = {
        kind: [references[what]] for kind, what in kinds.items() if what in references
    }
    if entry.inbox_references:
        found["api_inbox"] = {str(key): [one] for key, one in entry.inbox_references.items()}
    if found:
        bot["secrets"] = found
    if "path_token" in references:
        bot["path_token"] = references["path_token"]
    return bot


def _mended(text: str, entry: Entry, known: Bot, *, bot: str) -> str:
    """Return the text with what a bot's entry lacks; older secrets stay behind the newer."""
    here = ("accounts", known.account, "bots", bot)
    references = entry.references
    if known.agent_bot_id != entry.agent_bot_id:
        text = put(text, (*here, "agent_bot_id"), entry.agent_bot_id)
    for what, key in (("token", "token"), ("path_token", "path_token")):
        if what in references:
            text = put(text, (*here, key), references[what])
    if not entry.signed and known.signature == "required":
        text = put(text, (*here, "signature"), "if_present")
    for what, kind in (("secret", "agent_bot"), ("account_secret", "account")):
        if what in references:
            older = [one.reference for one in known.secrets.get(kind, ())]
            text = put(text, (*here, "secrets", kind), [references[what], *older])
    for number, reference in entry.inbox_references.items():
        place = (*here, "secrets", "api_inbox", str(number))
        text = put(text, place, [reference, *listed(text, place)])
    return text


def unified(before: str, after: str, name: str) -> tuple[str, ...]:
    """Return the lines of a unified diff, without line ends."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{name}", f"{name} (novo / new)", lineterm=""
    )
    return tuple(lines)
