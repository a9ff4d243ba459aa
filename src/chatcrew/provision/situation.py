"""What stands in Chatwoot and in the mapping before anything is set up."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from chatcrew.chatwoot.admin import (
    AdminClient,
    ListedBot,
    ListedInbox,
    ListedWebhook,
    Profile,
)
from chatcrew.provision.refusals import Refusal
from chatcrew.provision.versions import SIGNED, Version
from chatcrew.tenancy.model import Bot, Configuration
from chatcrew.tenancy.vocabulary import CHANNEL_CLASSES

WEBHOOKS = "/webhooks/chatwoot/"
"""What the path of every bot's address begins with (design §6)."""

EVENTS = ("conversation_created", "conversation_typing_on", "conversation_typing_off")
"""What only an account webhook tells; the rest would come twice (contract §2.2)."""

EARLY_EVENTS = (*EVENTS, "conversation_status_changed", "conversation_updated")
"""The same for Chatwoots before 4.13.0, which tell bots of messages only."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an admin wants to be set up.

    Attributes:
        base_url: Chatwoot's address without a slash at its end.
        account_id: Chatwoot's account id.
        account: label of the account in the mapping.
        bot: label of the bot in the mapping, and the last part of its address.
        bot_name: how customers and operators see a bot that is made.
        public_url: our own address as Chatwoot reaches it, without a slash at its end.
        inboxes: channel by inbox id.
        tenant: whose inboxes they are; None where the account has one already.
        keep_user_token: store the user's token too, for what bots may not do.
        replace: take inboxes over that another bot has.
        tab: show the tab in the account's conversations.
    """

    base_url: str
    account_id: int
    account: str
    bot: str
    public_url: str
    bot_name: str = "chatcrew"
    inboxes: Mapping[int, str] = field(default_factory=dict)
    tenant: str | None = None
    keep_user_token: bool = True
    replace: bool = False
    tab: bool = True

    def webhook_url(self, path_token: str | None = None) -> str:
        """Return the bot's address; with a path token it is a secret itself."""
        url = f"{self.public_url}{WEBHOOKS}{self.bot}"
        return f"{url}/{path_token}" if path_token else url


@dataclass(frozen=True, slots=True)
class Situation:
    """What is there.

    Attributes:
        profile: whose token it is.
        inboxes: of the account.
        bots: of the account.
        webhooks: of the account.
        connected: the bot of each inbox that was asked for, None without one.
        version: Chatwoot's, or None where it does not say.
    """

    profile: Profile
    inboxes: tuple[ListedInbox, ...]
    bots: tuple[ListedBot, ...]
    webhooks: tuple[ListedWebhook, ...]
    connected: Mapping[int, ListedBot | None]
    version: Version | None = None

    def bot_of(self, wish: Wish, known: Bot | None) -> ListedBot | None:
        """Return the bot that is ours already: by the mapping's id, else by its address.

        Another host's bot of the same label may be another installation's, so it is left alone.
        """
        by_id = (one for one in self.bots if known is not None and one.id == known.agent_bot_id)
        by_url = (one for one in self.bots if _leads_to(one.outgoing_url, wish))
        return next(by_id, None) or next(by_url, None)

    def webhook_of(self, wish: Wish, known: Bot | None) -> ListedWebhook | None:
        """Return the account webhook that is ours already; that of a bot that moved too."""
        here = (one for one in self.webhooks if _leads_to(one.url, wish))
        moved = (one for one in self.webhooks if known and bot_label(one.url) == wish.bot)
        return next(here, None) or next(moved, None)


def _leads_to(url: str, wish: Wish) -> bool:
    return bot_label(url) == wish.bot and url.startswith(f"{wish.public_url}/")


async def look(
    admin: AdminClient, account_id: int, inboxes: Iterable[int], *, version: Version | None
) -> Situation:
    """Return what is there.

    Raises:
        ChatwootError: Chatwoot did not answer, or refused.
        Refusal: the token is no administrator's of this account.
    """
    profile = await admin.profile()
    member = profile.of(account_id)
    if member is None:
        raise Refusal("not_in_account", number=account_id)
    if member.role != "administrator":
        raise Refusal("not_administrator", name=member.name)
    listed = await admin.inboxes(account_id)
    there = {one.id for one in listed}
    connected = {
        number: await admin.inbox_bot(account_id, number) for number in inboxes if number in there
    }
    return Situation(
        profile=profile,
        inboxes=listed,
        bots=await admin.bots(account_id),
        webhooks=await admin.webhooks(account_id),
        connected=connected,
        version=version,
    )


def events_for(bot: ListedBot, version: Version | None) -> tuple[str, ...]:
    """Return what the account webhook has to tell beside the bot's own deliveries."""
    early = version < SIGNED if version is not None else bot.secret is None
    return EARLY_EVENTS if early else EVENTS


def bot_label(url: str) -> str | None:
    """Return the bot label that an address of ours names, or None for another's address."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    if WEBHOOKS not in path:
        return None
    return path.partition(WEBHOOKS)[2].split("/")[0] or None


def masked(url: str) -> str:
    """Return an address that may be shown: without user, query and path token."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    path = parts.path
    if WEBHOOKS in path:
        before, _, rest = path.partition(WEBHOOKS)
        label, *token = rest.split("/")
        path = f"{before}{WEBHOOKS}{label}" + ("/…" if any(token) else "")
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}{path}"


def channel_of(inbox: ListedInbox) -> str | None:
    """Return our name of an inbox's channel, None where we have none."""
    return CHANNEL_CLASSES.get(inbox.channel_class)


def known_account(
    configuration: Configuration | None, base_url: str, account_id: int
) -> str | None:
    """Return the label under which the mapping has an account, or None."""
    bots = configuration.bots.values() if configuration is not None else ()
    wanted = (base_url.rstrip("/"), account_id)
    return next((one.account for one in bots if (one.base_url, one.account_id) == wanted), None)


def label_from(name: str, *, taken: Iterable[str]) -> str:
    """Return a label for the mapping made from a name, different from those ``taken``."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:40] or "conta"
    label, number, known = stem, 2, set(taken)
    while label in known:
        label, number = f"{stem}-{number}", number + 1
    return label
