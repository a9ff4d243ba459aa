"""The exception tree, split by who has to act on an error.

ChatcrewError
├─ ConfigError          admin acts      exit code 2, all faults at once (``ConfigErrors``)
├─ DocumentError        admin acts      the document is left out, ``chatcrew check`` says why
├─ WebhookError         sender acts     carries the HTTP status of design §4
├─ UpstreamError        time acts       ChatwootError: Unavailable · Rejected · ConversationGone
│                                       ModelError: Unavailable · Refused · DeadlineExceeded
│                                       EgressError: Refused (never sent) · Failed
├─ BudgetExceeded       owner acts      the ladder goes down
├─ StoreError           on-call acts    a cache turns it into a miss; mailbox and outbox never
swallow it
│  ├─ LeaseLost         another worker owns the conversation: stop without writing
│  └─ MailboxFull       back-pressure: the webhook answers 429
└─ CrewError            author acts     next rung of the ladder
"""

from chatcrew.errors._tree import (
    BudgetExceeded,
    ChatcrewError,
    ChatwootError,
    ChatwootRejected,
    ChatwootUnavailable,
    ConfigError,
    ConfigErrors,
    ConversationGone,
    CrewError,
    DocumentError,
    EgressError,
    EgressFailed,
    EgressRefused,
    LeaseLost,
    MailboxFull,
    ModelDeadlineExceeded,
    ModelError,
    ModelRefused,
    ModelUnavailable,
    Refusal,
    StoreError,
    UpstreamError,
    WebhookError,
)

__all__ = [
    "BudgetExceeded",
    "ChatcrewError",
    "ChatwootError",
    "ChatwootRejected",
    "ChatwootUnavailable",
    "ConfigError",
    "ConfigErrors",
    "ConversationGone",
    "CrewError",
    "DocumentError",
    "EgressError",
    "EgressFailed",
    "EgressRefused",
    "LeaseLost",
    "MailboxFull",
    "ModelDeadlineExceeded",
    "ModelError",
    "ModelRefused",
    "ModelUnavailable",
    "Refusal",
    "StoreError",
    "UpstreamError",
    "WebhookError",
]
