"""The page of money: what model calls cost, and what was not spent (S3-09, S3-10, N6)."""

from collections.abc import Callable, Mapping

from chatcrew.analytics import SAVERS, Costs, Figures, Saving, Savings, Spend
from chatcrew.budgets import Budgets
from chatcrew.tenancy.model import Exchange
from chatcrew.web.console._asking import Asked, Page
from chatcrew.web.console._cells import Cell
from chatcrew.web.console._figures_page import Content, figures_page
from chatcrew.web.console._sheets import SPENT, Column, Sheet, Tile, days_of, scope_of, spent
from chatcrew.web.console._shown import day, money, number
from chatcrew.web.console._words_cost import WORDS

NANO = 1_000_000_000


class CostPage:
    """What the models cost.

    Args:
        figures: everything that is counted.
        budgets: limits of money, and where the month will end.
        exchange: what a dollar is in reais, or None.
    """

    def __init__(
        self, figures: Figures, *, budgets: Budgets, exchange: Callable[[], Exchange | None]
    ) -> None:
        self._figures = figures
        self._budgets = budgets
        self._exchange = exchange

    def page(self) -> Page:
        """Return the page."""
        return figures_page("cost", self.read, icon="coins", words=WORDS, template="cost.html")

    async def read(self, asked: Asked) -> Content:
        """Return the costs of the time, and how far the limits of money are used."""
        scope = scope_of(asked)
        found = await self._figures.costs(scope)
        saved = await self._figures.savings(scope)
        states = await self._budgets.state(asked.filters.tenants)
        limits = [
            one
            for one in states
            if one.kind == "money" and (one.most is not None or (one.used and one.span == "month"))
        ]
        total = found.total
        return Content(
            [*_tiles(found, asked, self._exchange()), _saved(saved, asked)],
            [
                [_days(found, asked)],
                [_savings(saved)],
                [_by("roles", "role", found.roles, kind="name:part")],
                [_by("models", "model", found.models)],
                [_by("tenants", "tenant", found.tenants, kind="tenant")],
            ],
            empty=not (total.calls or total.from_cache or limits),
            more={"limits": limits},
        )


def _tiles(found: Costs, asked: Asked, exchange: Exchange | None) -> list[Tile]:
    t, lang, total = asked.words, asked.language, found.total
    usd = total.known_usd
    reais = ""
    if exchange is not None and usd is not None:
        sum_ = money(usd * exchange.brl, lang, "BRL")
        reais = t["figures.reais"].format(sum=sum_, day=day(exchange.as_of, lang))
    asked_for = total.calls + total.from_cache
    tokens = t["fig.cost_calls.note"].format(
        prompt=number(total.prompt_tokens, lang), answer=number(total.completion_tokens, lang)
    )
    unpriced = t["fig.cost_unpriced.note"] if total.unpriced else ""
    return [
        Tile("cost_usd", usd, "money", reais if usd is not None else t["fig.cost_usd.unknown"]),
        Tile(
            "cost_session",
            usd / found.sessions if found.sessions and usd is not None else None,
            "money",
            t["fig.cost_session.note"].format(count=number(found.sessions, lang)),
        ),
        Tile(
            "cost_contained",
            usd / found.contained if found.contained and usd is not None else None,
            "money",
            t["fig.cost_contained.note"].format(count=number(found.contained, lang)),
        ),
        Tile("cost_calls", total.calls, note=tokens),
        Tile(
            "cost_cached",
            total.from_cache / asked_for if asked_for else None,
            "share",
            t["fig.cost_cached.note"].format(count=number(total.from_cache, lang)),
        ),
        Tile("cost_unpriced", total.unpriced, "count", unpriced, "warn" if total.unpriced else ""),
    ]


def _saved(found: Savings, asked: Asked) -> Tile:
    """Return what was not spent, and what all turns would have cost."""
    known = [one for one in found.by.values() if one.nanos or not one.unknown]
    if not known:
        return Tile("cost_saved", None, "money")
    without = money(found.without / NANO, asked.language)
    note = asked.words["fig.cost_saved.note"].format(sum=without)
    return Tile("cost_saved", found.saved / NANO, "money", note)


def _savings(found: Savings) -> Sheet:
    columns = (
        Column("saver", "name:saver"),
        Column("saved_count"),
        Column("saved_usd", "money"),
        Column("saved_unknown"),
        Column("how", "name:how"),
    )
    rows = tuple((kind, *_told(found.by[kind])) for kind in SAVERS if kind in found.by)
    return Sheet("cost_savings", columns, rows, bar="saved_usd")


def _told(one: Saving) -> tuple[Cell, ...]:
    """Return the cells of a saver; what nobody knows is no zero."""
    usd = one.usd if one.nanos or not one.unknown else None
    return (one.count, usd, one.unknown, "measured" if one.measured else "estimated")


def _days(found: Costs, asked: Asked) -> Sheet:
    days = {one.day: one.spend for one in found.days}
    chosen = days_of(asked.filters, asked.now.astimezone(asked.filters.zone).date())
    every = sorted({*chosen, *days})
    rows = [(at, days.get(at, Spend())) for at in every]
    columns = (Column("day", "day"), Column("usd", "money"))
    return Sheet(
        "cost_days", columns, tuple((at, s.known_usd) for at, s in rows), "bar", unit="US$"
    )


def _by(name: str, key: str, found: Mapping[str, Spend], *, kind: str = "text") -> Sheet:
    rows = tuple((one, *spent(spend)) for one, spend in found.items())
    return Sheet(f"cost_{name}", (Column(key, kind), *SPENT), rows, bar="usd")
