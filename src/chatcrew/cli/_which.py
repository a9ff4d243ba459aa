"""Which conversation somebody means: ``account/number``, or ``account/bot/number``."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from chatcrew.ids import ConversationId
from chatcrew.provision.facts import accounts_of
from chatcrew.provision.refusals import Refusal
from chatcrew.tenancy import Configuration

_ZONE = "America/Sao_Paulo"
"""Of a conversation whose business the mapping no longer knows."""


def conversations_meant(configuration: Configuration, text: str) -> list[ConversationId]:
    """Return the ids a person may mean: one per bot of the account.

    Raises:
        Refusal: the text is no conversation, or names an unknown account.
    """
    parts = text.split("/")
    if len(parts) not in (2, 3) or not parts[-1].isdecimal():
        raise Refusal("bad_conversation", word=text)
    account, number = parts[0], int(parts[-1])
    bots = [one.name for one in configuration.bots.values() if one.account == account]
    if not bots:
        choices = ", ".join(accounts_of(configuration))
        raise Refusal("unknown_account", word=account, choices=choices)
    wanted = bots if len(parts) == 2 else [parts[1]]
    return [ConversationId(account, bot, number) for bot in wanted]


def zone_of(configuration: Configuration, tenant: str | None) -> tzinfo:
    """Return the time zone of a business, or where it is unknown that of most."""
    known = configuration.tenants.get(tenant or "")
    return ZoneInfo(known.timezone if known is not None else _ZONE)
