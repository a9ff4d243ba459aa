"""One turn's errand, the same for both engines: its model and tool calls, and what came of them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chatcrew.crews._loop import NO_TOOL
from chatcrew.crews._usable import cut, usable
from chatcrew.errors import CrewError, ModelDeadlineExceeded
from chatcrew.messages import Answer, Ask, ModelAnswer, ModelRequest, ToolResult, ToolSpec, as_data
from chatcrew.tenancy.model import Crew, RoleSpec

Complete = Callable[[ModelRequest], Awaitable[ModelAnswer]]
CallTool = Callable[[str, str], Awaitable[ToolResult]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a crew may reach while it works on one turn.

    Attributes:
        complete: the worker's gateway; whatever it raises comes out of the turn as itself.
        call_tool: runs a tool by name with its arguments as JSON text; likewise.
        tools: what roles may use of the catalogue; a role gets those of them that it names.
        default_model: model of roles that name none.
        config: version of the configuration.
        side_effects: tools after which no completion of this turn may be cached.
    """

    complete: Complete
    call_tool: CallTool
    tools: Sequence[ToolSpec]
    default_model: str
    config: str
    side_effects: frozenset[str] = frozenset()


@dataclass(slots=True)
class Errand:
    """One turn's facts and what came of it so far; a ``Bridge`` that ends in the gateway.

    Attributes:
        crew: the resolved crew.
        ask: what is asked.
        reach: what it may reach.
        engine: which engine runs it.
        until: monotonic seconds at which its time ends.
    """

    crew: Crew
    ask: Ask
    reach: Reach
    engine: str
    until: float = field(init=False)
    tools: dict[str, ToolSpec] = field(init=False)
    _cacheable: bool = True
    _asking: int = 0
    _model_calls: int = 0
    _tool_results: list[str] = field(default_factory=list)
    _asked: list[str] = field(default_factory=list)
    _runs: list[tuple[str, bool, float]] = field(default_factory=list)
    _roles: list[str] = field(default_factory=list)
    _model: str = ""
    _prompt_tokens: int = 0
    _completion_tokens: int = 0
    _cut: bool = False

    def __post_init__(self) -> None:
        self.until = time.monotonic() + self.ask.budget
        self.tools = {spec.name: spec for spec in self.reach.tools}

    @contextlib.asynccontextmanager
    async def in_time(self) -> AsyncIterator[None]:
        """Bound what is done inside by the budget.

        Raises:
            ModelDeadlineExceeded: the budget ended while a model was asked.
            CrewError: it ended elsewhere.
        """
        try:
            async with asyncio.timeout(self.ask.budget):
                yield
        except TimeoutError:
            if self._asking:
                message = "the crew's time ended while a model was asked"
                raise ModelDeadlineExceeded(message, kind="timeout") from None
            raise CrewError(self.crew.name, message="no answer within its time") from None

    async def ask_model(
        self, role: str, messages: Sequence[Mapping[str, Any]], *, tools: Sequence[str | ToolSpec]
    ) -> ModelAnswer:
        """Let the gateway answer one model call; of a cut answer only what is whole.

        Raises:
            ModelRefused: the model said no, or its answer was filtered.
            CrewError: the crew has no such role.
        """
        spec = self._role(role)
        offered = (self.tools.get(one) if isinstance(one, str) else one for one in tools)
        request = ModelRequest(
            tenant=self.ask.tenant,
            model=spec.model or self.reach.default_model,
            messages=tuple(messages),
            tools=tuple(one for one in offered if one is not None),
            temperature=spec.temperature,
            max_tokens=spec.max_tokens,
            budget=max(0.0, self.until - time.monotonic()),
            turn_id=self.ask.turn_id,
            role=role,
            config=self.reach.config,
            cacheable=self._cacheable,
            begun=self.ask.begun,
        )
        self._model_calls += 1
        if role not in self._roles:
            self._roles.append(role)
        # Not taken back when the call fails or is cut off: then it says where the time ended.
        self._asking += 1
        answer = await self.reach.complete(request)
        self._asking -= 1
        self._model = answer.model or request.model
        self._prompt_tokens += answer.usage.prompt_tokens
        self._completion_tokens += answer.usage.completion_tokens
        self._cut = self._cut or cut(answer)
        return usable(answer)

    async def ask_tool(self, role: str, name: str, arguments: str) -> ToolResult:
        """Run one tool; a role can name none but those that were offered to it.

        Raises:
            CrewError: the crew has no such role.
        """
        if name not in self.tools or name not in self._role(role).tools:
            return ToolResult(ok=False, text=NO_TOOL)
        if name in self.reach.side_effects:
            # Before it runs: another branch may ask a model meanwhile.
            self._cacheable = False
            if self.ask.committed is not None:
                self.ask.committed()
        if name not in self._asked:
            self._asked.append(name)
        begun = time.monotonic()
        result = await self.reach.call_tool(name, arguments)
        self._runs.append((name, result.ok, round((time.monotonic() - begun) * 1000, 1)))
        if result.ok:
            # What a tool complains of may quote the model, which is no source for what it says.
            self._tool_results.append(result.text)
        return replace(result, text=as_data(result.text))

    def answer(self, text: str) -> Answer:
        """Return what came of it.

        Raises:
            CrewError: nothing did.
        """
        if not text.strip() and not self._tool_results:
            raise CrewError(self.crew.name, message="its last role answered nothing")
        return Answer(
            text=text,
            engine=self.engine,
            passages=tuple(self.ask.passages),
            tool_results=tuple(self._tool_results),
            model_calls=self._model_calls,
            details={
                "roles": self._roles,
                "model": self._model,
                "prompt_tokens": self._prompt_tokens,
                "completion_tokens": self._completion_tokens,
                **({"tools": self._asked} if self._asked else {}),
                **({"tool_runs": [list(one) for one in self._runs]} if self._runs else {}),
                **({"cut": True} if self._cut else {}),
            },
        )

    def _role(self, name: str) -> RoleSpec:
        """Return the settings of a role, or of the manager.

        Raises:
            CrewError: there is no such role.
        """
        for role in self.crew.everybody():
            if role.name == name:
                return role
        raise CrewError(self.crew.name, message=f"it has no role {name!r}")
