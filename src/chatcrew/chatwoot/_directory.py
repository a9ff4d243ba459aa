"""Reads what Chatwoot says of itself, its inboxes, bots and webhooks; secrets stay out of reprs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from chatcrew.chatwoot._fields import number, rows, section, text


@dataclass(frozen=True, slots=True)
class Greeting:
    """How an installation introduces itself.

    Attributes:
        version: such as ``4.16.2``; None where a proxy keeps it to itself.
        date: its clock by the ``Date`` header, or None.
    """

    version: str | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """One account of a user; ``role`` is ``agent`` or ``administrator``."""

    account_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose token it is."""

    id: int
    name: str
    accounts: tuple[Membership, ...] = ()

    def of(self, account_id: int) -> Membership | None:
        """Return what this person is in an account, or None."""
        return next((one for one in self.accounts if one.account_id == account_id), None)


@dataclass(frozen=True, slots=True)
class ListedBot:
    """An agent bot; the secret is None for older Chatwoots and for who is no administrator."""

    id: int
    name: str
    outgoing_url: str = field(default="", repr=False)
    access_token: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ListedInbox:
    """An inbox.

    Attributes:
        id: Chatwoot's.
        name: as people call it.
        channel_class: such as ``Channel::Whatsapp``.
        greeting: sends a greeting by itself.
        out_of_office: answers outside its working hours by itself.
        webhook_url: where an API inbox tells of itself, "" for none.
        secret: what its webhooks are signed with; only API inboxes have one (since 4.13), and only
            administrators see it.
    """

    id: int
    name: str
    channel_class: str
    greeting: bool = False
    out_of_office: bool = False
    webhook_url: str = field(default="", repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ListedWebhook:
    """An account webhook."""

    id: int
    url: str = field(repr=False)
    subscriptions: tuple[str, ...] = ()
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ListedApp:
    """A dashboard app: a tab above each conversation.

    Attributes:
        id: Chatwoot's.
        title: of the tab.
        url: of its first frame, which may hold a token, or None.
    """

    id: int
    title: str
    url: str | None = field(default=None, repr=False)


def greeting_of(answer: Any, headers: Mapping[str, str]) -> Greeting:
    """Read ``GET /api`` and the headers of its answer."""
    version = text(answer, "version") if isinstance(answer, dict) else None
    return Greeting(version, date_of(headers))


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """Return the ``Date`` header (RFC 9110, 6.6.1) in UTC, None where it is absent or broken."""
    found = next((value for name, value in headers.items() if name.lower() == "date"), None)
    if found is None:
        return None
    try:
        moment = parsedate_to_datetime(found)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def profile_of(answer: Any) -> Profile:
    """Read ``GET /api/v1/profile``."""
    data = answer if isinstance(answer, dict) else {}
    accounts = tuple(
        Membership(found, text(row, "name") or "", text(row, "role") or "agent")
        for row in rows(data, "accounts")
        if (found := number(row, "id")) is not None
    )
    return Profile(number(data, "id") or 0, text(data, "name") or "", accounts)


def bots_of(answer: Any) -> tuple[ListedBot, ...]:
    """Read ``GET /agent_bots``."""
    found = (bot_of(row) for row in answer) if isinstance(answer, list) else ()
    return tuple(bot for bot in found if bot is not None)


def bot_of(answer: Any) -> ListedBot | None:
    """Read one agent bot, None where there is none (an inbox without a bot)."""
    data = answer if isinstance(answer, dict) else {}
    if "agent_bot" in data:
        data = section(data, "agent_bot")
    found = number(data, "id")
    if found is None:
        return None
    return ListedBot(
        id=found,
        name=text(data, "name") or "",
        outgoing_url=text(data, "outgoing_url") or "",
        access_token=text(data, "access_token") or None,
        secret=text(data, "secret") or None,
    )


def inboxes_of(answer: Any) -> tuple[ListedInbox, ...]:
    """Read ``GET /inboxes``."""
    data = answer if isinstance(answer, dict) else {}
    return tuple(
        ListedInbox(
            id=found,
            name=text(row, "name") or "",
            channel_class=text(row, "channel_type") or "",
            greeting=bool(row.get("greeting_enabled")),
            out_of_office=bool(
                row.get("working_hours_enabled") and text(row, "out_of_office_message")
            ),
            webhook_url=text(row, "webhook_url") or "",
            secret=text(row, "secret") or None,
        )
        for row in rows(data, "payload")
        if (found := number(row, "id")) is not None
    )


def apps_of(answer: Any) -> tuple[ListedApp, ...]:
    """Read ``GET /dashboard_apps``."""
    listed = answer if isinstance(answer, list) else []
    found = []
    for row in listed:
        data = row if isinstance(row, dict) else {}
        app_id = number(data, "id")
        if app_id is not None:
            frame = next(iter(rows(data, "content")), {})
            found.append(ListedApp(app_id, text(data, "title") or "", text(frame, "url")))
    return tuple(found)


def webhooks_of(answer: Any) -> tuple[ListedWebhook, ...]:
    """Read ``GET /webhooks``; its list is below ``payload.webhooks`` (the official file errs)."""
    data = answer if isinstance(answer, dict) else {}
    listed = rows(section(data, "payload"), "webhooks") or rows(data, "payload")
    if isinstance(answer, list):
        listed = [row for row in answer if isinstance(row, dict)]
    found = (webhook_of(row) for row in listed)
    return tuple(webhook for webhook in found if webhook is not None)


def webhook_of(answer: Any) -> ListedWebhook | None:
    """Read one account webhook."""
    data = answer if isinstance(answer, dict) else {}
    data = section(section(data, "payload"), "webhook") or data
    found = number(data, "id")
    if found is None:
        return None
    listed = data.get("subscriptions")
    events = tuple(one for one in listed if isinstance(one, str)) if listed else ()
    return ListedWebhook(found, text(data, "url") or "", events, text(data, "secret") or None)
