"""The page an owner looks at first: what the bot brought, cost, how fast, who needs him (S1-81)."""

from collections.abc import Callable, Sequence

from aiohttp import web

from chatcrew.analytics import Figures, Overview
from chatcrew.tenancy.model import Exchange
from chatcrew.web.console._asking import Asked, Page, Shown
from chatcrew.web.console._sheets import Column, Sheet, Tile, days_of, file_of, scope_of, summary
from chatcrew.web.console._shown import day, money, number, percent, span
from chatcrew.web.console._words_overview import WORDS

ENDINGS = ("contained", "handed_off", "taken_over", "abandoned", "going_on")
ASKED = 5
"""Questions without an answer that are shown here."""


class OverviewPage:
    """What counts, at a glance.

    Args:
        figures: everything that is counted.
        exchange: what a dollar is in reais, or None where the files do not say it.
    """

    def __init__(self, figures: Figures, *, exchange: Callable[[], Exchange | None]) -> None:
        self._figures = figures
        self._exchange = exchange

    def page(self) -> Page:
        """Return the page."""
        return Page(
            "overview",
            group="figures",
            icon="home",
            show=self.show,
            words=WORDS,
            detail=self.file,
        )

    async def show(self, asked: Asked) -> Shown:
        """Return what counts, and what waits for people now."""
        scope = scope_of(asked)
        found = await self._figures.overview(scope)
        debts = await self._figures.debts(scope)
        waiting = await self._figures.waiting(scope)
        gaps = await self._figures.gaps(scope, limit=ASKED)
        shown = tiles(found, asked, self._exchange())
        return Shown(
            "overview.html",
            {
                "found": found,
                "tiles_shown": shown,
                "summary": summary(shown),
                "sheets": {one.name: one for one in sheets(found, asked)},
                "owed": debts.standing_count,
                "parked": waiting.parked_count,
                "gaps": gaps.items,
                "longest": None
                if waiting.oldest_at is None
                else (asked.now - waiting.oldest_at).total_seconds(),
            },
        )

    async def file(self, asked: Asked) -> web.StreamResponse:
        """Return a sheet as a file."""
        found = await self._figures.overview(scope_of(asked))
        shown = tiles(found, asked, self._exchange())
        return file_of(asked, [summary(shown), *sheets(found, asked)])


def tiles(found: Overview, asked: Asked, exchange: Exchange | None) -> list[Tile]:
    """Return the figures that stand out."""
    t, lang, ended = asked.words, asked.language, found.outcomes
    usd, rated = found.spend.known_usd, found.satisfaction
    promised = found.kept + found.missed

    def told(key: str, **values: str) -> str:
        return t[f"fig.{key}.note"].format(**values)

    return [
        Tile(
            "containment",
            ended.containment,
            "share",
            told("containment", part=_n(ended.contained, lang), whole=_n(ended.ended, lang)),
            "good" if ended.contained else "",
        ),
        Tile(
            "durability",
            ended.durability,
            "share",
            told("durability", part=_n(ended.durable, lang), whole=_n(ended.matured, lang))
            if ended.matured
            else t["fig.durability.none"],
        ),
        Tile(
            "sessions",
            found.sessions,
            note=told("sessions", users=_n(found.users, lang), active=_n(found.active, lang)),
        ),
        Tile(
            "answer_p50",
            found.answer.p50 if found.answer.count else None,
            "ms",
            told("answer_p50", p95=span(found.answer.p95 / 1000, lang))
            if found.answer.count
            else "",
        ),
        Tile(
            "first_reply_p50",
            found.first_reply.p50 if found.first_reply.count else None,
            "ms",
            told("first_reply_p50", p95=span(found.first_reply.p95 / 1000, lang))
            if found.first_reply.count
            else "",
        ),
        Tile(
            "promise",
            found.kept / promised if promised else None,
            "share",
            told("promise", part=_n(found.kept, lang), whole=_n(promised, lang)),
        ),
        Tile(
            "satisfaction",
            rated.mean,
            "score",
            told("satisfaction", count=_n(rated.count, lang), share=percent(rated.share, lang))
            if rated.count
            else t["fig.satisfaction.none"],
        ),
        Tile("usd", usd, "money", _priced(found, asked, exchange)),
        Tile(
            "usd_contained",
            usd / ended.contained if ended.contained and usd is not None else None,
            "money",
            told("usd_contained"),
        ),
    ]


def sheets(found: Overview, asked: Asked) -> Sequence[Sheet]:
    """Return what is drawn and listed."""
    days = {one.day: one for one in found.days}
    chosen = days_of(asked.filters, asked.now.astimezone(asked.filters.zone).date())
    every = sorted({*chosen, *days})
    known = [(one, days.get(one)) for one in every]
    ended, ends = found.outcomes, Column("ending", "name:ending")
    return [
        Sheet(
            "turns",
            (Column("day", "day"), Column("replied"), Column("handed_off")),
            tuple((at, *((one.replied, one.handed_off) if one else (0, 0))) for at, one in known),
            chart="stack",
        ),
        Sheet(
            "messages",
            (Column("day", "day"), Column("heard"), Column("said")),
            tuple((at, *((one.heard, one.said) if one else (0, 0))) for at, one in known),
            chart="line",
        ),
        Sheet(
            "spend",
            (Column("day", "day"), Column("usd", "money")),
            tuple((at, one.spend.known_usd if one else 0.0) for at, one in known),
            chart="bar",
            unit="US$",
        ),
        Sheet(
            "endings",
            (ends, Column("sessions"), Column("share", "share")),
            tuple(
                (name, getattr(ended, name), getattr(ended, name) / ended.attended)
                for name in ENDINGS
                if ended.attended
            ),
            bar="sessions",
        ),
        Sheet(
            "reasons",
            (Column("reason", "reason"), Column("sessions")),
            tuple(ended.reasons.items()),
            bar="sessions",
        ),
    ]


def _n(count: int, lang: str) -> str:
    return number(count, lang)


def _priced(found: Overview, asked: Asked, exchange: Exchange | None) -> str:
    """Return the cost in reais with the day of the rate, and how many calls have no price."""
    t, lang = asked.words, asked.language
    notes = []
    if exchange is not None and found.spend.known_usd is not None:
        reais = money(found.spend.usd * exchange.brl, lang, "BRL")
        notes.append(t["figures.reais"].format(sum=reais, day=day(exchange.as_of, lang)))
    if found.spend.unpriced:
        notes.append(t["figures.unpriced"].format(count=_n(found.spend.unpriced, lang)))
    return " · ".join(notes)
