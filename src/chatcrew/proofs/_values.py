"""What the records hold of a conversation, and where the chain of them is broken."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from chatcrew.ids import ConversationId
from chatcrew.messages import ActKind, Outcome, PartState, TurnState


@dataclass(frozen=True, slots=True)
class Input:
    """What the mailbox was given to answer.

    Attributes:
        kind: of input, such as ``message``.
        name: Chatwoot's event, or ours where no delivery brought it.
        message_id: Chatwoot's, None where it is no message.
        delivery: Chatwoot's id of the delivery, None before 4.13 or where none brought it.
        at: when it was stored, UTC.
    """

    kind: str
    name: str
    message_id: int | None
    delivery: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """One act of a turn: what the outbox says, and what Chatwoot says.

    Attributes:
        position: order inside the turn, from 0.
        kind: what it does.
        state: where it stands.
        tag: by which our own words are known again.
        attempts: how often sending began.
        sending_at: when it last began.
        sent_at: when it was known to be done.
        message_id: Chatwoot's id of the message.
        error: why not, or None.
        echoed: whether Chatwoot's own webhook told us of the message.
    """

    position: int
    kind: ActKind
    state: PartState
    tag: str
    attempts: int = 0
    sending_at: datetime | None = None
    sent_at: datetime | None = None
    message_id: int | None = None
    error: str | None = None
    echoed: bool = False

    @property
    def creates(self) -> bool:
        """Whether Chatwoot gets a message by it."""
        return self.kind in (ActKind.MESSAGE, ActKind.NOTE)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn with what went in and what came out."""

    id: str
    state: TurnState
    worker: str
    attempts: int
    started_at: datetime
    decided_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    inputs: Sequence[Input] = ()
    parts: Sequence[Sent] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """All that the records hold of a conversation, oldest first.

    Attributes:
        conversation: which.
        tenant: whose, None where nobody decided.
        status: Chatwoot's, as far as we know.
        due_at: when the next claim is to be, None where nothing waits.
        leased_until: until when a worker has it, None where none does.
        worker: who has it.
        turns: those of the newest that were asked for.
        waiting: inputs that no turn has yet.
        unheard: ids of customers' messages in the history of which no input was made.
    """

    conversation: ConversationId
    tenant: str | None
    status: str | None
    due_at: datetime | None
    leased_until: datetime | None
    worker: str | None
    turns: Sequence[Turn] = ()
    waiting: Sequence[Input] = ()
    unheard: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Break:
    """One place at which the chain does not hold.

    Attributes:
        code: stable name, see docs/prove.md.
        turn: in which turn, or None.
        subject: a message's id or an act's tag, or None.
    """

    code: str
    turn: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A chain with what is wrong with it.

    Attributes:
        chain: the records.
        breaks: what does not hold, in the order of the chain.
        pending: what is under way and may still come: nothing is wrong with it.
        chatwoot: by tag how often Chatwoot holds the message; None: it was not asked.
    """

    chain: Chain
    breaks: Sequence[Break] = ()
    pending: Sequence[Break] = ()
    chatwoot: Mapping[str, int] | None = field(default=None)

    @property
    def whole(self) -> bool:
        """Whether nothing is broken."""
        return not self.breaks

    def facts(self) -> dict[str, Any]:
        """Return it as JSON values; nothing of what anybody said is in it."""
        return {
            "conversation": str(self.chain.conversation),
            "whole": self.whole,
            "breaks": [asdict(one) for one in self.breaks],
            "pending": [asdict(one) for one in self.pending],
            "chatwoot": None if self.chatwoot is None else dict(self.chatwoot),
            "turns": [asdict(one) for one in self.chain.turns],
            "waiting": [asdict(one) for one in self.chain.waiting],
            "unheard": list(self.chain.unheard),
        }
