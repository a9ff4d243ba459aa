"""Sets up and looks over an installation with a user's token, as ``connect`` and ``doctor`` do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from chatcrew.chatwoot import _admin_requests as requests
from chatcrew.chatwoot import _directory as directory
from chatcrew.chatwoot._directory import (
    Greeting,
    ListedApp,
    ListedBot,
    ListedInbox,
    ListedWebhook,
    Membership,
    Profile,
)
from chatcrew.chatwoot._requests import Call
from chatcrew.chatwoot._transport import Transport
from chatcrew.errors import ChatwootError, ChatwootRejected, ChatwootUnavailable

__all__ = [
    "RIGHTS",
    "AdminClient",
    "Greeting",
    "ListedApp",
    "ListedBot",
    "ListedInbox",
    "ListedWebhook",
    "Membership",
    "Profile",
    "Right",
    "greet",
    "try_right",
]

T = TypeVar("T")

RIGHTS = requests.RIGHTS
"""What ``try_right`` can try."""


@dataclass(frozen=True, slots=True)
class Right:
    """What became of trying a right.

    Attributes:
        state: ``granted``; ``denied`` to bots by this version; ``bad_token`` for a token that is
            not known, or not in this account.
        reason: Chatwoot's own words, "" where granted.
    """

    state: Literal["granted", "denied", "bad_token"]
    reason: str = ""


async def greet(transport: Transport, base_url: str) -> Greeting:
    """Return version and clock of an installation; needs no token.

    Raises:
        ChatwootUnavailable: nobody answers there.
    """
    call = requests.get_version()
    try:
        answer, headers = await transport.ask(call, base_url=base_url, account_id=None, token=None)
    except ChatwootRejected:
        return Greeting()
    except ChatwootUnavailable as error:
        if error.status is not None and 200 <= error.status < 300:
            return Greeting()  # a page of a proxy, no JSON: somebody is there
        raise
    return directory.greeting_of(answer, headers)


async def try_right(
    transport: Transport, name: str, *, base_url: str, account_id: int, token: str
) -> Right:
    """Try whether a bot token may do one of ``RIGHTS``, on a conversation that does not exist.

    Raises:
        ChatwootUnavailable: no answer, 429 or 5xx.
    """
    call = requests.right(name)
    try:
        await transport.do(call, base_url=base_url, account_id=account_id, token=token)
    except ChatwootUnavailable:
        raise
    except ChatwootError as error:
        if error.status != 401:
            return Right("granted")
        reason = str(error)
        return Right("denied" if "not authorized for bots" in reason else "bad_token", reason)
    return Right("granted")


class AdminClient:
    """One user's view of one Chatwoot; its ``repr`` never shows the token.

    Every method raises ``ChatwootUnavailable`` or ``ChatwootRejected``.

    Args:
        transport: of this process.
        base_url: Chatwoot's address without a slash at its end.
        token: access token of a user.
    """

    def __init__(self, transport: Transport, *, base_url: str, token: str) -> None:
        self._transport = transport
        self._base_url = base_url.rstrip("/")
        self._token = token

    def __repr__(self) -> str:
        return f"AdminClient({self._base_url!r})"

    async def profile(self) -> Profile:
        """Return whose token it is."""
        return directory.profile_of(await self._do(requests.get_profile(), None))

    async def inboxes(self, account_id: int) -> tuple[ListedInbox, ...]:
        """Return the inboxes of an account that this user sees."""
        return directory.inboxes_of(await self._do(requests.list_inboxes(), account_id))

    async def inbox_bot(self, account_id: int, inbox_id: int) -> ListedBot | None:
        """Return the agent bot of an inbox, or None."""
        return directory.bot_of(await self._do(requests.inbox_bot(inbox_id), account_id))

    async def set_inbox_bot(self, account_id: int, inbox_id: int, agent_bot_id: int) -> None:
        """Connect a bot to an inbox; the one that was there is replaced."""
        await self._do(requests.set_inbox_bot(inbox_id, agent_bot_id), account_id)

    async def bots(self, account_id: int) -> tuple[ListedBot, ...]:
        """Return the agent bots; secrets only for administrators."""
        return directory.bots_of(await self._do(requests.list_bots(), account_id))

    async def create_bot(
        self, account_id: int, name: str, *, description: str, outgoing_url: str
    ) -> ListedBot:
        """Create an agent bot and return it with its token and, since 4.13, its secret."""
        call = requests.create_bot(name, description=description, outgoing_url=outgoing_url)
        return _found(directory.bot_of(await self._do(call, account_id)), call)

    async def update_bot(
        self, account_id: int, agent_bot_id: int, changes: Mapping[str, Any]
    ) -> ListedBot:
        """Change an agent bot."""
        call = requests.update_bot(agent_bot_id, changes)
        return _found(directory.bot_of(await self._do(call, account_id)), call)

    async def webhooks(self, account_id: int) -> tuple[ListedWebhook, ...]:
        """Return the account webhooks with their secrets (administrators)."""
        return directory.webhooks_of(await self._do(requests.list_webhooks(), account_id))

    async def create_webhook(
        self, account_id: int, url: str, *, name: str, subscriptions: Sequence[str]
    ) -> ListedWebhook:
        """Create an account webhook and return it with its secret."""
        call = requests.create_webhook(url, name=name, subscriptions=subscriptions)
        return _found(directory.webhook_of(await self._do(call, account_id)), call)

    async def update_webhook(
        self, account_id: int, webhook_id: int, *, url: str, subscriptions: Sequence[str]
    ) -> ListedWebhook:
        """Change an account webhook."""
        call = requests.update_webhook(webhook_id, url=url, subscriptions=subscriptions)
        return _found(directory.webhook_of(await self._do(call, account_id)), call)

    async def apps(self, account_id: int) -> tuple[ListedApp, ...]:
        """Return the dashboard apps of an account."""
        return directory.apps_of(await self._do(requests.list_apps(), account_id))

    async def create_app(self, account_id: int, title: str, *, url: str) -> None:
        """Create a dashboard app with one frame."""
        await self._do(requests.create_app(title, url=url), account_id)

    async def update_app(self, account_id: int, app_id: int, title: str, *, url: str) -> None:
        """Change a dashboard app."""
        await self._do(requests.update_app(app_id, title, url=url), account_id)

    async def _do(self, call: Call, account_id: int | None) -> Any:
        return await self._transport.do(
            call, base_url=self._base_url, account_id=account_id, token=self._token
        )


def _found(value: T | None, call: Call) -> T:
    if value is None:
        raise ChatwootRejected(f"{call.act}: the answer names no id")
    return value
