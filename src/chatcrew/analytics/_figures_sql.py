"""Every figure, out of PostgreSQL."""

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import Any

from chatcrew.analytics import _endings_sql as endings
from chatcrew.analytics._cohorts_sql import cohorts, tenants
from chatcrew.analytics._export_sql import Exports
from chatcrew.analytics._lists import (
    Cohort,
    DebtFigures,
    GapFigures,
    Session,
    Sought,
    TenantFigures,
    Trace,
    Waiting,
)
from chatcrew.analytics._lists_sql import gaps, lately, sessions, standing
from chatcrew.analytics._measures import Mean, Outcomes, Satisfaction, Times
from chatcrew.analytics._reading_sql import Found, Reading, reading
from chatcrew.analytics._saved import Savings
from chatcrew.analytics._saved_sql import saved
from chatcrew.analytics._scope import Page, Scope
from chatcrew.analytics._shaping import added, counted, days, dearest
from chatcrew.analytics._values import (
    Costs,
    DayMoods,
    DaySpend,
    IntentFigures,
    Latency,
    Moods,
    Overview,
    RungTimes,
)
from chatcrew.analytics._waiting_sql import debts, waiting
from chatcrew.clock import Clock
from chatcrew.conversations import History
from chatcrew.database import Database
from chatcrew.debts import Debts
from chatcrew.ids import ConversationId
from chatcrew.why import Why

LINES = 500
"""Most messages of a conversation that a trace shows."""
TURNS = 100
"""Most turns of a conversation that a trace shows."""

_OUTCOMES = endings.ended()
_REASONS = """
    select reason, cast(sum(n) as bigint) as n from alike where ending = 'handed_off'
    group by reason
"""
_FIRST_REPLIES = """
    select step, cast(sum(n) as bigint) as n, cast(sum(total) as bigint) as total
    from pace group by step
"""
_PEOPLE = """
    select kind, cast(sum(bit_count(members)) as bigint) as n from (
        select kind, bit_or(members) as members from sets
        group by kind, case kind when 'user' then account else bot end, chunk
    ) as one group by kind
"""


class PostgresFigures:
    """``Figures`` on PostgreSQL.

    Args:
        database: where the facts are.
        clock: time; silence and seven days are counted up to now.
        history: what was said, for traces.
        why: the account of turns, for traces.
        debts: what people owe.
    """

    def __init__(
        self, database: Database, clock: Clock, *, history: History, why: Why, debts: Debts
    ) -> None:
        self._database = database
        self._exports = Exports(database)
        self._clock = clock
        self._history = history
        self._why = why
        self._debts = debts

    async def overview(self, scope: Scope) -> Overview:
        """See ``Figures.overview``."""
        now = self._clock.now()
        async with reading(self._database, scope, now=self._clock.now()) as look:
            counts = await look.counts("turn", "heard", "said", by=("measure", "part", "day"))
            paces = await look.counts("promise", "answer", by=("measure", "part", "step"))
            by_day = dict(await look.spends("day"))
            ended, rated = await _outcomes(look, now)
            people = {row.kind: row.n for row in await look.added(_PEOPLE)}
            active = await lately(look, now)
            first_reply = counted(await look.added(_FIRST_REPLIES))
        total = Counter[tuple[str, str]]()
        for row in (*counts, *paces):
            total[(row.measure, row.part)] += row.n
        return Overview(
            turns={part: n for (name, part), n in sorted(total.items()) if name == "turn"},
            conversations=people.get("conversation", 0),
            sessions=ended.sessions,
            users=people.get("user", 0),
            active=sum(active.values()),
            heard=total[("heard", "")],
            said=total[("said", "")],
            first_reply=first_reply,
            answer=counted(row for row in paces if row.measure == "answer"),
            kept=total[("promise", "kept")],
            missed=total[("promise", "missed")],
            spend=added(by_day.values()),
            satisfaction=rated,
            outcomes=ended,
            days=days(counts, by_day),
        )

    async def outcomes(self, scope: Scope) -> Outcomes:
        """See ``Figures.outcomes``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            return (await _outcomes(look, self._clock.now()))[0]

    async def costs(self, scope: Scope) -> Costs:
        """See ``Figures.costs``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            spent = sorted(await look.spends("day"))
            divided = {name: await look.spends(name) for name in ("role", "model", "tenant")}
            ended, _ = await _outcomes(look, self._clock.now())
        return Costs(
            total=added(one for _, one in spent),
            days=tuple(DaySpend(day, one) for day, one in spent),
            roles=dearest(divided["role"]),
            models=dearest(divided["model"]),
            tenants=dearest(divided["tenant"]),
            sessions=ended.attended,
            contained=ended.contained,
        )

    async def latency(self, scope: Scope) -> Latency:
        """See ``Figures.latency``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            counts = await look.counts(
                "answer", "engine", "stage", "rung", by=("measure", "part", "step")
            )
            first_reply = counted(await look.added(_FIRST_REPLIES))
        divided: dict[tuple[str, str], list[Found]] = defaultdict(list)
        for row in counts:
            divided[(row.measure, row.part)].append(row)
        found = {key: counted(rows) for key, rows in divided.items()}
        stages = {part: one for (name, part), one in found.items() if name == "stage"}
        engines = {part: one for (name, part), one in found.items() if name == "engine"}
        rungs = [
            RungTimes(part.partition("/")[0], part.partition("/")[2], one)
            for (name, part), one in found.items()
            if name == "rung"
        ]
        return Latency(
            answer=found.get(("answer", ""), Times()),
            first_reply=first_reply,
            stages=dict(sorted(stages.items(), key=lambda one: (-one[1].mean, one[0]))),
            rungs=tuple(sorted(rungs, key=lambda one: (-one.times.count, one.name, one.end))),
            engines=dict(sorted(engines.items(), key=lambda one: (-one[1].count, one[0]))),
        )

    async def intents(self, scope: Scope) -> Sequence[IntentFigures]:
        """See ``Figures.intents``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            counts = await look.counts("intent", "intent_wait", by=("measure", "part"))
        waits = {row.part: Mean(row.n, row.total) for row in counts if row.measure == "intent_wait"}
        found = [
            IntentFigures(row.part, row.n, row.total, waits.get(row.part, Mean()))
            for row in counts
            if row.measure == "intent"
        ]
        return sorted(found, key=lambda one: (-one.turns, one.name))

    async def moods(self, scope: Scope) -> Moods:
        """See ``Figures.moods``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            counts = await look.counts("mood", "signal", by=("measure", "part", "day"))
        total: Counter[str] = Counter()
        by_day: dict[Any, Counter[str]] = defaultdict(Counter)
        signals: Counter[str] = Counter()
        for row in counts:
            if row.measure == "signal":
                signals[row.part] += row.n
                continue
            total[row.part] += row.n
            total["total"] += row.total
            by_day[row.day][row.part] += row.n
        return Moods(
            **{name: total[name] for name in ("negative", "neutral", "positive", "total")},
            days=tuple(DayMoods(day, **one) for day, one in sorted(by_day.items())),
            signals=dict(sorted(signals.items(), key=lambda one: (-one[1], one[0]))),
        )

    async def gaps(
        self, scope: Scope, *, after: str | None = None, limit: int = 50
    ) -> Page[GapFigures]:
        """See ``Figures.gaps``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            return await gaps(look, after=after, limit=limit)

    async def tenants(self, scope: Scope) -> Sequence[TenantFigures]:
        """See ``Figures.tenants``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            return await tenants(look, self._clock.now())

    async def cohorts(self, scope: Scope, *, by: str) -> Sequence[Cohort]:
        """See ``Figures.cohorts``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            return await cohorts(look, self._clock.now(), by=by)

    async def sessions(
        self,
        scope: Scope,
        *,
        sought: Sought | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Session]:
        """See ``Figures.sessions``."""
        now = self._clock.now()
        async with reading(self._database, scope, now=self._clock.now()) as look:
            return await sessions(look, now, sought=sought or Sought(), after=after, limit=limit)

    async def trace(
        self, conversation: ConversationId, *, tenants: frozenset[str] | None
    ) -> Trace | None:
        """See ``Figures.trace``."""
        whose, person, found = await standing(self._database, conversation, self._clock.now())
        if tenants is not None and whose not in tenants:
            return None
        told = await self._why.standing(conversation, tenant=whose if tenants is not None else None)
        if told is None:
            return None
        tenant = None if tenants is None else whose
        return Trace(
            standing=told,
            sessions=[one for one in found if tenants is None or one.tenant in tenants],
            lines=await self._history.window(conversation, limit=LINES, private=True),
            turns=await self._why.turns(conversation, tenant=tenant, limit=TURNS),
            person=person,
        )

    async def waiting(self, scope: Scope) -> Waiting:
        """See ``Figures.waiting``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            return await waiting(look, self._clock.now())

    async def debts(self, scope: Scope) -> DebtFigures:
        """See ``Figures.debts``."""
        async with reading(self._database, scope, now=self._clock.now()) as look:
            return await debts(look, self._debts)

    async def savings(self, scope: Scope) -> Savings:
        """See ``Figures.savings``."""
        now = self._clock.now()
        async with reading(self._database, scope, now=now, mark="savings") as look:
            return await saved(look)

    def export(self, kind: str, scope: Scope) -> AsyncGenerator[Mapping[str, object], None]:
        """See ``Figures.export``."""
        return self._exports.rows(kind, scope, now=self._clock.now())


async def _outcomes(look: Reading, now: datetime) -> tuple[Outcomes, Satisfaction]:
    rows = await look.added(_OUTCOMES, now=now)
    if not rows:
        return Outcomes(as_of=now), Satisfaction()
    found = await look.added(_REASONS)
    reasons = {one.reason: one.n for one in sorted(found, key=lambda one: (-one.n, one.reason))}
    return (
        endings.outcomes(rows[0], reasons=reasons, as_of=now),
        endings.satisfaction(rows[0]),
    )
