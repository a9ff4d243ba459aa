"""A turn: the burst one claim drains, and what is asked and answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chatcrew.ids import ConversationId
from chatcrew.messages._acts import PlannedPart
from chatcrew.messages._conversation import ConversationState
from chatcrew.messages._lines import Line


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a burst is collected.

    Attributes:
        quiet: seconds of silence after the last message before a turn starts.
        max_wait: seconds after the first message when it starts in any case.
    """

    quiet: float = 0.8
    max_wait: float = 6.0


class InputKind(StrEnum):
    """What kind of input woke the turn."""

    MESSAGE = "message"
    CHOICE = "choice"
    COMMAND = "command"
    HANDBACK = "handback"
    """People gave the conversation back to the bot while the customer was waiting."""
    SWEEP = "sweep"
    """Our own sweep found a customer whose last word had no answer."""
    TALKOVER = "talkover"
    """A person and the bot spoke at the same time, and the person was first."""
    TIMER = "timer"
    """A timer came due; the input's payload says which and what for."""


@dataclass(frozen=True, slots=True)
class Input:
    """One turn event with its message.

    Attributes:
        event_id: row id of the stored event.
        kind: what it is.
        line: the message; None for a hand-back, a sweep, a timer, or a command of the tab.
        received_at: when ingress read it, UTC.
        payload: what a timer or a command of the tab carries; empty for all others.
    """

    event_id: int
    kind: InputKind
    line: Line | None
    received_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


Burst = tuple[Input, ...]


class TurnState(StrEnum):
    """Life of a turn row."""

    OPEN = "open"
    DECIDED = "decided"
    FINISHED = "finished"


class Outcome(StrEnum):
    """How a turn ended."""

    REPLIED = "replied"
    HANDED_OFF = "handed_off"
    DROPPED = "dropped"
    """Nothing was said, for a reason that the operator can see."""
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class TurnKey:
    """What every later write of a turn is checked against.

    Attributes:
        turn_id: id of the turn row.
        conversation: whose turn.
        fence: fencing number taken at claim; a write with an older one is refused.
    """

    turn_id: str
    conversation: ConversationId
    fence: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One conversation leased to one worker.

    Attributes:
        key: turn and fencing number.
        state: the conversation row at claim.
        burst: unhandled inputs in message order (fixed at claim; a recheck may add some until it
            is decided).
        turn_state: ``decided`` when an earlier worker died after deciding: only delivery is left.
        arrivals: the conversation's arrivals at claim; settle compares with it.
        attempts: how often this burst was claimed, this time included.
        lease_until: monotonic seconds on the claiming process until which the lease holds.
        started_at: when the turn row was made, UTC.
        decided: reason of a turn that is decided, else None.
    """

    key: TurnKey
    state: ConversationState
    burst: tuple[Input, ...]
    turn_state: TurnState
    arrivals: int
    attempts: int
    lease_until: float
    started_at: datetime
    decided: str | None = None

    @property
    def last_word_at(self) -> datetime:
        """When the customer's last word of the burst reached us; the promise counts from here."""
        times = [item.received_at for item in self.burst]
        return max(times) if times else self.started_at


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of knowledge found for a question.

    Attributes:
        source: file and line it came from, such as ``config/domains/health/varizemed.yaml:42``.
        title: the question or heading.
        text: the fact.
        score: higher is better; comparable within one search only.
        certain: good enough to be given as the answer when no model can be asked.
    """

    source: str
    title: str
    text: str
    score: float
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """Figures of a talk since people last had the conversation.

    Attributes:
        messages: public ones of customer and bot.
        cost: US dollars of model calls, as far as prices are known.
        handed: they had it before in this episode, and gave it back or did not come.
    """

    messages: int = 0
    cost: float = 0.0
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Handoff:
    """A conversation to be given to people.

    Attributes:
        reason: short stable name: ``customer_asked``, ``no_answer``, ``attachment``,
            ``model_down``, ``topic:NAME``, …; ``hub.handing`` knows them all.
        summary: what people should know, for the private note.
    """

    reason: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder that was tried in a turn.

    Attributes:
        name: ``intent``, ``cache``, ``crew``, ``repair``, ``fast``, ``extract``, ``template``;
            ``check`` where the last look stopped a reply.
        end: ``answered``, or why it was left: ``timeout``, ``no_model``, ``unfounded_price``, …
        ms: milliseconds it took.
    """

    name: str
    end: str
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """What a responder is asked.

    Attributes:
        turn_id: for logs and for the pairing of model and tool calls.
        tenant: tenant key.
        conversation: whose turn.
        inputs: values of the crew's ``{placeholders}``: message, history, knowledge, contact_name,
            today, …
        budget: seconds left for the answer.
        passages: knowledge already found; tools may find more.
        begun: called when a model has begun to answer; see ``ModelRequest.begun``.
        committed: called right before a tool with side effects runs (people are called, an order is
            made): from then on no other answer may win over this one, and the turn owes people
            what the record of calls says of it.
        state: the conversation as the turn knows it, for tools; None outside of turns.
        fence: fencing number of the claim, which a tool's record of an act is checked against.
        draft: a person may send the answer or not, so that no tool may act outside of the talk.
    """

    turn_id: str
    tenant: str
    conversation: ConversationId
    inputs: Mapping[str, str]
    budget: float
    passages: Sequence[Passage] = ()
    begun: Callable[[], None] | None = field(default=None, compare=False)
    committed: Callable[[], None] | None = field(default=None, compare=False)
    state: ConversationState | None = None
    fence: int = 0
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a responder answered.

    Attributes:
        text: words for the customer (CommonMark); empty when only a handoff is wanted.
        engine: ``crewai``, ``compiled``, or ``fast`` for one call of the fast model.
        handoff: set when a role gave the conversation to people.
        passages: every passage the answer may rest on, found before or by tools.
        tool_results: texts the tools returned; figures and links in the reply may stand in them.
        model_calls: how many model calls it took.
        details: small JSON values for the trace (role names, model, tokens).
        acts: what roles want done to conversation and contact, in order: after the reply is sent.
    """

    text: str
    engine: str
    handoff: Handoff | None = None
    passages: tuple[Passage, ...] = ()
    tool_results: tuple[str, ...] = ()
    model_calls: int = 0
    details: Mapping[str, object] = field(default_factory=dict)
    acts: tuple[PlannedPart, ...] = ()
