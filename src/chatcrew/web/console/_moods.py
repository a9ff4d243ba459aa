"""The page of what customers want and how they feel (S1-84, S1-85, S3-91)."""

from chatcrew.analytics import Figures, Moods
from chatcrew.web.console._asking import Asked, Page
from chatcrew.web.console._figures_page import Content, figures_page
from chatcrew.web.console._sheets import Column, Sheet, Tile, days_of, scope_of
from chatcrew.web.console._shown import number
from chatcrew.web.console._words_moods import WORDS

_FEELINGS = ("negative", "neutral", "positive")


class MoodsPage:
    """Intents and moods.

    Args:
        figures: everything that is counted.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return figures_page("moods", self.read, icon="mood", words=WORDS)

    async def read(self, asked: Asked) -> Content:
        """Return what customers asked for and how they felt."""
        scope = scope_of(asked)
        intents = await self._figures.intents(scope)
        moods = await self._figures.moods(scope)
        days = {one.day: one for one in moods.days}
        chosen = days_of(asked.filters, asked.now.astimezone(asked.filters.zone).date())
        felt = tuple(
            (at, *(getattr(days[at], one) if at in days else 0 for one in _FEELINGS))
            for at in sorted({*chosen, *days})
        )
        wanted = tuple(
            (one.name, one.turns, one.handed_off, one.handed_off / one.turns, one.answer.ms)
            for one in intents
        )
        return Content(
            _tiles(moods, asked),
            [
                [
                    Sheet(
                        "moods",
                        (Column("day", "day"), *map(Column, reversed(_FEELINGS))),
                        tuple((row[0], row[3], row[2], row[1]) for row in felt),
                        chart="stack",
                    )
                ],
                [
                    Sheet(
                        "intents",
                        (
                            Column("intent", "intent"),
                            *(Column("turns"), Column("handed_off")),
                            *(Column("handed_share", "share"), Column("mean_ms", "ms")),
                        ),
                        wanted,
                        bar="turns",
                    )
                ],
                [
                    Sheet(
                        "signals",
                        (Column("signal", "name:signal"), Column("turns")),
                        tuple(moods.signals.items()),
                        bar="turns",
                    )
                ],
            ],
            empty=not intents and moods.mean is None,
        )


def _tiles(found: Moods, asked: Asked) -> list[Tile]:
    count = found.negative + found.neutral + found.positive
    told = asked.words["fig.mood_mean.note"].format(count=number(count, asked.language))

    def share(part: int) -> float | None:
        return part / count if count else None

    return [
        Tile("mood_mean", found.mean, "score", told),
        Tile("mood_positive", share(found.positive), "share"),
        Tile("mood_neutral", share(found.neutral), "share"),
        Tile("mood_negative", share(found.negative), "share"),
    ]
