"""The catalogue: every tool by its name, called so that a model always gets an answer (S3-62)."""

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from chatcrew.messages import Handoff, ToolResult, ToolSpec
from chatcrew.telemetry import get_logger
from chatcrew.tenancy.model import Tenant
from chatcrew.tools import _schema
from chatcrew.tools._bounds import Rest
from chatcrew.tools._effects import EffectCall
from chatcrew.tools._tool import Tool, ToolContext, ToolSettings, settings_of
from chatcrew.tools._trouble import ToolTrouble, words_for

_log = get_logger("tools")

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_LONGEST = 20_000
_MOST_ANSWERED = 24_000
"""Characters: the most a tool's YAML may ask for, and its fence."""
_PEOPLE_COME = (
    " Uma pessoa da equipe vai continuar depois da sua mensagem. "
    "(A person will go on after your message.)"
)
MOST_SECONDS = 16.0
"""One tool may take this long at most, or what is left of the turn."""


class Catalogue:
    """Tools by name; our own register here like anybody's (S3-25)."""

    def __init__(self, tools: Iterable[Tool] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        self._specs: dict[str, ToolSpec] = {}
        self._rests: dict[str, Rest] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}
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
        self._rests[spec.name] = Rest()
        self._gates[spec.name] = asyncio.Semaphore(settings_of(tool).parallel)
        self._specs[spec.name] = replace(spec, parameters=_schema.normalise(spec.parameters))

    def keep_from(self, names: Iterable[str], *, but: Iterable[str]) -> None:
        """Let tools see personal data of some kinds only: of others they get placeholders (N15).

        Args:
            names: of registered tools.
            but: kinds that they may see.
        """
        for name in names:
            self._specs[name] = replace(self._specs[name], private=frozenset(but))

    def of(self, tenant: Tenant) -> "Catalogue":
        """Return what a tenant's roles call from: here, the same for everybody."""
        del tenant
        return self

    def tool(self, name: str) -> Tool:
        """Return a tool.

        Raises:
            KeyError: it is not registered.
        """
        return self._tools[name]

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
        return await self._bounded(name, given, context)

    async def _bounded(
        self, name: str, given: dict[str, Any], context: ToolContext
    ) -> tuple[ToolResult, str]:
        """Run a tool within the bounds of the turn and of the tool."""
        tool, asked = self._tools[name], json.dumps(given, sort_keys=True).encode()
        settings, calls = settings_of(tool), context.calls
        refused = calls.refusal(name, asked, limit=settings.limit)
        if refused is not None:
            return refused
        seconds = min(settings.timeout, MOST_SECONDS, context.left())
        try:
            if seconds <= 0:
                raise TimeoutError
            if self._rests[name].resting(context.clock):
                raise ToolTrouble("resting")
            async with asyncio.timeout(seconds), calls.gate, self._gates[name]:
                result = await _acted(tool, given, context, settings=settings, seconds=seconds)
        except Exception as error:  # noqa: BLE001 - whatever a third party's tool raises, a role goes on without it
            # Never its words, which may hold customer text
            self._went(name, error, context)
            late = isinstance(error, TimeoutError)
            if not late:
                _log.warning("tool.failed", tool=name, error=type(error).__name__)
            text = words_for(error, acts=tool.side_effects and not settings.planned)
            policy = context.tenant.people.handoff.tool
            too_often = calls.failed(name, retries=policy.retries)
            if too_often and policy.enabled and context.handoff is None:
                context.handoff = Handoff("tool_failed", f"A ferramenta {name} falhou.")
                text += _PEOPLE_COME
            return ToolResult(ok=False, text=text), "timeout" if late else "failed"
        self._rests[name].went(context.clock, well=True)
        calls.answered(name, asked, result)
        return result, "ok" if result.ok else "refused"

    def _went(self, name: str, error: Exception, context: ToolContext) -> None:
        """Let a tool rest that keeps failing; a turn without time says nothing about a tool."""
        if isinstance(error, ToolTrouble) and error.kind == "resting":
            return
        if context.left() > 0:
            self._rests[name].went(context.clock, well=False)


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
        return await _answered(tool, given, context)
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
    return await context.effects.perform(call, lambda: _answered(tool, given, context))


async def _answered(tool: Tool, given: dict[str, Any], context: ToolContext) -> ToolResult:
    """Return what a tool answers, cut where no model would read on and no pipe would take it.

    Raises:
        TypeError: it is no result.
    """
    result: object = await tool.call(given, context)
    if not isinstance(result, ToolResult):
        raise TypeError("a tool returned no ToolResult")
    if len(result.text) <= _MOST_ANSWERED:
        return result
    return replace(result, text=f"{result.text[:_MOST_ANSWERED]}… [cortado: havia mais]")


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
