"""One message of a conversation, whoever wrote it, as we keep it in the history."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote, urlsplit

_LONGEST_NAME = 80


class AuthorKind(StrEnum):
    """Who wrote a message (contract §2.4: the cases a bot server has to tell apart)."""

    CUSTOMER = "customer"
    BOT = "bot"
    """Our own bot: sender type ``agent_bot`` with our id."""
    OTHER_BOT = "other_bot"
    """Another agent bot or Captain."""
    PERSON = "person"
    """An operator in the dashboard, or a program with a user token: they look the same."""
    PHONE = "phone"
    """A person who answered from the phone app (``content_attributes.external_echo``)."""
    AUTOMATION = "automation"
    CAMPAIGN = "campaign"
    TEMPLATE = "template"
    """Chatwoot's own greeting, out-of-office, e-mail collect, CSAT or auto-resolve text."""
    SYSTEM = "system"
    """An outgoing message without any mark of its author."""

    @property
    def answers(self) -> bool:
        """Whether a public word of theirs answers a customer: a greeting or automation does not."""
        return self in (AuthorKind.BOT, AuthorKind.OTHER_BOT, AuthorKind.PERSON, AuthorKind.PHONE)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a line.

    Attributes:
        kind: which of the cases.
        id: Chatwoot's id of the contact, user or bot; None where there is none.
        name: display name, or None.
    """

    kind: AuthorKind
    id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment of a message.

    Attributes:
        kind: Chatwoot's ``file_type``: image, audio, video, file, location, contact, fallback,
            share, …
        url: ``data_url``; whoever has it can read the file, so it is never logged.
        content_type: media type as Chatwoot states it, or None.
        size: bytes, or None.
        text: what can be read from it without opening it: a transcript, ``lat,long``, a phone
            number, a title; or what was read in it, once it was.
        id: Chatwoot's own, unique within an installation; None where a payload names none.
    """

    kind: str
    url: str | None = None
    content_type: str | None = None
    size: int | None = None
    text: str | None = None
    id: int | None = None

    @property
    def name(self) -> str:
        """The file's name as its address has it, or "": never an address."""
        last = unquote(urlsplit(self.url or "").path).rsplit("/", 1)[-1]
        return " ".join(last.split())[:_LONGEST_NAME] if "." in last else ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one of our messages after Chatwoot took it.

    Attributes:
        message_id: Chatwoot's message id.
        status: ``sent``, ``delivered``, ``read`` or ``failed``.
        error: the channel's own words where it failed, or None.
    """

    message_id: int
    status: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the conversation as we keep it.

    Attributes:
        message_id: Chatwoot's global message id; sorting by it gives the order of the conversation.
        author: who wrote it.
        text: what was meant: content, a chosen title, form values; free of U+0000 and lone
            surrogates.
        created_at: Chatwoot's own time, UTC.
        private: a private note, never shown to the customer.
        content_type: Chatwoot's ``content_type``.
        attachments: in Chatwoot's order.
        in_reply_to: message id this one answers, or None.
        tag: our own tag in ``content_attributes`` on messages that we sent, or None.
        unsupported: Chatwoot could not represent it (``content_attributes.is_unsupported``).
        deleted: deleted by somebody; ``text`` is empty then.
        automatic: an auto-reply of a mail program (RFC 3834), which must not be answered.
        options: titles offered with the message (``content_attributes.items``); a tap comes back
            as one of them.
    """

    message_id: int
    author: Author
    text: str
    created_at: datetime
    private: bool = False
    content_type: str = "text"
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: int | None = None
    tag: str | None = None
    unsupported: bool = False
    deleted: bool = False
    automatic: bool = False
    options: tuple[str, ...] = ()
