"""From when on questions in other words share an answer: what the tenant's own questions show."""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

from chatcrew.answers._canon import canon, nearness
from chatcrew.answers._port import Answers
from chatcrew.clock import Clock
from chatcrew.errors import StoreError

PRECISION = 0.995
"""Of the pairs that would share an answer at least so many must be right; else none does."""
FEWEST_APART = 300
"""So many pairs that ask for different things must have been tried before anything is believed."""
FEWEST_RIGHT = 3
LASTS = 600.0
"""Seconds a point is used before the questions are looked at again."""
MOST = 2000
"""Questions looked at, the newest of those that customers asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the tenant's own, and what answers it."""

    text: str
    about: str


@dataclass(frozen=True, slots=True)
class Point:
    """What a replay of a tenant's questions has shown.

    Attributes:
        least: how near two questions of one shape must be, 0..1; None: only the same words count.
        right: pairs in other words at that point that ask for the same.
        wrong: of these pairs, those that do not.
        apart: pairs of questions that ask for different things, all told.
        questions: different ones, all told.
    """

    least: float | None = None
    right: int = 0
    wrong: int = 0
    apart: int = 0
    questions: int = 0

    @property
    def precision(self) -> float | None:
        """Return the share of right pairs, None where there are none."""
        pairs = self.right + self.wrong
        return self.right / pairs if pairs else None


class Vectors(Protocol):
    """Meaning as vectors; ``knowledge.Embedder`` fits."""

    async def ask(self, tenant: str, question: str) -> tuple[float, ...] | None:
        """Return the vector of a question, soon or not at all."""
        ...


def pairs(questions: Iterable[Asked]) -> list[tuple[Asked, Asked]]:
    """Return the pairs of one shape in different words: those that might share an answer."""
    groups: dict[str, dict[frozenset[str], Asked]] = {}
    for one in questions:
        shape = canon(one.text)
        groups.setdefault(shape.key, {}).setdefault(shape.words, one)
    return [pair for group in groups.values() for pair in combinations(group.values(), 2)]


def operating_point(
    questions: Sequence[Asked], scored: Iterable[tuple[float, Asked, Asked]]
) -> Point:
    """Return the lowest point from which on, and at every higher one, the precision is kept.

    Args:
        questions: all of them.
        scored: ``pairs`` with how near they are.
    """
    apart, different = _apart(questions), len({canon(one.text).words for one in questions})
    best = Point(apart=apart, questions=different)
    right = wrong = 0
    ranked = sorted(scored, key=lambda pair: -pair[0])
    for place, (score, one, other) in enumerate(ranked):
        right += one.about == other.about
        wrong += one.about != other.about
        if place + 1 < len(ranked) and ranked[place + 1][0] == score:
            continue
        if right / (right + wrong) < PRECISION:
            break
        if right >= FEWEST_RIGHT:
            best = Point(score, right, wrong, apart, different)
    return best if apart >= FEWEST_APART else Point(apart=apart, questions=different)


def _apart(questions: Sequence[Asked]) -> int:
    counts: dict[str, int] = {}
    for one in questions:
        counts[one.about] = counts.get(one.about, 0) + 1
    total = len(questions)
    return (total * total - sum(count * count for count in counts.values())) // 2


@dataclass(slots=True)
class Replay:
    """Satisfies ``Near``: asks the tenant's own questions again, each ten minutes.

    Where vectors are configured they measure how near two questions of one shape are; without
    them their words do. Vectors never make one shape of two: to them "com" and "sem" are
    neighbours.

    Attributes:
        written: what the business wrote as questions, with what answers each.
        store: what customers asked lately.
        clock: time.
        vectors: or None.
    """

    written: Callable[[str], Sequence[Asked]]
    store: Answers
    clock: Clock
    vectors: Vectors | None = None
    _points: dict[str, tuple[float, Point]] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    _making: dict[str, asyncio.Task[Point]] = field(default_factory=dict)

    async def agree(self, tenant: str, asked: str, kept: str) -> bool:
        """Return whether two questions of one shape are near enough.

        Vectors may take a while the first time: until then only the same words count.
        """
        point = await self.point(tenant) if self.vectors is None else self._known(tenant)
        if point.least is None:
            return False
        near = await self._near(tenant, asked, kept)
        return near is not None and near >= point.least

    async def point(self, tenant: str) -> Point:
        """Return what the tenant's questions show now."""
        async with self._locks.setdefault(tenant, asyncio.Lock()):
            held = self._points.get(tenant)
            if held is None or self.clock.monotonic() >= held[0]:
                held = (self.clock.monotonic() + LASTS, await self._made(tenant))
                self._points[tenant] = held
            return held[1]

    def _known(self, tenant: str) -> Point:
        held = self._points.get(tenant)
        if (held is None or self.clock.monotonic() >= held[0]) and tenant not in self._making:
            task = self._making[tenant] = asyncio.create_task(self.point(tenant))
            task.add_done_callback(lambda _: self._making.pop(tenant, None))
        return Point() if held is None else held[1]

    async def _made(self, tenant: str) -> Point:
        questions = (*self.written(tenant), *await self._asked(tenant))[:MOST]
        found = await asyncio.to_thread(pairs, questions)
        scored = []
        for one, other in found:
            near = await self._near(tenant, one.text, other.text)
            if near is not None:
                scored.append((near, one, other))
        return await asyncio.to_thread(operating_point, questions, scored)

    async def _asked(self, tenant: str) -> list[Asked]:
        try:
            rows = await self.store.asked(tenant, limit=MOST)
        except StoreError:
            return []
        found = []
        for row in rows:
            about = next((one.name for one in row.rests if one.kind == "knowledge"), None)
            if row.text and about is not None:
                found.append(Asked(row.question, about))
        return found

    async def _near(self, tenant: str, one: str, other: str) -> float | None:
        if self.vectors is None:
            return nearness(canon(one), canon(other))
        mine, theirs = await self.vectors.ask(tenant, one), await self.vectors.ask(tenant, other)
        return None if mine is None or theirs is None else _cosine(mine, theirs)


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    length = math.sqrt(sum(a * a for a in one)) * math.sqrt(sum(b * b for b in other))
    dot = sum(a * b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else 0.0
    return dot / length if length else 0.0
