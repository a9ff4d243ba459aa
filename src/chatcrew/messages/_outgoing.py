"""What a decided turn sends, as the outbox keeps it, and the turn's record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chatcrew.ids import ConversationId
from chatcrew.messages._acts import ActKind
from chatcrew.messages._topic import Topic
from chatcrew.messages._turn import Outcome


class PartState(StrEnum):
    """Life of an outbox part."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Chatwoot said no (422 and the like), for good."""
    UNKNOWN = "unknown"
    """The answer was lost and nothing told us since: never posted again, people are told."""
    SKIPPED = "skipped"
    """Given up before sending: a person took over, or the conversation is gone."""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """One row of the outbox.

    Attributes:
        id: row id.
        turn_id: which turn.
        conversation: where to.
        position: order inside the turn, from 0.
        kind: what to do.
        payload: its arguments.
        gated: see ``PlannedPart``.
        tag: our tag in ``content_attributes``, unique; by it an echo or a read-back finds the part.
        state: where it stands.
        attempts: how often sending began.
        sending_at: when sending last began, UTC, or None.
        message_id: Chatwoot's id once known.
        error: why it failed, without customer text, or None.
    """

    id: int
    turn_id: str
    conversation: ConversationId
    position: int
    kind: ActKind
    payload: Mapping[str, Any]
    gated: bool
    tag: str
    state: PartState
    attempts: int = 0
    sending_at: datetime | None = None
    message_id: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """What is kept of a turn: the wide line of facts.

    Attributes:
        outcome: how it ended (or will end, when recorded at deciding).
        reason: short stable name: ``crew``, ``intent:greeting``, ``faq``, ``owner_is_person``, …
        tenant: tenant key, or None.
        crew: crew channel name, or None.
        function: function that answered, or None.
        engine: engine that answered, or None.
        config: configuration version the turn ran with.
        stage_ms: milliseconds by stage.
        details: small JSON values: sources, model, tokens, rung; never customer text.
        topic: what intents know after it, kept with the decision; None: what they knew before.
    """

    outcome: Outcome
    reason: str
    tenant: str | None = None
    crew: str | None = None
    function: str | None = None
    engine: str | None = None
    config: str = ""
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    topic: Topic | None = None
