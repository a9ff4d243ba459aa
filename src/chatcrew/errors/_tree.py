"""Every exception chatcrew raises on purpose, each with the data its handler needs."""

from collections.abc import Sequence
from dataclasses import dataclass


class ChatcrewError(Exception):
    """Root of everything chatcrew raises on purpose."""


class ConfigError(ChatcrewError):
    """A fault in a file the admin edits, with its place and the way out.

    Args:
        message: what is wrong, in one sentence without a full stop.
        file: path as the admin knows it (relative to where he stands when possible).
        line: 1-based line, or None where the whole file is at fault.
        column: 1-based column in characters, or None where only the line is known.
        path: dotted path inside the document, such as ``accounts.acme.inboxes.31.channel``.
        hint: what to do about it, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        path: str = "",
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.hint = hint

    def __str__(self) -> str:
        where = (self.file, self.line, self.column)
        place = ":".join(str(part) for part in where if part is not None)
        parts = [part for part in (place, self.path, self.message) if part]
        text = ": ".join(parts)
        return f"{text} ({self.hint})" if self.hint else text


class ConfigErrors(ExceptionGroup[ConfigError], ChatcrewError):
    """All faults of one load at once, so that an admin mends them in one go."""

    def __new__(cls, faults: list[ConfigError]) -> "ConfigErrors":
        noun = "fault" if len(faults) == 1 else "faults"
        return super().__new__(cls, f"{len(faults)} configuration {noun}", faults)

    # PEP 654: a subclass of ExceptionGroup takes its arguments in __new__, and derive() makes more.
    def __init__(self, faults: list[ConfigError]) -> None:
        """Take the faults; __new__ has stored them already."""

    def derive(self, excs: Sequence[ConfigError]) -> "ConfigErrors":  # type: ignore[override]  # only ConfigError goes in
        """Return a group of the same class over ``excs`` (PEP 654)."""
        return ConfigErrors(list(excs))


class DocumentError(ChatcrewError):
    """A document that no passages can be made of; the admin mends the file.

    Args:
        kind: ``encrypted``, ``scanned``, ``empty``, ``broken``, ``too_big``, ``too_long``,
            ``changed``, ``column``, ``row``, ``day``, ``suffix``, ``unreadable`` or ``entries``.
        line: 1-based line where it is known, or None.
        word: what stands there, or "".
        number: how many there are, or how many there may be.
        faults: of ``entries``: everything wrong with a YAML file, each with its line.
    """

    def __init__(
        self,
        kind: str,
        *,
        line: int | None = None,
        word: str = "",
        number: int = 0,
        faults: Sequence[ConfigError] = (),
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.line = line
        self.word = word
        self.number = number
        self.faults = tuple(faults)


class WebhookError(ChatcrewError):
    """A delivery that is not accepted; ``status`` is the HTTP code of design §4.

    Args:
        status: HTTP status, chosen by what Chatwoot does with it (lib/webhooks/trigger.rb).
        kind: short stable name for metrics and logs, such as ``signature_mismatch``.
        message: one sentence for the log; never contains the body or a secret.
    """

    def __init__(self, status: int, *, kind: str, message: str = "") -> None:
        super().__init__(message or kind)
        self.status = status
        self.kind = kind


class UpstreamError(ChatcrewError):
    """A system we call failed.

    Args:
        message: what happened, without secrets or customer text.
        retryable: whether the same call may succeed later.
        retry_after: seconds to wait before that, or None.
        status: HTTP status of the answer, or None where there was none.
        maybe_done: the call may have had its effect (the answer was lost).
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
        maybe_done: bool = False,
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after = retry_after
        self.status = status
        self.maybe_done = maybe_done


class ChatwootError(UpstreamError):
    """Chatwoot's REST API failed."""


class ChatwootUnavailable(ChatwootError):
    """Chatwoot did not answer, or answered 429 or 5xx."""


class ChatwootRejected(ChatwootError):
    """Chatwoot understood and said no (401, 403, 422)."""


class ConversationGone(ChatwootError):
    """The conversation or its account does not exist any more (404)."""


class ModelError(UpstreamError):
    """A model call failed.

    Args:
        message: what happened, without secrets or customer text.
        kind: the taxonomy of S3-64: ``rate_limit``, ``insufficient_quota``, ``invalid_api_key``,
            ``timeout``, ``content_filter``, ``context_length``, ``unavailable``, ``no_model``,
            ``breaker_open``, ``other``.
        retryable: whether the same call may succeed later.
        retry_after: seconds to wait before that, or None.
        status: HTTP status of the answer, or None.
        maybe_done: the provider may have worked on it, and will then bill it; left out, that is so
            of a ``timeout`` and of nothing else.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "other",
        retryable: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
        maybe_done: bool | None = None,
    ) -> None:
        super().__init__(
            message,
            retryable=retryable,
            retry_after=retry_after,
            status=status,
            maybe_done=kind == "timeout" if maybe_done is None else maybe_done,
        )
        self.kind = kind


class ModelUnavailable(ModelError):
    """The provider did not answer, is over its limits, or no model is configured."""


class ModelRefused(ModelError):
    """The provider or the model said no: key, quota, content filter, context length."""


class ModelDeadlineExceeded(ModelError):
    """The turn's deadline came before the model's answer."""


class EgressError(UpstreamError):
    """A request to an address that others chose has no answer.

    Args:
        message: what happened, without the URL, secrets or customer text.
        kind: short stable name: ``url``, ``scheme``, ``credentials``, ``host``, ``port``,
            ``private``, ``redirect`` (refused); ``timeout``, ``unreached``, ``broken``,
            ``too_big``, ``type``, ``encoding`` (failed).
        retryable: whether the same request may succeed later.
        maybe_sent: it may have reached the other side.
    """

    def __init__(
        self, message: str, *, kind: str, retryable: bool = False, maybe_sent: bool = False
    ) -> None:
        super().__init__(message, retryable=retryable, maybe_done=maybe_sent)
        self.kind = kind
        self.maybe_sent = maybe_sent


class EgressRefused(EgressError):
    """The guard does not let this address be reached; nothing was sent to it."""

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message, kind=kind)


class EgressFailed(EgressError):
    """The other side did not answer, or not with what is wanted."""

    def __init__(self, message: str, *, kind: str, maybe_sent: bool) -> None:
        retryable = kind in ("timeout", "unreached", "broken")
        super().__init__(message, kind=kind, retryable=retryable, maybe_sent=maybe_sent)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which limit a call found no room in.

    Attributes:
        kind: what is counted: ``money``, ``tokens``, ``calls`` or ``slots`` (calls at once).
        scope: whose limit: ``tenant``, ``role:NAME`` or ``function:NAME``.
        span: over which time: ``now``, ``minute``, ``hour``, ``day`` or ``month``.
        most: the limit; money in ``currency``.
        used: how much of it is used or reserved.
        currency: ``USD`` or ``BRL`` of money, else "".
        seconds: until there may be room again.
        until: the same as people read it where the business is, such as ``00:00``; or "".
    """

    kind: str = "money"
    scope: str = "tenant"
    span: str = "day"
    most: float = 0.0
    used: float = 0.0
    currency: str = ""
    seconds: float = 0.0
    until: str = ""


class BudgetExceeded(ChatcrewError):
    """A limit that the business set refuses a call before it is made.

    Args:
        tenant: tenant key such as ``health/varizemed``.
        refusal: which limit.
    """

    def __init__(self, tenant: str, refusal: Refusal | None = None) -> None:
        self.tenant = tenant
        self.refusal = refusal or Refusal()
        one = self.refusal
        super().__init__(f"limit of {tenant!r} is used up: {one.kind} by {one.span} ({one.scope})")


class StoreError(ChatcrewError):
    """Durable storage is away or refuses; never swallowed by mailbox, outbox or limits."""


class LeaseLost(StoreError):
    """Another worker holds the conversation now; whoever gets this stops without writing."""


class MailboxFull(StoreError):
    """The mailbox is over its bound; the webhook answers 429, which Chatwoot retries."""


class CrewError(ChatcrewError):
    """A crew failed in a way its author has to mend.

    Args:
        crew: name of the crew, such as ``whatsapp``.
        message: what happened, without customer text.
    """

    def __init__(self, crew: str, *, message: str) -> None:
        super().__init__(f"crew {crew!r}: {message}")
        self.crew = crew
