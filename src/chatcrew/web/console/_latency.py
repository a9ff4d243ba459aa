"""The page of time: how long customers wait, and where the time goes (S1-82, S3-101)."""

from chatcrew.analytics import Figures, Latency
from chatcrew.web.console._asking import Asked, Page
from chatcrew.web.console._figures_page import Content, figures_page
from chatcrew.web.console._sheets import TIMED, Column, Sheet, Tile, scope_of, timed
from chatcrew.web.console._shown import number, span
from chatcrew.web.console._words_latency import WORDS


class LatencyPage:
    """How long it takes.

    Args:
        figures: everything that is counted.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def page(self) -> Page:
        """Return the page."""
        return figures_page("latency", self.read, icon="clock", words=WORDS)

    async def read(self, asked: Asked) -> Content:
        """Return the times of the turns that ended."""
        found = await self._figures.latency(scope_of(asked))
        rungs = tuple((one.name, one.end, *timed(one.times)) for one in found.rungs)
        stages = tuple((name, *timed(one)) for name, one in found.stages.items())
        engines = tuple((name, *timed(one)) for name, one in found.engines.items())
        ends = (Column("rung", "name:rung"), Column("end", "end"))
        return Content(
            _tiles(found, asked),
            [
                [Sheet("stages", (Column("stage", "stage"), *TIMED), stages, bar="p95_ms")],
                [Sheet("engines", (Column("engine", "engine"), *TIMED), engines, bar="p50_ms")],
                [Sheet("rungs", (*ends, *TIMED), rungs, bar="count")],
            ],
            empty=not found.stages and not found.answer.count,
        )


def _tiles(found: Latency, asked: Asked) -> list[Tile]:
    t, lang = asked.words, asked.language
    answer, first = found.answer, found.first_reply

    def ms(value: float, count: int) -> float | None:
        return value if count else None

    counted = t["fig.latency.note"].format(count=number(answer.count, lang))
    sessions = t["fig.latency_first.note"].format(count=number(first.count, lang))
    mean = t["fig.latency_mean.note"].format(mean=span(answer.mean / 1000, lang))
    return [
        Tile("latency_p50", ms(answer.p50, answer.count), "ms", counted),
        Tile("latency_p95", ms(answer.p95, answer.count), "ms", mean if answer.count else ""),
        Tile("latency_p99", ms(answer.p99, answer.count), "ms"),
        Tile("latency_first_p50", ms(first.p50, first.count), "ms", sessions),
        Tile("latency_first_p95", ms(first.p95, first.count), "ms"),
    ]
