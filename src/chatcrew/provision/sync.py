"""Compares the inboxes of an account with the mapping, and writes what differs into its text."""

from dataclasses import dataclass

from chatcrew.chatwoot.admin import AdminClient, ListedInbox
from chatcrew.errors import ConfigError
from chatcrew.provision._edit import put, remove
from chatcrew.provision.situation import channel_of
from chatcrew.tenancy.model import Configuration


@dataclass(frozen=True, slots=True)
class Differences:
    """How an account's inboxes and the mapping differ.

    Attributes:
        account: label.
        unmapped: inboxes with our bot that the mapping does not name.
        vanished: inboxes of the mapping that do not exist any more.
        without_bot: inboxes that neither have our bot nor stand in the mapping; nothing is
            proposed for them.
        unknown_channel: unmapped inboxes whose channel has no name here.
    """

    account: str
    unmapped: tuple[ListedInbox, ...] = ()
    vanished: tuple[int, ...] = ()
    without_bot: tuple[ListedInbox, ...] = ()
    unknown_channel: tuple[ListedInbox, ...] = ()

    @property
    def any(self) -> bool:
        """Whether something is proposed."""
        return bool(self.unmapped or self.vanished)


async def differences(
    admin: AdminClient, configuration: Configuration, account: str
) -> Differences:
    """Return how an account differs.

    Nothing is said of vanished inboxes for an agent's token, which sees only some.

    Raises:
        ChatwootError: Chatwoot did not answer, or refused.
    """
    bots = [one for one in configuration.bots.values() if one.account == account]
    number = bots[0].account_id
    ours = {one.agent_bot_id for one in bots}
    listed = await admin.inboxes(number)
    member = (await admin.profile()).of(number)
    mapped = {n for label, n in configuration.routes if label == account and n is not None}
    unmapped, unknown, without = [], [], []
    for inbox in listed:
        if inbox.id in mapped:
            continue
        bot = await admin.inbox_bot(number, inbox.id)
        if bot is None or bot.id not in ours:
            without.append(inbox)
        elif channel_of(inbox) is None:
            unknown.append(inbox)
        else:
            unmapped.append(inbox)
    sees_all = member is not None and member.role == "administrator"
    gone = sorted(mapped - {inbox.id for inbox in listed}) if sees_all else []
    return Differences(account, tuple(unmapped), tuple(gone), tuple(without), tuple(unknown))


def synced(text: str, found: Differences) -> str:
    """Return the mapping's text without these differences.

    Raises:
        ConfigError: the text is shaped so that it cannot be changed safely.
    """
    here = ("accounts", found.account, "inboxes")
    for inbox in found.unmapped:
        channel = channel_of(inbox)
        if channel is None:
            raise ConfigError(f"inbox {inbox.id} has no channel we know")
        text = put(text, (*here, str(inbox.id)), {"channel": channel})
    for number in found.vanished:
        text = remove(text, (*here, str(number)))
    return text
