"""Bounds on tool calls: per turn against loops, per tool against a system that is down."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from chatcrew.clock import Clock
from chatcrew.messages import ToolResult

MOST_CALLS = 12
"""Calls of one turn, of all tools together."""

_AT_ONCE = 4
_FAILURES_TO_REST = 5
_REST = 20.0

_AGAIN = (
    "Você já fez esta mesma chamada neste atendimento; a resposta foi a de baixo. Não a repita. "
    "(You made this very call before; do not repeat it.)"
)
_ENOUGH = (
    "Já houve chamadas demais neste atendimento. Responda com o que já sabe ou chame uma pessoa. "
    "(Too many calls: answer with what you know or hand over to a person.)"
)


@dataclass(slots=True)
class Calls:
    """What one turn has called so far.

    Attributes:
        gate: how many of its calls run at the same time.
    """

    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _made: Counter[str] = field(default_factory=Counter)
    _failures: Counter[str] = field(default_factory=Counter)
    _answers: dict[tuple[str, bytes], ToolResult] = field(default_factory=dict)

    def refusal(self, name: str, asked: bytes, *, limit: int) -> tuple[ToolResult, str] | None:
        """Return what a role reads in the place of one call too many, with the outcome's name."""
        known = self._answers.get((name, asked))
        if known is not None:
            return ToolResult(ok=known.ok, text=f"{_AGAIN}\n{known.text}"), "repeated"
        if self._made.total() >= MOST_CALLS or self._made[name] >= limit:
            return ToolResult(ok=False, text=_ENOUGH), "too_many"
        self._made[name] += 1
        return None

    def answered(self, name: str, asked: bytes, result: ToolResult) -> None:
        """Remember an answer: the same call gets it again."""
        self._answers[name, asked] = result

    def failed(self, name: str, *, retries: int) -> bool:
        """Count a failure; return whether it is one too many: more than ``retries`` (S3-103)."""
        self._failures[name] += 1
        return self._failures[name] > retries


class Rest:
    """Leaves a tool alone for a while after failures in a row, so that it eats no deadline."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0

    def resting(self, clock: Clock) -> bool:
        """Return whether it is left alone; afterwards one call at a time tries it again."""
        if self._failures < _FAILURES_TO_REST:
            return False
        now = clock.monotonic()
        if now < self._until:
            return True
        self._until = now + _REST
        return False

    def went(self, clock: Clock, *, well: bool) -> None:
        """Count how a call ended."""
        if well:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= _FAILURES_TO_REST:
            self._until = clock.monotonic() + _REST
