"""Requests to a language model and its answers: the OpenAI chat API's shape in plain values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model sees it.

    Attributes:
        name: function name, ``[a-z_][a-z0-9_]*``.
        description: when to use it.
        parameters: JSON Schema of the arguments (an object schema).
        private: kinds of personal data it may receive (``cpf``, ``phone``: ``privacy.KINDS``); of
            others it gets the placeholder that the model saw. None: all, for our own tools.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    private: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call the model wants made.

    Attributes:
        id: the provider's id of the call.
        name: tool name.
        arguments: JSON text as the model wrote it (it may be malformed).
    """

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered (S3-62).

    Attributes:
        ok: whether it worked.
        text: what the model reads: JSON or plain text, in the customer's language where it may be
            quoted.
    """

    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call used, as the provider counted it; zero where it did not say.

    Attributes:
        prompt_tokens: of the request, pictures included.
        completion_tokens: of the answer.
        cached_tokens: of the request, from the provider's cache.
        audio_seconds: of speech that was written down.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    audio_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One model call.

    Attributes:
        tenant: tenant key; part of every cache key and every usage row.
        model: provider's model name.
        messages: OpenAI-shaped chat messages (dicts of JSON values).
        tools: tools offered.
        temperature: 0–2, or None for the provider's default.
        max_tokens: bound of the answer, or None.
        response_format: OpenAI ``response_format`` value, or None.
        budget: seconds left until the turn's deadline.
        turn_id: which turn pays, or None.
        role: which role asks, for the usage row.
        function: of the crew that asks, or "".
        config: version of the configuration, part of the cache key.
        cacheable: False after a tool with side effects.
        begun: called once, as soon as the model has begun to answer; given, the answer is streamed
            where the provider can. The caller hedges early while nothing has begun.
        public: texts of the business itself in this request (knowledge found): what stands in them
            is no secret of a customer's.
    """

    tenant: str
    model: str
    messages: Sequence[Mapping[str, Any]]
    tools: Sequence[ToolSpec] = ()
    temperature: float | None = None
    max_tokens: int | None = None
    response_format: Mapping[str, Any] | None = None
    budget: float = 30.0
    turn_id: str | None = None
    role: str = ""
    function: str = field(default="", compare=False)
    config: str = ""
    cacheable: bool = True
    begun: Callable[[], None] | None = field(default=None, compare=False)
    public: Sequence[str] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model answered.

    Attributes:
        text: the words; empty when it only calls tools.
        tool_calls: calls to make, in order.
        usage: tokens; of an answer that is given again those of the call that made it.
        model: model name as the provider reports it.
        finish_reason: ``stop``, ``length``, ``tool_calls``, ``content_filter``.
        cached: answered by our own cache.
        served_by: which configured model answered, where it may not be the one asked (S3-54).
    """

    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    finish_reason: str = "stop"
    cached: bool = False
    served_by: str = ""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call to a language model.

    Attributes:
        tenant: who pays.
        model: the configured model that served, else the one asked for.
        usage: tokens.
        at: when it ended, UTC.
        turn_id: for which turn, or None.
        role: which role asked.
        seconds: how long it took.
        from_cache: answered by our own cache.
        error: kind of failure (S3-64), or None.
        cost: US dollars, or None where the price of the model is not known.
        estimated: the tokens are our count: the provider's never came (a cancelled call, a timeout,
            a server that does not count).
        spared: US dollars that the call would have cost which our own cache answered, as it did
            when it was made; None: nobody knows, or somebody was asked.
    """

    tenant: str
    model: str
    usage: Usage
    at: datetime
    turn_id: str | None = None
    role: str = ""
    seconds: float = 0.0
    from_cache: bool = False
    error: str | None = None
    cost: float | None = None
    estimated: bool = False
    spared: float | None = None

    @property
    def uncounted(self) -> bool:
        """Whether it was sent and never answered: the provider may bill more than is known."""
        return self.estimated and self.error is not None
