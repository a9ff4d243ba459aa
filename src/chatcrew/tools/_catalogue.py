"""The catalogue: every tool by its name, called so that a model always gets an answer (S3-62)."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from chatcrew.errors import ChatcrewError
from chatcrew.messages import ToolResult, ToolSpec
from chatcrew.telemetry import get_logger
from chatcrew.tools import _schema
from chatcrew.tools._effects import EffectCall
from chatcrew.tools._tool import Tool, ToolContext, ToolSettings, settings_of

_log = get_logger("tools")

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_LONGEST = 20_000
_MOST_SECONDS = 15.0
"""One tool may take this long at most, or what is left of the turn."""


class Catalogue:
    """Tools by name; our own register here like anybody's (S3-25)."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        self._specs: dict[str, ToolSpec] = {}
        for tool in tools:
            self.register(tool)

    def register(self, tool: Tool) -> None:
        """Add a tool.

        Raises:
            ValueError: its name is taken, or is none that every model API accepts.
        """
        spec = tool.spec
        if _NAME.fullmatch(spec.name) is None:
            raise ValueError(f"tool name {spec.name!r} is not of the form [a-z_][a-z0-9_]*")
        if spec.name in self._tools:
            raise ValueError(f"a tool {spec.name!r} is registered already")
        self._tools[spec.name] = tool
        self._specs[spec.name] = replace(spec, parameters=_schema.normalise(spec.parameters))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, in order of registration."""
        return tuple(self._tools)

    @property
    def side_effects(self) -> frozenset[str]:
        """Names of the tools that change something."""
        return frozenset(name for name, tool in self._tools.items() if tool.side_effects)

    def specs(self, names: Iterable[str]) -> tuple[ToolSpec, ...]:
        """Return what a model reads of these tools, with normalised schemas (S3-48).

        Raises:
            KeyError: one of them is not registered.
        """
        return tuple(self._specs[name] for name in names)

    async def call(self, name: str, arguments: str, context: ToolContext) -> ToolResult:
        """Call a tool with the JSON text that a model wrote; always return a result.

        What fails comes back as ``ok=False`` with words that tell the model what to do instead.
        The log says which tool, how it went and how long it took, never what was said (S3-61).
        """
        started = context.clock.monotonic()
        result, outcome = await self._called(name, arguments, context)
        _log.info(
            "tool.called",
            tool=name if name in self._tools else "unknown",
            tenant=context.tenant.key,
            conversation=str(context.conversation),
            outcome=outcome,
            ok=result.ok,
            seconds=round(context.clock.monotonic() - started, 3),
            answer_chars=len(result.text),
        )
        return result

    async def _called(
        self, name: str, arguments: str, context: ToolContext
    ) -> tuple[ToolResult, str]:
        tool = self._tools.get(name)
        if tool is None:
            known = ", ".join(self._tools) or "none"
            return ToolResult(ok=False, text=f"There is no such tool. Known tools: {known}."), (
                "unknown_tool"
            )
        try:
            given = _object(arguments)
        except ValueError as error:
            return ToolResult(ok=False, text=f"{error} Call {name} again."), "bad_json"
        schema = self._specs[name].parameters
        given = _schema.tidy(given, schema)
        wrong = list(_schema.problems(given, schema))
        if wrong:
            text = f"Wrong arguments: {'; '.join(wrong[:5])}. Call {name} again."
            return ToolResult(ok=False, text=text), "bad_arguments"
        return await self._run(tool, given, context)

    async def _run(
        self, tool: Tool, given: dict[str, Any], context: ToolContext
    ) -> tuple[ToolResult, str]:
        settings = settings_of(tool)
        seconds = min(settings.timeout, _MOST_SECONDS, context.left())
        if seconds <= 0:
            return ToolResult(ok=False, text=_LATE), "timeout"
        try:
            async with asyncio.timeout(seconds):
                result = await _acted(tool, given, context, settings=settings, seconds=seconds)
        except TimeoutError:
            return ToolResult(ok=False, text=_LATE), "timeout"
        except (ChatcrewError, OSError, ValueError, LookupError, TypeError) as error:
            # The kinds of fault that a tool's own work can have; the words may hold customer text
            _log.warning("tool.failed", tool=tool.spec.name, error=type(error).__name__)
            return ToolResult(ok=False, text=_FAILED), "failed"
        return result, "ok" if result.ok else "refused"


async def _acted(
    tool: Tool,
    given: dict[str, Any],
    context: ToolContext,
    *,
    settings: ToolSettings,
    seconds: float,
) -> ToolResult:
    """Call a tool; what acts outside of Chatwoot does so through ``context.effects``."""
    if settings.planned or not tool.side_effects:
        return await tool.call(given, context)
    call = EffectCall(
        tenant=context.tenant.key,
        conversation=context.conversation,
        turn_id=context.turn_id,
        attempt=context.attempt,
        tool=tool.spec.name,
        arguments=given,
        approval=settings.approval,
        timeout=seconds,
        patience=settings.patience,
    )
    return await context.effects.perform(call, lambda: tool.call(given, context))


_LATE = (
    "The tool did not answer in time. Do not guess what it would have said; "
    "answer without it or hand over to a person."
)
_FAILED = (
    "The tool failed. Do not guess what it would have said; "
    "answer without it or hand over to a person."
)


def _object(text: str) -> dict[str, Any]:
    """Return the object in ``text``; nothing at all means no arguments.

    Raises:
        ValueError: it is none, said for a model.
    """
    if len(text) > _LONGEST:
        raise ValueError("The arguments are too long.")
    if not text.strip():
        return {}
    try:
        value = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise ValueError("The arguments are not valid JSON.") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError("The arguments must be one JSON object.")
    return value
