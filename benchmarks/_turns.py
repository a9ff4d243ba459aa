"""What the program recorded of its turns: how each ended, on which rung, and why others failed."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks._customers import Seen
from benchmarks._figures import median, percentile
from benchmarks._installation import Installation
from chatcrew.database import Database, attach_or_own

_ROWS = """
    select number, extract(epoch from started_at),
        state, outcome, reason, engine, stage_ms, details
    from turn where started_at >= to_timestamp(%s) order by started_at
"""
MODELS = frozenset({"crewai", "compiled", "fast"})
"""Engines whose words a model wrote for this very turn."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One row.

    Attributes:
        number: of its conversation.
        begun: Unix seconds.
        finished: nothing is left to do.
        outcome: ``replied``, ``handed_off`` or ``dropped``.
        reason: short stable name.
        engine: ``crewai``, ``compiled``, ``fast``, ``faq``, ``intent``, ``cache`` or ``template``.
        rungs: ``name:end`` of each step of the ladder, in order.
        stages: milliseconds by stage.
        details: everything else.
    """

    number: int
    begun: float
    finished: bool
    outcome: str
    reason: str
    engine: str
    rungs: tuple[str, ...]
    stages: dict[str, float]
    details: dict[str, Any]

    @property
    def place(self) -> str:
        """Where it ended, for the mix: the engine, a template with its reason."""
        if self.outcome == "dropped":
            return f"dropped ({self.reason})"
        return f"template ({self.reason})" if self.engine == "template" else self.engine

    @property
    def by_model(self) -> bool:
        """Whether it ended on the crew or the fast model."""
        return self.engine in MODELS

    @property
    def late(self) -> bool:
        """Whether it ended with a template because no model was in time."""
        return self.engine == "template" and self.reason == "late"


async def read_turns(installation: Installation, since: float) -> list[Turn]:
    """Return the turns that were begun after ``since`` (Unix seconds) from the running program."""
    async with AsyncExitStack() as stack:
        attached = await attach_or_own(installation.data_dir, may_own=False)
        stack.push_async_callback(attached.close)
        database = await Database.open(attached.url, name="benchmark", pool_size=1)
        stack.push_async_callback(database.close)
        connection = await stack.enter_async_context(database.connect())
        rows = await connection.exec_driver_sql(_ROWS % f"{since:.6f}")
        return [_turn(*tuple(row)) for row in rows]


def _turn(  # one argument per column
    number: int, begun: Any, state: str, outcome: str, reason: str, engine: str, *rest: Any
) -> Turn:
    stages, details = rest
    read = details if isinstance(details, dict) else json.loads(details or "{}")
    spent = stages if isinstance(stages, dict) else json.loads(stages or "{}")
    rungs = tuple(f"{one['name']}:{one['end']}" for one in read.get("rungs", ()))
    return Turn(
        number=number,
        begun=float(begun),
        finished=state == "finished",
        outcome=outcome or "",
        reason=reason or "",
        engine=engine or "",
        rungs=rungs,
        stages=spent,
        details=read,
    )


def claimed_after(turns: Iterable[Turn], seen: Iterable[Seen]) -> list[float]:
    """Return how long each burst waited for its turn to begin, quiet period included."""
    begun: dict[int, list[float]] = {}
    for turn in turns:
        begun.setdefault(turn.number, []).append(turn.begun)
    found = []
    for one in seen:
        found += [at - one.asked for at in begun.get(one.number, ()) if at >= one.asked][:1]
    return found


def stages(turns: Sequence[Turn]) -> str:
    """Return median and p95 of the milliseconds that each stage took."""
    names = dict.fromkeys(name for turn in turns for name in turn.stages)
    shown = []
    for name in names:
        took = [turn.stages[name] for turn in turns if name in turn.stages]
        shown.append(f"{name} {median(took):.1f} ({percentile(took, 0.95):.1f})")
    return ", ".join(shown)


def mix(turns: Iterable[Turn]) -> str:
    """Return where turns ended, such as ``compiled 81 %, fast 17 %``."""
    return _shares(Counter(turn.place for turn in turns))


def steps(turns: Sequence[Turn]) -> str:
    """Return how often each rung was left in which way, per 100 turns."""
    counted = Counter(step for turn in turns for step in turn.rungs)
    shown = (f"{step} {count / len(turns) * 100:.1f}" for step, count in counted.most_common())
    return ", ".join(shown)


def windows(turns: Iterable[Turn], *, since: float, width: float) -> list[tuple[float, str, int]]:
    """Return seconds since the start, mix and count of each window of time that has turns."""
    grouped: dict[int, list[Turn]] = {}
    for turn in turns:
        grouped.setdefault(int((turn.begun - since) // width), []).append(turn)
    return [(at * width, mix(some), len(some)) for at, some in sorted(grouped.items())]


def _shares(counted: Counter[str]) -> str:
    total = max(1, counted.total())
    return ", ".join(f"{name} {n / total * 100:.1f} %" for name, n in counted.most_common())
