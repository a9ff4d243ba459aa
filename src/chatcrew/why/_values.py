"""The account of a turn as values: what was said, on what it rests, and what it took."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from chatcrew.errors import Refusal
from chatcrew.messages import Rung


@dataclass(frozen=True, slots=True)
class Cite:
    """Something that people wrote down and a reply rests on; no customer's words.

    Attributes:
        kind: ``intent``, ``phrase``, ``wording``, ``question``, ``knowledge``, ``fact``, ``rule``,
            ``hours``, ``text``, ``role`` or ``task``.
        name: as the admin calls it: an intent's name, a question, a fact's name.
        places: ``file:line`` of it, and of what says the same; without all of them the reply is
            another one.
        key: its path among the tenant's values, such as ``facts.Endereço``; "" for documents.
        same: keys of what says the same.
        known: the lines were looked up in the very version that the turn ran with.
    """

    kind: str
    name: str
    places: tuple[str, ...] = ()
    key: str = ""
    same: tuple[str, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class IntentTold:
    """Which intent a message was.

    Attributes:
        name: of the intent, or of the nearest one where none was sure enough.
        how: ``whole``, ``inside``, ``option``, ``guessed``, ``answer`` (to its own question), or
            ``near`` where it was not taken.
        phrase: of the files, by which it was found; "" for a guess.
        confidence: chance that it is right, 0..1; 1.0 for a phrase.
        runner_up: second nearest intent of a guess, or "".
    """

    name: str
    how: str
    phrase: str = ""
    confidence: float = 1.0
    runner_up: str = ""


@dataclass(frozen=True, slots=True)
class ToolTold:
    """A tool that a role called.

    Attributes:
        name: of the tool.
        fate: ``ok``, ``failed`` or ``called``; of a call that acts ``waiting``, ``done``,
            ``unknown``, ``denied``, ``expired``, …
        number: what operators approve it by, of a call that acts; else None.
        calls: how often.
        ms: milliseconds of all of them.
    """

    name: str
    fate: str
    number: int | None = None
    calls: int = 1
    ms: float | None = None


@dataclass(frozen=True, slots=True)
class PartTold:
    """One act of the turn and what became of it.

    Attributes:
        kind: ``message``, ``note``, ``status``, …
        state: ``planned``, ``sending``, ``sent``, ``failed``, ``unknown``, ``skipped``.
        error: why it was not sent, or None.
        message_id: Chatwoot's, where it is known.
    """

    kind: str
    state: str
    error: str | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What a turn cost.

    Attributes:
        calls: to a model.
        failed: of these.
        from_cache: calls that our own cache answered.
        prompt_tokens: of the calls.
        completion_tokens: of the calls.
        cost: US dollars, as far as prices are known.
        unpriced: calls of unknown price.
        models: that answered.
    """

    calls: int = 0
    failed: int = 0
    from_cache: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    unpriced: int = 0
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """One turn: what was said, why, on what it rests, what it took. Holds no customer's words.

    Attributes:
        turn: id.
        conversation: ``account/bot/number``.
        at: when the turn began, UTC.
        decided_at: when the reply was settled, or None.
        tenant: whose turn, or None where the inbox leads nowhere.
        state: ``open``, ``decided`` or ``finished``.
        attempts: how often it was tried.
        worker: that had it last.
        outcome: ``replied``, ``handed_off``, ``dropped``, ``parked``; None until it is decided.
        reason: short stable name of why, such as ``intent:greeting`` or ``owner_is_person``.
        crew: name, or None.
        function: or None.
        engine: ``intent``, ``faq``, ``cache``, ``compiled``, ``crewai``, ``fast``, ``template``.
        language: in which the customer was answered.
        config: version of the files that the turn ran with.
        intent: which intent the message was, or nearly; None where none was near.
        cites: what the reply rests on: each changes it when it is deleted.
        read: what else stood before the model.
        tools: that roles called.
        rungs: of the ladder, in the order they ended.
        stages: milliseconds by stage, in their order.
        waited_ms: from the customer's last word to the last part of the reply.
        promise: ``kept`` or ``missed``, or None.
        spent: what it cost.
        parts: what was sent and what was not.
        roles: of the crew that spoke.
        burst: inputs that the turn answers.
        kinds: of these, such as ``message``, ``command``, ``timer``; each once.
        limit: of the business that refused a model call, or None.
    """

    turn: str
    conversation: str
    at: datetime
    decided_at: datetime | None = None
    tenant: str | None = None
    state: str = "open"
    attempts: int = 1
    worker: str = ""
    outcome: str | None = None
    reason: str | None = None
    crew: str | None = None
    function: str | None = None
    engine: str | None = None
    language: str = ""
    config: str = ""
    intent: IntentTold | None = None
    cites: tuple[Cite, ...] = ()
    read: tuple[Cite, ...] = ()
    tools: tuple[ToolTold, ...] = ()
    rungs: tuple[Rung, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
    waited_ms: int | None = None
    promise: str | None = None
    spent: Spent = field(default_factory=Spent)
    parts: tuple[PartTold, ...] = ()
    roles: tuple[str, ...] = ()
    burst: int = 0
    kinds: tuple[str, ...] = ()
    limit: Refusal | None = None

    def facts(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            **asdict(self),
            "at": self.at.isoformat(),
            "decided_at": self.decided_at.isoformat() if self.decided_at else None,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """Who answers in a conversation now, and why the bot is quiet where it is.

    Attributes:
        conversation: ``account/bot/number``.
        tenant: by our records, or None.
        channel: by the mapping, or None.
        status: Chatwoot's, or None.
        owner: ``person``, ``bot``, ``other_ai``, ``nobody`` or ``unknown``.
        owner_name: of that person, or None.
        quiet: short stable name of why the bot may not speak (``status_open``,
            ``silenced_by_person``, …), or None: it may.
        since: when it was silenced, or None.
        until: when the silence ends by itself, or None.
        by: who silenced it, or None.
        function: sticky function, or None.
        waiting: when the next turn is due, or None: nothing waits.
        parked_at: when it was given to people after failures, or None.
    """

    conversation: str
    tenant: str | None = None
    channel: str | None = None
    status: str | None = None
    owner: str = "unknown"
    owner_name: str | None = None
    quiet: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    by: str | None = None
    function: str | None = None
    waiting: datetime | None = None
    parked_at: datetime | None = None

    def facts(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            key: value.isoformat() if isinstance(value, datetime) else value
            for key, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation as it stands, and its newest turns, newest first."""

    standing: Standing
    turns: Sequence[Account]
