"""Remembers one episode: rolls its summary on, and takes from it what will be worth knowing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from chatcrew.clock import Clock
from chatcrew.errors import BudgetExceeded, ModelError
from chatcrew.ids import ConversationId
from chatcrew.intents import gist
from chatcrew.llm import Model
from chatcrew.memory import _model, _reading
from chatcrew.memory._port import MemoryStore
from chatcrew.messages import AuthorKind, Line, ModelRequest, NewFact, Work, own_words, spoken
from chatcrew.tenancy.model import Configuration, MemoryPolicy, Tenant

ROLL = 10
"""Lines outside the window that no summary covers, from which it is rolled on."""

SUMMARY_TOKENS = 1_200
"""What a kept summary takes at most; a turn shows of it what its crew's budget allows."""

FEW = 80
"""Newest lines that are read at first; nearly always they are enough."""

MOST = 1_000

SECONDS = 20.0
"""For so long one answer of the model is waited for; nobody else waits."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What came of one work.

    Attributes:
        facts: how many were found.
        rolled: whether the summary was rolled on, and by whom: ``model``, ``reader`` or "".
        extracted: by whom facts were taken: ``model``, ``reader`` or "".
        kept: False where the lease was lost.
    """

    facts: int = 0
    rolled: str = ""
    extracted: str = ""
    kept: bool = True


class Episodes(Protocol):
    """What was said, with what stands in the files that were sent."""

    async def lines(
        self, conversation: ConversationId, *, tenant: str | None, limit: int, episode: int
    ) -> Sequence[Line]:
        """Return the newest ``limit`` public lines of an episode in message order."""
        ...

    async def lines_of(self, works: Sequence[Work], *, limit: int) -> Sequence[Sequence[Line]]:
        """Return the same of each work's episode, read at once."""
        ...


class Rememberer:
    """Does the work of one episode.

    Args:
        store: where it is kept.
        episodes: what was said.
        configuration: gives the version in force.
        clock: time.
        model: what is asked, metered like every other call; None: readers alone.
        model_name: which one at the moment.
        available: whether one is configured at the moment.
    """

    def __init__(
        self,
        store: MemoryStore,
        episodes: Episodes,
        *,
        configuration: Callable[[], Configuration],
        clock: Clock,
        model: Model | None = None,
        model_name: Callable[[], str] = lambda: "",
        available: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._episodes = episodes
        self._configuration = configuration
        self._clock = clock
        self._model = model
        self._model_name = model_name
        self._available = available

    async def glance(self, works: Sequence[Work]) -> Sequence[Work]:
        """End the works of which nothing is to be kept; return the others, for ``remember``.

        Most turns tell nothing that is worth it and fill no summary: whatever is claimed together
        is read and given back together, with two trips to the database for all of them.

        Raises:
            StoreError: storage is away; the works are to be given back.
        """
        said = await self._episodes.lines_of(works, limit=FEW)
        read = await asyncio.to_thread(self._nothing_in, works, said)
        if not read:
            return works
        ended = await self._store.finish_read(read, now=self._clock.now())
        return [work for work in works if work not in ended]

    def _nothing_in(
        self, works: Sequence[Work], said: Sequence[Sequence[Line]]
    ) -> Mapping[Work, int]:
        """Return the works that leave nothing to keep, each with the last line that was read."""
        found: dict[Work, int] = {}
        for work, lines in zip(works, said, strict=True):
            if (_missing(work, lines) and len(lines) == FEW) or len(_older(work, lines)) >= ROLL:
                continue
            tenant = self._configuration().tenants.get(work.tenant or "")
            if tenant is not None and work.person is not None and work.remember:
                due = len(_own(work, lines)) >= tenant.memory.extract_every
                if due or self._read(
                    work, lines, tenant, after=work.read_up_to, alone=self._alone()
                ):
                    continue
            found[work] = max((line.message_id for line in lines), default=0)
        return found

    async def remember(self, work: Work) -> Remembered:
        """Do the work and keep its results, in one transaction.

        A model that fails, is limited or is none at all is no reason to try again: readers do what
        they can, and the next messages bring the next try.

        Raises:
            StoreError: storage is away; the work is to be given back.
        """
        version = self._configuration()
        tenant = version.tenants.get(work.tenant or "")
        lines = await self._lines(work)
        summary, up_to, rolled = await self._summary(work, lines, tenant, version.version)
        facts: tuple[NewFact, ...] = ()
        extracted, extracted_to = "", None
        if tenant is not None and work.person is not None and work.remember:
            facts, extracted, extracted_to = await self._facts(work, lines, tenant, version.version)
        policy = tenant.memory if tenant is not None else MemoryPolicy()
        kept = await self._store.finish(
            work,
            now=self._clock.now(),
            facts=facts,
            summary=summary,
            summary_up_to=up_to,
            extracted_up_to=extracted_to,
            read_up_to=max((line.message_id for line in lines), default=None),
            keep_days=policy.keep_days,
        )
        return Remembered(len(facts), rolled, extracted, kept)

    async def _lines(self, work: Work) -> Sequence[Line]:
        """Return the episode's lines from what is neither summarised nor read yet."""
        found: Sequence[Line] = ()
        for limit in (FEW, MOST):
            found = await self._episodes.lines(
                work.conversation, tenant=work.tenant, limit=limit, episode=work.episode
            )
            if len(found) < limit or not _missing(work, found):
                break
        return found

    async def _summary(
        self, work: Work, lines: Sequence[Line], tenant: Tenant | None, config: str
    ) -> tuple[str | None, int | None, str]:
        """Return the new summary, up to where it goes and who made it; None where none is due."""
        older = _older(work, lines)
        if len(older) < ROLL:
            return None, None, ""
        before = [line for line in work.summary.splitlines() if line]
        facts = [*before, *await asyncio.to_thread(gist.extract, older)]
        told, by = tuple(facts), "reader"
        if tenant is not None:
            asked = _model.summarising(work.summary, older)
            answer = await self._ask(tenant, asked, role="summary", config=config)
            if answer:
                sources = [work.summary, *(spoken(line) for line in older)]
                check = partial(_model.checked, answer, facts=facts, sources=sources)
                told, by = await asyncio.to_thread(check), "model"
        fitted = gist.fitted(told, budget=SUMMARY_TOKENS)
        return "\n".join(fitted), older[-1].message_id, by

    async def _facts(
        self, work: Work, lines: Sequence[Line], tenant: Tenant, config: str
    ) -> tuple[tuple[NewFact, ...], str, int | None]:
        """Return the facts found, by whom, and up to where a model has looked.

        Readers see each line once: what people corrected since is not read anew.
        """
        own, alone = _own(work, lines), self._alone()
        due = len(own) >= tenant.memory.extract_every
        found: tuple[NewFact, ...] = ()
        by, extracted_to, after = "reader", None, work.read_up_to
        if due and work.person is not None:
            extracted_to = own[-1].message_id
            known = await self._store.facts(work.person, now=self._clock.now())
            asked = _model.extraction(own, known)
            answer = await self._ask(tenant, asked, role="memory", config=config)
            if answer is not None:
                by = "model"
                found = _model.believed(answer, own, conversation=work.conversation)
            elif not alone:
                alone, after = True, min(after, work.extracted_up_to)
        reading = partial(self._read, work, lines, tenant, after=after, alone=alone)
        read = await asyncio.to_thread(reading)
        return (*found, *read), by if found or read else "", extracted_to

    def _alone(self) -> bool:
        """Return whether readers find what they can without a model."""
        return self._model is None or not self._available()

    def _read(
        self, work: Work, lines: Sequence[Line], tenant: Tenant, *, after: int, alone: bool
    ) -> tuple[NewFact, ...]:
        """Return the facts that readers find in lines beyond ``after``."""
        return _reading.read(
            lines,
            after=after,
            conversation=work.conversation,
            collect=tenant.collect,
            now=self._clock.now(),
            sentences=alone,
        )

    async def _ask(
        self, tenant: Tenant, messages: Sequence[dict[str, str]], *, role: str, config: str
    ) -> str | None:
        """Return the model's words, None where none can be had now."""
        if self._model is None or not self._available():
            return None
        request = ModelRequest(
            tenant=tenant.key,
            model=self._model_name(),
            messages=messages,
            temperature=0.0,
            max_tokens=900,
            budget=SECONDS,
            role=role,
            config=config,
            cacheable=False,
        )
        try:
            return (await self._model.complete(request)).text
        except (ModelError, BudgetExceeded):
            return None


def _missing(work: Work, lines: Sequence[Line]) -> bool:
    """Return whether lines before these are neither summarised nor read yet."""
    covered = min(work.summary_up_to, work.extracted_up_to, work.read_up_to)
    return bool(lines) and lines[0].message_id > covered


def _older(work: Work, lines: Sequence[Line]) -> list[Line]:
    """Return the lines outside the window that no summary covers."""
    return [
        line
        for line in lines
        if work.summary_up_to < line.message_id < work.beyond and gist.said(line)
    ]


def _own(work: Work, lines: Sequence[Line]) -> list[Line]:
    """Return what the customer said that no model has looked at."""
    return [
        line
        for line in lines
        if line.message_id > work.extracted_up_to
        and line.author.kind is AuthorKind.CUSTOMER
        and own_words(line)
    ]
