"""What stands in for the model in a conversation test, and what looks on beside it."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable
from typing import Any

import orjson

from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.errors import ModelUnavailable
from chatcrew.mailbox import Claims, PostgresMailbox
from chatcrew.messages import (
    ModelAnswer,
    ModelRequest,
    ToolCall,
    ToolResult,
    ToolSpec,
    TurnKey,
    TurnRecord,
)
from chatcrew.tenancy.conversations import Line
from chatcrew.tenancy.model import Tenant
from chatcrew.tools import Catalogue, ToolContext


class Script:
    """A ``chatcrew.llm.Model`` that says what the line of a conversation test says.

    A tool that the line wants called is called first, by the first role that has it; then come the
    line's texts, one per call. Where the line says nothing (more), it is as if no model were
    configured, so that the knowledge or a person goes on.

    Attributes:
        asked: calls since the line began.
        told: everything that was given to read in them.
    """

    def __init__(self) -> None:
        self._line = Line(says=())
        self._texts: deque[str] = deque()
        self._tool: str | None = None
        self.asked = 0
        self.told: list[str] = []

    def begin(self, line: Line) -> None:
        """Speak for ``line`` from here on."""
        self._line, self._tool = line, line.tool
        self._texts = deque(line.model)
        self.asked = 0
        self.told = []

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Texts of the line that nobody asked for."""
        return tuple(self._texts)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer as the line says.

        Raises:
            ModelUnavailable: it says nothing more.
        """
        self.asked += 1
        self.told += [str(one.get("content") or "") for one in request.messages]
        offered = next((one for one in request.tools if one.name == self._tool), None)
        if offered is not None:
            self._tool = None
            arguments = orjson.dumps(_arguments(self._line, offered)).decode()
            call = ToolCall(f"call_{self.asked}", offered.name, arguments)
            return ModelAnswer("", (call,), model=request.model, finish_reason="tool_calls")
        if not self._texts:
            raise ModelUnavailable("the conversation test has no more words", kind="no_model")
        return ModelAnswer(self._texts.popleft(), model=request.model)


def _arguments(line: Line, tool: ToolSpec) -> dict[str, Any]:
    """Return what the line gives; a text that the tool cannot do without is the customer's own."""
    given = dict(line.arguments)
    properties = tool.parameters.get("properties", {})
    for name in tool.parameters.get("required", ()):
        if properties.get(name, {}).get("type") == "string":
            given.setdefault(name, " ".join(line.says))
    return given


class WatchedCatalogue(Catalogue):
    """The tools of ``catalogue``, and which of them were called.

    Attributes:
        called: name and result of each call since ``begin``.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._inner = catalogue
        self.called: list[tuple[str, ToolResult]] = []

    def begin(self) -> None:
        """Forget the calls so far."""
        self.called.clear()

    def of(self, tenant: Tenant) -> Catalogue:
        """Return what a tenant's roles call from, watched likewise."""
        own = WatchedCatalogue(self._inner.of(tenant))
        own.called = self.called
        return own

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, in order of registration."""
        return self._inner.names

    @property
    def side_effects(self) -> frozenset[str]:
        """Names of the tools that change something."""
        return self._inner.side_effects

    def specs(self, names: Iterable[str]) -> tuple[ToolSpec, ...]:
        """Return what a model reads of these tools."""
        return self._inner.specs(names)

    async def call(self, name: str, arguments: str, context: ToolContext) -> ToolResult:
        """Call it, and remember that."""
        result = await self._inner.call(name, arguments, context)
        self.called.append((name, result))
        return result


class WatchedMailbox(PostgresMailbox):
    """Shows how turns ended, and holds claims back until a customer has said everything.

    Attributes:
        records: of the turns that ended since ``begin``.
        routed: functions that they switched to.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self.records: list[TurnRecord] = []
        self.routed: list[str] = []
        self._open = asyncio.Event()
        self._open.set()
        self._settled = asyncio.Event()

    def begin(self) -> None:
        """Forget the turns so far, and hold back what comes."""
        self.records, self.routed = [], []
        self._open.clear()
        self._settled.clear()

    def go(self) -> None:
        """Let the worker have what waits."""
        self._open.set()

    async def settled(self, *, within: float) -> None:
        """Return once a turn of the line has ended, or after ``within`` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._settled.wait()

    async def claim(self, worker: str, *, limit: int) -> Claims:
        """Claim once nothing is held back."""
        await self._open.wait()
        return await super().claim(worker, limit=limit)

    async def settle(
        self,
        key: TurnKey,
        record: TurnRecord | None,
        *,
        arrivals: int,
        unsaid: str | None = None,
    ) -> bool:
        """Settle, and remember the record."""
        if record is not None:
            self.records.append(record)
        done = await super().settle(key, record, arrivals=arrivals, unsaid=unsaid)
        self._settled.set()
        return done

    async def set_function(self, key: TurnKey, function: str | None) -> None:
        """Set it, and remember that."""
        if function is not None:
            self.routed.append(function)
        await super().set_function(key, function)
