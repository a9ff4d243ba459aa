"""Which inboxes the page shows, and to whom they belong."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatcrew.sandbox._desk import SandboxDesk
from chatcrew.testing import FakeChatwoot, Inbox


@dataclass(frozen=True, slots=True)
class Window:
    """One inbox on the page.

    Attributes:
        inbox: where customers write; has a bot.
        business_name: whom they write to.
        starters: questions offered to a new customer.
        voice: how its bot speaks, in two or three words, or "".
    """

    inbox: Inbox
    business_name: str
    starters: Sequence[str] = ()
    voice: str = ""


def desk_of(chatwoot: FakeChatwoot, inbox: Inbox) -> SandboxDesk:
    """Return the desk of an inbox; the account's first person sits at it.

    Raises:
        ValueError: the account has no agent.
    """
    account = chatwoot.accounts[inbox.account_id]
    if not account.agents:
        raise ValueError(f"account {account.id} has no agent: add_agent first")
    agent = next(iter(account.agents.values()))
    return SandboxDesk(chatwoot, account=account, inbox=inbox, agent=agent)


def first_inbox(chatwoot: FakeChatwoot) -> Inbox:
    """Return the first inbox that has a bot.

    Raises:
        ValueError: there is none.
    """
    for account in chatwoot.accounts.values():
        for inbox in account.inboxes.values():
            if inbox.bot is not None:
                return inbox
    raise ValueError("FakeChatwoot has no inbox with a bot: add_inbox and add_bot first")
