"""What is remembered: of a customer over all conversations, of an episode beyond its window."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chatcrew.ids import ConversationId


class FactKind(StrEnum):
    """What a remembered sentence is about (S3-98)."""

    PREFERENCE = "preference"
    PROBLEM = "problem"
    FACT = "fact"
    SLOT = "slot"
    """Something the customer will not tell: it is not asked for again."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of one tenant; nothing is ever remembered across tenants or accounts.

    Attributes:
        tenant: tenant key.
        account: label of the account: contact numbers are its own.
        contact: Chatwoot's contact id.
    """

    tenant: str
    account: str
    contact: int


@dataclass(frozen=True, slots=True)
class NewFact:
    """Something to remember of a person.

    Attributes:
        kind: what it is about.
        text: one sentence, in words that may be shown to a model.
        about: its subject, such as ``name``; a newer fact about it replaces the older. None: it
            stands beside the others.
        conversation: where it was said.
        message_id: in which message.
        confidence: 0..1; 1 where a reader found it, less where a model did.
        expires_at: when it is forgotten by itself, UTC; None: by the tenant's ``keep_days``.
    """

    kind: FactKind
    text: str
    about: str | None
    conversation: ConversationId
    message_id: int
    confidence: float = 1.0
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is remembered.

    Attributes:
        id: number of its row.
        kind: what it is about.
        text: one sentence.
        about: its subject, or None.
        conversation: where it was said, as ``account/bot/number``.
        message_id: in which message; 0 where a person wrote it into the memory.
        confidence: 0..1.
        created_at: when it was remembered, UTC.
        used_at: when an answer last had it, UTC, or None.
        expires_at: when it is forgotten by itself, UTC.
    """

    id: int
    kind: FactKind
    text: str
    about: str | None
    conversation: str
    message_id: int
    confidence: float
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What a customer said when asked whether we may remember.

    Attributes:
        given: agreed, or not.
        at: when, UTC.
        version: which text was agreed to: the first digits of its digest, or ``attribute``.
        source: the conversation in which it was said.
    """

    given: bool
    at: datetime
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class Recollection:
    """What memory gives one turn.

    Attributes:
        facts: everything remembered of the person that has not expired, newest first.
        consent: what the person said to remembering, or None.
        summary: the running summary of this episode.
        up_to: newest message id that the summary covers, 0 if there is none.
        before: summary of the episode before this one.
        before_up_to: newest message id that one covers.
    """

    facts: tuple[Fact, ...] = ()
    consent: Consent | None = None
    summary: str = ""
    up_to: int = 0
    before: str = ""
    before_up_to: int = 0


@dataclass(frozen=True, slots=True)
class Noted:
    """What a turn that has been answered leaves to be remembered, beside everything else.

    Attributes:
        conversation: which one.
        episode: of it.
        person: whose, None where Chatwoot told no contact.
        up_to: newest message id of the turn.
        beyond: messages with a smaller id do not fit into the window any more.
        remember: whether facts of the person may be kept: it is switched on and agreed to.
        used: ids of the facts that the answer had.
        facts: what the turn itself knows, such as refusals.
        consent: what the customer said in this turn, or None.
        tenant: tenant key, also where nobody is remembered.
    """

    conversation: ConversationId
    episode: int
    person: Person | None
    up_to: int
    beyond: int = 0
    remember: bool = False
    used: tuple[int, ...] = ()
    facts: tuple[NewFact, ...] = ()
    consent: Consent | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased of a person.

    Attributes:
        facts: sentences.
        summaries: running summaries of episodes.
        consents: recorded answers.
    """

    facts: int = 0
    summaries: int = 0
    consents: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """An episode that has something to remember, leased to one worker.

    Attributes:
        conversation: which one.
        episode: of it.
        person: whose, or None.
        remember: whether facts may be kept.
        marked: newest message id that was noted.
        beyond: see ``Noted.beyond``.
        summary: what is summarised already.
        summary_up_to: newest message id it covers.
        extracted_up_to: newest message id that a model took facts from.
        read_up_to: newest message id that readers took facts from.
        tenant: tenant key, also where nobody is remembered.
        attempts: how often it was begun without an end, this time included.
        fence: grows with each lease; a result under an older one is refused.
    """

    conversation: ConversationId
    episode: int
    person: Person | None
    remember: bool
    marked: int
    beyond: int
    summary: str = ""
    summary_up_to: int = 0
    extracted_up_to: int = 0
    read_up_to: int = 0
    tenant: str | None = None
    attempts: int = 1
    fence: int = 1
