"""Sessions compared: by what they have in common, and by tenant."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from chatcrew.analytics import _endings_sql as endings
from chatcrew.analytics._lists import Cohort, TenantFigures
from chatcrew.analytics._lists_sql import lately
from chatcrew.analytics._measures import Spend
from chatcrew.analytics._port import COHORTS
from chatcrew.analytics._reading_sql import Reading, spend

_COHORTS = {name: endings.ended(by=name, where=endings.ATTENDED, spent=True) for name in COHORTS}
_REASONS = {
    name: f"""
        select {name} as name, reason, cast(sum(n) as bigint) as n from alike
        where ending = 'handed_off' group by {name}, reason order by n desc, reason
    """  # noqa: S608 - constants of this house
    for name in COHORTS
}
_TENANTS = "select tenant, cast(sum(n) as bigint) as sessions from alike group by tenant"
_PEOPLE = """
    select tenant, kind, cast(sum(bit_count(members)) as bigint) as n from (
        select tenant, kind, bit_or(members) as members from sets
        group by tenant, kind, case kind when 'user' then account else bot end, chunk
    ) as one group by tenant, kind
"""


async def cohorts(look: Reading, now: datetime, *, by: str) -> Sequence[Cohort]:
    """Return the sessions divided by one of ``COHORTS``, most attended first."""
    if by not in COHORTS:
        raise ValueError(f"sessions cannot be compared by {by!r}, only by {', '.join(COHORTS)}")
    reasons: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await look.added(_REASONS[by]):
        reasons[row.name][row.reason] = row.n
    found = [
        Cohort(
            name=row.name,
            outcomes=endings.outcomes(row, reasons=reasons[row.name], as_of=now),
            satisfaction=endings.satisfaction(row),
            spend=spend(row),
            answer=endings.mean(row),
            last_at=row.newest,
        )
        for row in await look.added(_COHORTS[by], now=now)
    ]
    return sorted(found, key=lambda one: (-one.outcomes.attended, one.name))


async def tenants(look: Reading, now: datetime) -> Sequence[TenantFigures]:
    """Return a row for each tenant that has something to show, by key."""
    sessions = {row.tenant: row.sessions for row in await look.added(_TENANTS)}
    people = {(row.tenant, row.kind): row.n for row in await look.added(_PEOPLE)}
    counts: dict[tuple[str, str, str], int] = {
        (row.tenant, row.measure, row.part): row.n
        for row in await look.counts("turn", "heard", "said", by=("tenant", "measure", "part"))
    }
    spends = dict(await look.spends("tenant"))
    active = await lately(look, now)
    turns: dict[str, int] = defaultdict(int)
    for (tenant, measure, _), n in counts.items():
        turns[tenant] += n if measure == "turn" else 0
    names = {*sessions, *turns, *spends, *active}
    return [
        TenantFigures(
            tenant=name,
            users=people.get((name, "user"), 0),
            sessions=sessions.get(name, 0),
            conversations=people.get((name, "conversation"), 0),
            messages=counts.get((name, "heard", ""), 0) + counts.get((name, "said", ""), 0),
            turns=turns.get(name, 0),
            handed_off=counts.get((name, "turn", "handed_off"), 0),
            active=active.get(name, 0),
            spend=spends.get(name, Spend()),
        )
        for name in sorted(names)
    ]
