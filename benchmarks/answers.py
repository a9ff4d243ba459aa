"""How often a kept answer serves a question in other words, and that it never serves a wrong one.

Run from the repository's root: ``python -m benchmarks.answers``. See benchmarks/README.md.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._figures import Report
from benchmarks._traps import HELD, SAME, TUNED, Pair, pairs
from chatcrew.answers import (
    Asked,
    KeptAnswers,
    MemoryAnswers,
    canon,
    differs,
    nearness,
    operating_point,
)
from chatcrew.answers import pairs as shaped
from chatcrew.cache import open_cache
from chatcrew.messages import Piece, Wanted
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import load
from chatcrew.testing import ManualClock
from chatcrew.tools import names

_PIECE = Piece("knowledge", "Resposta", "O que a casa escreveu.", "faq.yaml:1")


class _Always:
    """Lets every question of one shape share an answer, so that only the shape decides."""

    async def agree(self, tenant: str, asked: str, kept: str) -> bool:
        """Agree."""
        return True


def _wanted(text: str) -> Wanted:
    scope = ("web", "web_widget", "support", "pt-BR", "")
    return Wanted("shop/a", text, scope, "house", "v1", (_PIECE,))


async def _hits(found: list[Pair]) -> Counter[tuple[str, bool]]:
    """Keep the first question of each pair and ask the second; count who gets the answer."""
    clock = ManualClock(datetime(2026, 11, 20, 15, tzinfo=UTC))
    counts: Counter[tuple[str, bool]] = Counter()
    async with open_cache(clock) as cache:
        for pair in found:
            answers = KeptAnswers(
                MemoryAnswers(), cache=cache, clock=clock, metrics=Metrics(), near=_Always()
            )
            await answers.forget_tenant("shop/a")
            await answers.keep(_wanted(pair.first), text="Resposta.", turn="t1")
            kept = await answers.find(_wanted(pair.second))
            counts[pair.kind, kept is not None] += 1
    return counts


def _told(report: Report, counts: Counter[tuple[str, bool]]) -> int:
    wrong = 0
    for kind in sorted({kind for kind, _ in counts}, key=lambda kind: (kind != SAME, kind)):
        hits, misses = counts[kind, True], counts[kind, False]
        wrong += 0 if kind == SAME else hits
        what = "served" if kind == SAME else "served wrongly"
        report.line(f"{kind}: {what}", f"{hits} of {hits + misses}")
    return wrong


def _points(report: Report) -> None:
    found = load(Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"), tools=names())
    for key, tenant in found.tenants.items():
        questions = [
            Asked(words, entry.question)
            for entry in tenant.faq
            for words in (entry.question, *entry.also)
        ]
        scored = [
            (nearness(canon(one.text), canon(other.text)), one, other)
            for one, other in shaped(questions)
        ]
        point = operating_point(questions, scored)
        state = "off" if point.least is None else f"from {point.least:.2f} on"
        report.line(
            key,
            f"{state}: {point.right} right, {point.wrong} wrong of {point.questions} questions, "
            f"{point.apart:,} pairs apart",
        )


def _speed(report: Report) -> None:
    said = [text for pair in pairs(TUNED) for text in (pair.first, pair.second)]
    canon.cache_clear()
    begun = time.perf_counter()
    for text in said:
        canon(text)
    each = (time.perf_counter() - begun) / len(said)
    report.line("reading a question, cold", f"{each * 1e6:.0f} µs")


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print the pairs that are not served")
    options = parser.parse_args()
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    wrong = 0
    for title, path in (("rules made with these", TUNED), ("written afterwards", HELD)):
        found = list(pairs(path))
        report.title(f"{len(found)} pairs, {title}")
        wrong += _told(report, asyncio.run(_hits(found)))
        for pair in found if options.show else ():
            why = differs(canon(pair.first), canon(pair.second))
            if pair.kind == SAME and why is not None:
                report.line(why, f"{pair.first} | {pair.second}")
    report.title("operating points of the shipped businesses")
    _points(report)
    report.title("time")
    _speed(report)
    report.line("wrong answers", str(wrong))
    return report.close() or int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
