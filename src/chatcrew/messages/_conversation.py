"""A conversation as Chatwoot showed it to us, and as our own row keeps it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chatcrew.ids import ConversationId
from chatcrew.messages._lines import AuthorKind
from chatcrew.messages._topic import Topic

__all__ = [
    "AuthorKind",
    "Contact",
    "ConversationState",
    "Owner",
    "OwnerKind",
    "Silence",
    "Snapshot",
    "given_to",
]


class OwnerKind(StrEnum):
    """What kind of assignee a conversation has (``meta.assignee_type``)."""

    PERSON = "person"
    BOT = "bot"
    OTHER_AI = "other_ai"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a conversation: ``meta.assignee`` with its type."""

    kind: OwnerKind
    id: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """The customer, as far as the webhook tells.

    Attributes:
        id: Chatwoot's contact id.
        name: display name, or None.
        phone: E.164 with ``+``, or None.
        email: or None.
        attributes: the contact's ``custom_attributes``.
        blocked: the operator blocked this contact.
    """

    id: int | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    attributes: dict[str, object] = field(default_factory=dict)
    blocked: bool = False


_PROVEN = {
    "Channel::Whatsapp": "phone",
    "Channel::Sms": "phone",
    "Channel::TwilioSms": "phone",
    "Channel::Email": "email",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The conversation as one webhook shows it; applied only if not older than what is stored.

    Attributes:
        version: ``conversation.updated_at`` (Unix seconds with microseconds), or None before 4.x
            had it.
        status: open, pending, snoozed, resolved; None where the payload lacks it.
        owner: the assignee, or None.
        owner_known: False where the payload has no ``meta.assignee`` key, so that "no owner" is
            not inferred.
        inbox_id: Chatwoot's inbox id.
        channel: Chatwoot's channel class, such as ``Channel::Whatsapp``.
        can_reply: inside the channel's messaging window.
        labels: as Chatwoot lists them.
        custom_attributes: of the conversation.
        team_id: or None.
        priority: low, medium, high, urgent or None.
        contact: the customer.
    """

    version: float | None = None
    status: str | None = None
    owner: Owner | None = None
    owner_known: bool = False
    inbox_id: int | None = None
    channel: str | None = None
    can_reply: bool = True
    labels: tuple[str, ...] = ()
    custom_attributes: dict[str, object] = field(default_factory=dict)
    team_id: int | None = None
    priority: str | None = None
    contact: Contact = field(default_factory=Contact)

    @property
    def proven(self) -> str | None:
        """What the channel itself vouches for: the contact's ``phone``, ``email``, or None.

        Anything else on the card somebody may have typed, in a web chat before any word was said.
        """
        return _PROVEN.get(self.channel or "")


class Silence(StrEnum):
    """Why the bot keeps quiet in a conversation, apart from status and owner."""

    PERSON = "person"
    """An operator wrote a public message."""
    PHONE = "phone"
    """A person answered from the phone app."""
    COMMAND = "command"
    """An operator silenced the bot with a command."""


@dataclass(frozen=True, slots=True)
class ConversationState:
    """Our row of a conversation: Chatwoot's state, our own silence, and the queue's figures.

    Attributes:
        id: which conversation.
        tenant: tenant key by our own records, such as ``health/varizemed``; None if unmapped.
        channel: the crew channel by the mapping, such as ``whatsapp``.
        snapshot: the newest state Chatwoot showed.
        silence: why the bot keeps quiet, or None; cleared when the conversation is handed back or
            resolved.
        silenced_at: when that began.
        silence_until: when it ends by itself, or None: it does not.
        silence_by: name of who began it, or "".
        silence_why: his reason in his words, or "".
        spoke_id: first public word of a person since the conversation was the bot's, 0: none.
        reopened: ``resolved`` or ``snoozed`` where the conversation was woken from that and has
            kept its status since, else None.
        episode: number of the episode, from 1; a reopened resolved conversation starts the next
            one.
        tenant_episode: the tenant's first episode of the conversation: what stands before it
            was said to another business, which had the inbox then.
        function: sticky function of the conversation, or None for the tenant's default.
        last_message_id: newest message id seen, 0 if none.
        last_customer_id: newest public customer message id, 0 if none.
        last_public_author: who wrote the newest public message, or None.
        arrivals: how many turn events were ever put.
        attempts: claims of the current burst without a settle.
        due_at: when the queue entry is due, or None if nothing waits.
        first_at: when the first unhandled event of the burst came, or None.
        parked_at: when it was parked to people, or None.
        topic: what intents know of this episode.
    """

    id: ConversationId
    tenant: str | None = None
    channel: str | None = None
    snapshot: Snapshot = field(default_factory=Snapshot)
    silence: Silence | None = None
    silenced_at: datetime | None = None
    silence_until: datetime | None = None
    silence_by: str = ""
    silence_why: str = ""
    spoke_id: int = 0
    reopened: str | None = None
    episode: int = 1
    tenant_episode: int = 1
    function: str | None = None
    last_message_id: int = 0
    last_customer_id: int = 0
    last_public_author: AuthorKind | None = None
    arrivals: int = 0
    attempts: int = 0
    due_at: datetime | None = None
    first_at: datetime | None = None
    parked_at: datetime | None = None
    topic: Topic = field(default_factory=Topic)


def given_to(state: ConversationState, tenant: str) -> ConversationState:
    """Return a conversation given to a tenant who has its inbox now.

    Two episodes on: the one between is empty, and nobody reads further back than the one before
    his own. What somebody of the other business gave as his reason to silence the bot is his.
    """
    first = state.episode + 2
    return replace(
        state,
        tenant=tenant,
        episode=first,
        tenant_episode=first,
        function=None,
        topic=Topic(),
        silence_why="",
    )
