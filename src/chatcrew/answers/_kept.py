"""Finds and keeps answers: the cache in front, the rows behind it, and nothing that has changed."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson

from chatcrew.answers._basis import Rest, basis, rest_of, same
from chatcrew.answers._canon import canon, wishes
from chatcrew.answers._port import Answers, Row, Spent
from chatcrew.cache import Kind, LayeredCache, Scope, key
from chatcrew.clock import Clock
from chatcrew.errors import StoreError
from chatcrew.intents import words
from chatcrew.messages import Kept, Piece, Wanted
from chatcrew.privacy import values
from chatcrew.telemetry import Metrics, get_logger

_log = get_logger("answers")

TTL = 3600.0
"""Seconds an answer is kept (S0-19); what changes before that is noticed by what it rests on."""
MOST = 5000
"""Answers kept of one tenant."""
ASKED = timedelta(days=30)
"""So long a question stays that once had an answer: a tenant's questions are asked again by it."""


class Near(Protocol):
    """Says whether questions in other words may share an answer, as the tenant's own show it."""

    async def agree(self, tenant: str, asked: str, kept: str) -> bool:
        """Return whether two questions of one shape are near enough."""
        ...


class Exact:
    """Where only the very same words count."""

    async def agree(self, tenant: str, asked: str, kept: str) -> bool:
        """Return that they are not."""
        return False


class KeptAnswers:
    """Satisfies ``hub.answers_port.KeptAnswers``: storage that is away is a miss, and counted.

    Args:
        store: the rows.
        cache: in front of them.
        clock: when an answer is made and how long it holds.
        metrics: ``chatcrew_answers``.
        near: whether other words may find an answer; None: never.
        booked: waits until the model calls of a turn are on the books; None: nothing does.
        ttl: seconds an answer is kept.
    """

    def __init__(
        self,
        store: Answers,
        *,
        cache: LayeredCache,
        clock: Clock,
        metrics: Metrics,
        near: Near | None = None,
        booked: Callable[[str], Awaitable[None]] | None = None,
        ttl: float = TTL,
    ) -> None:
        self._booked = booked
        self._store = store
        self._cache = cache
        self._clock = clock
        self._metrics = metrics
        self._near = near or Exact()
        self._ttl = ttl

    async def find(self, wanted: Wanted) -> Kept | None:
        """Return the answer to this question, if nothing that it rests on has changed."""
        exact = exact_of(wanted)
        place = _place(wanted, exact)
        found = _held(await self._cache.get(place), self._clock.now())
        if found is not None and _holds(found[0], wanted):
            return await self._given(wanted, *found)
        rows = [one for one in await self._rows(wanted, exact) if one.text]
        for row in rows:
            near = row.exact != exact
            if near and (wanted.alone or not (wanted.sure and row.sure)):
                continue
            if not _holds(row, wanted):
                self._count("stale")
                continue
            if near and not await self._near.agree(wanted.tenant, wanted.text, row.question):
                self._count("too_far")
                continue
            spent = await self._spent(row.turn)
            if not near:
                await self._remember(place, row, spent)
            return await self._given(wanted, row, spent, near=near)
        self._count("miss")
        return None

    async def keep(
        self,
        wanted: Wanted,
        *,
        text: str,
        turn: str,
        tools: tuple[Piece, ...] = (),
        seconds: float | None = None,
    ) -> None:
        """Keep an answer for the next who asks the same."""
        rests = (*basis(wanted.text, text, wanted.pieces), *map(rest_of, tools))
        await self._put(wanted, text=text, rests=rests, turn=turn, seconds=seconds)

    async def vain(self, wanted: Wanted) -> Kept | None:
        """Return what says that this was asked in vain, with the same knowledge as now."""
        exact = _vain(wanted)
        for row in await self._rows(wanted, exact, shape=False):
            if not row.text:
                self._count("vain")
                await self._hit(row)
                return _kept(row, await self._spent(row.turn))
        return None

    async def keep_vain(self, wanted: Wanted, *, turn: str, seconds: float | None = None) -> None:
        """Keep that nothing is known of a question, until anything that could tell it changes."""
        await self._put(wanted, text="", rests=(), turn=turn, seconds=seconds)

    async def forget_tenant(self, tenant: str, number: int | None = None) -> int:
        """Forget a tenant's answers, or one of them, in every layer; return how many rows went.

        Raises:
            StoreError: the database is away, so that they may come back.
        """
        gone = await self._store.forget(tenant, number)
        await self._cache.forget(Scope(tenant, Kind.ANSWERS))
        return gone

    async def _put(
        self,
        wanted: Wanted,
        *,
        text: str,
        rests: tuple[Rest, ...],
        turn: str,
        seconds: float | None,
    ) -> None:
        if values([wanted.text]):
            return  # the hub asks before; what is stored must not rest on that
        now, life = self._clock.now(), self._ttl if seconds is None else seconds
        row = Row(
            tenant=wanted.tenant,
            exact=exact_of(wanted) if text else _vain(wanted),
            shape=_shape(wanted) if text else "",
            scope=wanted.scope,
            question=wanted.text,
            text=text,
            rests=rests,
            knowledge=wanted.knowledge,
            sure=wanted.sure,
            turn=turn,
            made_at=now,
            expires_at=now + timedelta(seconds=life),
        )
        try:
            number = await self._store.put(row)
        except StoreError as error:
            self._away(error)
            return
        self._count("kept" if text else "kept_vain")
        if text:
            await self._remember(
                _place(wanted, row.exact), replace(row, id=number), await self._spent(turn)
            )

    async def _given(self, wanted: Wanted, row: Row, spent: Spent, *, near: bool = False) -> Kept:
        self._count("near" if near else "hit")
        await self._hit(row)
        return _kept(row, spent, near=near)

    async def _rows(self, wanted: Wanted, exact: str, *, shape: bool = True) -> Sequence[Row]:
        same_shape = _shape(wanted) if shape and wanted.sure else ""
        try:
            found = await self._store.find(
                wanted.tenant, exact=exact, shape=same_shape, now=self._clock.now()
            )
        except StoreError as error:
            self._away(error)
            return ()
        return sorted(found, key=lambda row: row.exact != exact)

    async def _spent(self, turn: str) -> Spent:
        """Return what a turn spent: the very one that keeps its answer may still be written."""
        if self._booked is not None:
            await self._booked(turn)
        try:
            return await self._store.spent(turn)
        except StoreError as error:
            self._away(error)
            return Spent(cost=None)

    async def _hit(self, row: Row) -> None:
        try:
            await self._store.hit(row.tenant, row.id, now=self._clock.now())
        except StoreError as error:
            self._away(error)

    async def _remember(self, place: str, row: Row, spent: Spent) -> None:
        left = (row.expires_at - self._clock.now()).total_seconds()
        if left > 0:
            await self._cache.set(place, _json(row, spent), ttl=left)

    def _away(self, error: StoreError) -> None:
        self._count("away")
        _log.warning("answers.away", error=type(error).__name__)

    def _count(self, result: str) -> None:
        self._metrics.count("chatcrew_answers", result=result)


def _holds(row: Row, wanted: Wanted) -> bool:
    """Return whether everything that an answer rests on is as it was."""
    return same(row.rests, basis(row.question, row.text, wanted.pieces))


def exact_of(wanted: Wanted) -> str:
    """Return the place of a question in its very words, under the house as it is."""
    wish = ["."] if wishes(wanted.text) else []
    return _digest("exact", wanted, *words(wanted.text), *wish)


def _shape(wanted: Wanted) -> str:
    return _digest("shape", wanted, canon(wanted.text).key)


def _vain(wanted: Wanted) -> str:
    """Return the place of a question that nobody could answer with all that is known."""
    marks = sorted(rest_of(one).mark for one in wanted.pieces)
    return _digest("vain", wanted, wanted.knowledge, marks, *words(wanted.text))


def _digest(kind: str, wanted: Wanted, *parts: object) -> str:
    said = orjson.dumps([kind, wanted.tenant, wanted.scope, wanted.house, *parts])
    return hashlib.sha256(said).hexdigest()


def _place(wanted: Wanted, exact: str) -> str:
    return key(Kind.ANSWERS, wanted.tenant, exact)


def _kept(row: Row, spent: Spent, *, near: bool = False) -> Kept:
    return Kept(
        row.id,
        row.text,
        row.turn,
        near=near,
        prompt_tokens=spent.prompt_tokens,
        completion_tokens=spent.completion_tokens,
        cost=spent.cost,
    )


def _json(row: Row, spent: Spent) -> dict[str, Any]:
    rests = [[one.kind, one.name, one.digest, one.place] for one in row.rests]
    plain = {name: getattr(row, name) for name in _PLAIN}
    times = {name: getattr(row, name).isoformat() for name in _TIMES}
    return {**plain, **times, "scope": list(row.scope), "rests": rests, "spent": asdict(spent)}


_PLAIN = ("id", "tenant", "exact", "shape", "question", "text", "knowledge", "sure", "turn")
_TIMES = ("made_at", "expires_at")


def _held(value: Any, now: datetime) -> tuple[Row, Spent] | None:
    """Return what the cache holds, unless it was written by another version or has run out."""
    if not isinstance(value, dict):
        return None
    try:
        plain: dict[str, Any] = {name: value[name] for name in _PLAIN}
        times: dict[str, Any] = {name: datetime.fromisoformat(value[name]) for name in _TIMES}
        rests = tuple(Rest(*one) for one in value["rests"])
        row = Row(**plain, **times, scope=tuple(value["scope"]), rests=rests)
        spent = Spent(**value["spent"])
    except (KeyError, TypeError, ValueError):
        return None
    return (row, spent) if row.expires_at > now else None
