"""How many model calls the caches save on a FAQ that is asked as FAQs are: few questions, often.

Run from the repository's root: ``python -m benchmarks.faqcache``. See benchmarks/README.md.
"""

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._figures import Report
from benchmarks._shipped import EPOCH, Shipped, load_shipped
from chatcrew.answers import Asked, KeptAnswers, MemoryAnswers, Replay
from chatcrew.app.responder import CrewResponder
from chatcrew.cache import LayeredCache, open_cache
from chatcrew.crews import CrewPool, engines
from chatcrew.hub.answers_port import KeptAnswers as Port
from chatcrew.hub.answers_port import NothingKept
from chatcrew.hub.stages.answer import AnswerStage
from chatcrew.hub.stages.retrieve import Retrieve
from chatcrew.knowledge import MemoryKnowledge
from chatcrew.llm import Cached
from chatcrew.messages import ModelAnswer, ModelRequest, Usage
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Tenant
from chatcrew.tenancy.known import knowledge_version
from chatcrew.testing import ManualClock
from chatcrew.tools import builtin_catalogue

_FIRST = ("Ana", "Bruno", "Carla", "Davi", "Elisa", "Fábio", "Gabi", "Hugo", "Iara", "João")
_LAST = ("Alves", "Barros", "Costa", "Dias", "Farias", "Gomes", "Lima", "Moura", "Nunes", "Pinto")
_AROUND = ("{}", "Oi, {}", "Boa tarde! {}", "{} Obrigada", "Gente, {}", "Uma dúvida: {}")
_SAID = "Claro! A equipe explica tudo com calma na consulta. Posso ajudar com mais alguma coisa?"


@dataclass(slots=True)
class _Counting:
    """A model that answers at once and counts how often it was asked."""

    asked: int = 0

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer."""
        self.asked += 1
        return ModelAnswer(_SAID, usage=Usage(1500, 25), model=request.model)


@dataclass(slots=True)
class _Watched:
    """Counts what comes out of the cache around the model."""

    inner: Cached
    answers: Counter[bool] = field(default_factory=Counter)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Answer, and count whether it was kept."""
        answer = await self.inner.complete(request)
        self.answers[answer.cached] += 1
        return answer


def questions(tenant: Tenant, count: int) -> list[str]:
    """Return ``count`` different questions: the FAQ's own, then the same as people wrap them."""
    own = [words for entry in tenant.faq for words in (entry.question, *entry.also)]
    wrapped = (around.format(words) for around in _AROUND for words in own)
    return list(itertools.islice(dict.fromkeys(wrapped), count))


def zipf(chance: random.Random, items: Sequence[str], *, s: float) -> Iterator[str]:
    """Yield items for ever, the n-th of a random order with a chance in proportion to n^-s."""
    ranked = chance.sample(items, len(items))
    weights = list(itertools.accumulate((rank + 1) ** -s for rank in range(len(ranked))))
    while True:
        yield chance.choices(ranked, cum_weights=weights)[0]


async def _ask(
    shipped: Shipped, options: argparse.Namespace, *, named: bool, keeping: bool
) -> tuple[Counter[str], _Watched, int]:
    """Let the customers of one day ask; return ends of turns, the cache's view, model calls."""
    chance = random.Random(options.seed)
    clock, model = ManualClock(EPOCH), _Counting()
    knowledge = MemoryKnowledge()
    await knowledge.sync(
        shipped.tenant.key, shipped.tenant.faq, version=knowledge_version(shipped.tenant)
    )
    ends: Counter[str] = Counter()
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="chatcrew-benchmark-")
    with folder as place:
        async with open_cache(clock, file=Path(place) / "cache.sqlite3") as cache:
            watched = _Watched(Cached(model, cache=cache, clock=clock))
            kept = _kept(shipped, cache, clock) if keeping else NothingKept()
            answer = AnswerStage(_responder(watched, knowledge, clock), kept, clock)
            asked = zipf(chance, questions(shipped.tenant, options.questions), s=options.s)
            for number, text in zip(range(options.turns), asked, strict=False):
                name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {number}" if named else ""
                ctx = shipped.turn(number + 1, text, name=name, at=clock.now())
                ctx.deadline = clock.monotonic() + shipped.crew.deadline
                await Retrieve(knowledge, clock)(ctx)
                await answer(ctx)
                assert ctx.reply is not None, "every turn that is answered has a reply"
                ends[ctx.reply.engine] += 1
                await clock.advance(chance.expovariate(options.per_minute / 60))
    return ends, watched, model.asked


def _responder(model: _Watched, knowledge: MemoryKnowledge, clock: ManualClock) -> CrewResponder:
    return CrewResponder(
        engines(CrewPool()),
        model=model,
        catalogue=builtin_catalogue(),
        knowledge=knowledge,
        default_model="gpt-4o-mini",
        available=True,
        clock=clock,
    )


def _kept(shipped: Shipped, cache: LayeredCache, clock: ManualClock) -> Port:
    """Return kept answers that other words may find, as the business's own questions show."""
    store = MemoryAnswers()
    written = [
        Asked(words, entry.question)
        for entry in shipped.tenant.faq
        for words in (entry.question, *entry.also)
    ]
    near = Replay(lambda _: written, store, clock)
    return KeptAnswers(store, cache=cache, clock=clock, metrics=Metrics(), near=near)


async def _run(options: argparse.Namespace, report: Report) -> None:
    shipped = await asyncio.to_thread(load_shipped)
    hours = options.turns / options.per_minute / 60
    report.line(
        "load",
        f"{options.turns} first questions of {options.turns} customers in {hours:.1f} h, "
        f"{len(questions(shipped.tenant, options.questions))} questions, Zipf s={options.s:g}, "
        f"temperature {shipped.crew.roles[0].temperature}, seed {options.seed}",
    )
    for keeping, named in itertools.product((False, True), (True, False)):
        ends, watched, asked = await _ask(shipped, options, named=named, keeping=keeping)
        who = "every customer with a name of their own" if named else "no names known"
        what = "kept answers and completions" if keeping else "completions alone"
        report.title(f"{what}, {who}")
        calls = watched.answers.total()
        if keeping:
            report.line("turns answered by a kept answer", _share(ends["cache"], options.turns))
        report.line("completion cache hits", _share(watched.answers[True], calls))
        report.line("turns that cost a model call", _share(asked, options.turns))


def _share(part: int, whole: int) -> str:
    return f"{part / max(1, whole) * 100:.1f} % ({part:,} of {whole:,})"


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3000)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--s", type=float, default=1.1, help="exponent of the Zipf distribution")
    parser.add_argument("--per-minute", type=float, default=20.0, help="turns, in simulated time")
    parser.add_argument("--seed", type=int, default=7)
    if not Path("chatwoot_mapping.yaml").exists():
        parser.error("run it from the repository's root")
    report = Report()
    report.title("FAQ and caches")
    asyncio.run(_run(parser.parse_args(), report))
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
