"""What was seen of an account and its bots, as values that are judged afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chatcrew.chatwoot.admin import ListedBot, ListedInbox, ListedWebhook, Right
from chatcrew.provision import versions
from chatcrew.provision.findings import Finding, Level
from chatcrew.provision.ports import LostRight
from chatcrew.tenancy.model import Bot

UserState = Literal["none", "unreadable", "bad", "stranger", "agent", "administrator"]
SecretState = Literal["same", "differs", "unreadable", "missing", "unsigned", "unknown"]


@dataclass(frozen=True, slots=True)
class BotFacts:
    """One bot.

    Attributes:
        bot: as the mapping has it.
        readable: its token's reference leads somewhere.
        rights: what was tried; empty where nothing could be.
        listed: as Chatwoot has it, None where it cannot be seen or is not there.
        secret: how our secret compares with Chatwoot's.
        last_delivery: by our records, or None.
        refused_inboxes: whose deliveries lie in quarantine, because nobody mapped them.
        switched_off: what was refused while answering, and is not tried for now.
    """

    bot: Bot
    readable: bool = True
    rights: Mapping[str, Right] = field(default_factory=dict)
    listed: ListedBot | None = None
    secret: SecretState = "unknown"  # noqa: S105 - a state, no secret
    last_delivery: datetime | None = None
    refused_inboxes: tuple[int, ...] = ()
    switched_off: tuple[LostRight, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account with its bots.

    Attributes:
        account: label.
        base_url: Chatwoot's address.
        account_id: Chatwoot's number.
        now: when it was looked.
        bots: of the account.
        mapped: inboxes that the mapping names.
        chatwoot_hours: those whose out-of-office words are left to Chatwoot.
        has_default: other inboxes lead somewhere too.
        unreachable: why Chatwoot cannot be reached, or None.
        limited: seconds after a 429, or None.
        version: Chatwoot's, or None where it does not say.
        skew: seconds its clock is ahead of ours, or None.
        user: what the user token is worth.
        inboxes: that the user sees; None where nobody can look.
        connected: bot by inbox, as far as it was looked at.
        webhooks: of the account; None where they cannot be seen.
        activity: newest activity in a conversation of a connected inbox, or None.
        records: whether our own records could be read.
    """

    account: str
    base_url: str
    account_id: int
    now: datetime
    bots: tuple[BotFacts, ...]
    mapped: frozenset[int] = frozenset()
    chatwoot_hours: frozenset[int] = frozenset()
    has_default: bool = False
    unreachable: str | None = None
    limited: float | None = None
    version: versions.Version | None = None
    skew: float | None = None
    user: UserState = "none"
    inboxes: tuple[ListedInbox, ...] | None = None
    connected: Mapping[int, ListedBot | None] = field(default_factory=dict)
    webhooks: tuple[ListedWebhook, ...] | None = None
    activity: datetime | None = None
    records: bool = False

    def say(
        self,
        probe: str,
        level: Level,
        code: str,
        /,
        *,
        features: tuple[str, ...] = (),
        **values: object,
    ) -> Finding:
        """Return a finding about this account."""
        return Finding(self.account, probe, level, code, values, features)
