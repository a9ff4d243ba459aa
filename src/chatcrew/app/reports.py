"""Reads the figures of a report: a sheet for each kind."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chatcrew.analytics import PostgresFigures, Scope, Session, trials
from chatcrew.app import diagnosis, report_sheets
from chatcrew.app.report_sheets import EXPERIMENT, Sheet
from chatcrew.app.report_words import advice
from chatcrew.tenancy.model import ModelCatalogue, Tenant

_PAGE = 200


def scope_of(
    tenants: Sequence[Tenant],
    *,
    everybody: bool,
    now: datetime,
    days: int,
    since: date | None = None,
    until: date | None = None,
) -> Scope:
    """Return the time of a report, in whole days of the businesses that it is about.

    Days are those of their timezone, or UTC's where they have several.

    Args:
        tenants: whose.
        everybody: also what belongs to no tenant, and to tenants that are no more.
        now: with a timezone.
        days: how many, today included, where ``since`` is left out.
        since: first day.
        until: last day; None: today.

    Raises:
        ValueError: it would end before it begins.
    """
    names = {one.timezone for one in tenants}
    zone = ZoneInfo(names.pop()) if len(names) == 1 else UTC
    last = until or now.astimezone(zone).date()
    first = since or last - timedelta(days=days - 1)
    return Scope(
        None if everybody else frozenset(one.key for one in tenants),
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )


class Reports:
    """Sheets out of figures.

    Args:
        figures: read here.
        models: prices, and what a dollar is.
    """

    def __init__(self, figures: PostgresFigures, models: ModelCatalogue) -> None:
        self._figures = figures
        self._models = models

    async def sheet(
        self,
        kind: str,
        scope: Scope,
        *,
        tenants: Sequence[str],
        limit: int = 50,
        language: str = "pt-BR",
        read: Callable[[int], None] = lambda _: None,
    ) -> Sheet:
        """Return a report.

        Args:
            kind: ``summary``, ``roles``, ``models``, ``tenants``, ``days``, ``conversations``,
                ``savings``, ``costly`` or ``experiments``.
            scope: whose, and of which time.
            tenants: keys of the businesses, one after the other for experiments.
            limit: most conversations.
            language: of advice.
            read: told how many rows of a long report are read.

        Raises:
            StoreError: the records are away.
        """
        exchange = self._models.exchange
        if kind == "conversations":
            return report_sheets.conversations(await self._sessions(scope, limit, read))
        if kind == "experiments":
            return await self._experiments(scope, tenants, read)
        if kind == "savings":
            return report_sheets.saved(await self._figures.savings(scope), exchange)
        if kind == "summary":
            seen = await self._figures.overview(scope)
            return report_sheets.summary(seen, await self._figures.savings(scope), exchange)
        return await self._costs(kind, scope, language)

    async def _costs(self, kind: str, scope: Scope, language: str) -> Sheet:
        found, exchange = await self._figures.costs(scope), self._models.exchange
        if kind == "days":
            return report_sheets.days(found, exchange)
        if kind == "costly":
            latency = await self._figures.latency(scope)
            told = diagnosis.findings(found, turns=latency.answer.count, models=self._models)
            return diagnosis.sheet(told, advice(language))
        return report_sheets.costs(kind, getattr(found, kind), exchange)

    async def _sessions(
        self, scope: Scope, limit: int, read: Callable[[int], None]
    ) -> list[Session]:
        found: list[Session] = []
        after: str | None = None
        while len(found) < limit:
            most = min(_PAGE, limit - len(found))
            page = await self._figures.sessions(scope, after=after, limit=most)
            found += page.items
            read(len(found))
            after = page.next
            if after is None:
                break
        return found

    async def _experiments(
        self, scope: Scope, tenants: Sequence[str], read: Callable[[int], None]
    ) -> Sheet:
        rows: list[tuple[report_sheets.Cell, ...]] = []
        for number, key in enumerate(tenants, 1):
            own = replace(scope, tenants=frozenset({key}))
            rows += report_sheets.experiments(
                key, trials(await self._figures.cohorts(own, by="variant"))
            )
            read(number)
        return Sheet("experiments", EXPERIMENT, tuple(rows))
