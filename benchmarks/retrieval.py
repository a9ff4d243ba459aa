"""How well and how fast a business's passages are found, on any questions and passages.

Run from the repository's root: ``python -m benchmarks.retrieval [FILE.json] [--passages 20000]``;
FILE is ``{"passages": [{"id", "text"}], "questions": [{"text", "passage_ids": [..]}]}``.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, not as a module

from benchmarks import _padding
from benchmarks._figures import Report, machine, percentile
from benchmarks._unstemmed import Unstemmed
from chatcrew.database import Database, attach_or_own, migrate
from chatcrew.knowledge import PostgresKnowledge
from chatcrew.tenancy.model import Document

SHIPPED = Path(__file__).parent / "data" / "retrieval_ptbr.json"
TENANT = "bench/retrieval"
_LIMIT = 20
_WANTED_MRR = 0.78
_WANTED_AHEAD = 0.05
_WANTED_P95 = 0.060
_LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class Question:
    """One question, the passages that answer it, and the part of the set it belongs to."""

    text: str
    answers: frozenset[str]
    split: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question: the place of its first answer, 0 for none, and the seconds."""

    question: Question
    place: int
    seconds: float


def read(path: Path) -> tuple[dict[str, str], list[Question]]:
    """Return passages by id, and the questions.

    Raises:
        SystemExit: the file is of another form.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        passages = {str(one["id"]): str(one["text"]) for one in found["passages"]}
        questions = [
            Question(one["text"], frozenset(map(str, one["passage_ids"])), one.get("split", ""))
            for one in found["questions"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f'{path}: not {{"passages": [...], "questions": [...]}} ({type(error).__name__})')
    if not passages or not questions:
        sys.exit(f"{path}: there is nothing to find or nothing to ask")
    return passages, questions


def as_document(text: str) -> str:
    """Return a passage as a business would write it; a short first line is its title."""
    first, _, rest = text.strip().partition("\n")
    titled = rest.strip() and len(first) <= _LONGEST_TITLE and not first.startswith("#")
    return f"# {first}\n\n{rest.strip()}\n" if titled else f"{text.strip()}\n"


def write(folder: Path, name: str, said: str) -> Document:
    """Write a document and return it as the configuration lists it."""
    data = said.encode("utf-8")
    path = folder / name
    path.write_bytes(data)
    return Document(name, hashlib.sha256(data).hexdigest(), len(data), str(path))


async def ask(
    knowledge: PostgresKnowledge,
    questions: Sequence[Question],
    ids: Mapping[str, str],
    *,
    version: str,
) -> list[Asked]:
    """Ask every question; several passages of one document count once."""
    rows: list[Asked] = []
    for question in questions:
        began = time.perf_counter()
        found = await knowledge.search(TENANT, question.text, version=version, limit=_LIMIT)
        took = time.perf_counter() - began
        paths = (one.source.rpartition(":")[0] for one in found)
        names = list(dict.fromkeys(ids.get(path, path) for path in paths))
        rows.append(Asked(question, _place(names, question.answers), took))
    return rows


def _place(names: Sequence[str], answers: frozenset[str]) -> int:
    return next((at for at, name in enumerate(names, 1) if name in answers), 0)


def mrr(rows: Sequence[Asked]) -> float:
    """Return the mean reciprocal rank of the first answer."""
    return statistics.fmean(1 / row.place if row.place else 0.0 for row in rows)


def recall(rows: Sequence[Asked], within: int) -> float:
    """Return the share of questions whose answer is among the first ``within``."""
    return statistics.fmean(0 < row.place <= within for row in rows)


def show(report: Report, name: str, rows: Sequence[Asked]) -> None:
    """Print what the rows say."""
    at = " / ".join(f"{recall(rows, within):.3f}" for within in (1, 3, 5))
    report.line(f"{name}: recall@1/3/5, MRR", f"{at}, {mrr(rows):.3f} ({len(rows)} questions)")


async def indexed(
    knowledge: PostgresKnowledge, documents: Sequence[Document], *, version: str, title: str
) -> float:
    """Index a version, show how far it is, and return the seconds it took."""

    def progress(done: int, every: int) -> None:
        tenth = max(1, every // 10)
        if done and (done % tenth == 0 or done == every):
            print(f"\r  {title}: {done}/{every} documents", end="", flush=True)

    began = time.perf_counter()
    await knowledge.sync(TENANT, (), version=version, documents=documents, progress=progress)
    print()
    return time.perf_counter() - began


async def measure(path: Path, *, passages: int, seed: int, rounds: int) -> int:
    """Index, ask, and print."""
    report = Report()
    texts, questions = read(path)
    async with AsyncExitStack() as stack:
        folder = _folder(stack)
        attached = await attach_or_own(folder / "data")
        stack.push_async_callback(attached.close)
        database = await Database.open(attached.url, name="benchmark", pool_size=2)
        stack.push_async_callback(database.close)
        await migrate(database)
        print(machine(folder))
        knowledge = PostgresKnowledge(database)
        ids = {f"p{number}.md": name for number, name in enumerate(texts)}
        names = {name: file for file, name in ids.items()}
        own = [write(folder, names[name], as_document(text)) for name, text in texts.items()]
        report.title(f"{path.name}: {len(texts)} passages, {len(questions)} questions")
        took = await indexed(knowledge, own, version="own", title="index")
        report.line("seconds to index", f"{took:.2f}")
        await ask(knowledge, questions[:5], ids, version="own")
        rows = await ask(knowledge, questions, ids, version="own")
        plain = Unstemmed(texts)
        before = [
            Asked(one, _place(plain.search(one.text, limit=_LIMIT), one.answers), 0.0)
            for one in questions
        ]
        for split in sorted({one.split for one in questions} - {""}):
            show(report, split, [row for row in rows if row.question.split == split])
        show(report, "unstemmed", before)
        show(report, "all", rows)
        ahead = mrr(rows) - mrr(before)
        report.target("MRR", f"{mrr(rows):.3f}", met=mrr(rows) >= _WANTED_MRR, wanted="≥ 0.78")
        report.target(
            "MRR over unstemmed", f"{ahead:+.3f}", met=ahead >= _WANTED_AHEAD, wanted="≥ +0.05"
        )
        times = [row.seconds for row in rows]
        report.line("ms per query, p50 / p95", _spent(times))
        if passages:
            more = [
                write(folder, name, said)
                for name, said in _padding.documents(max(0, passages - len(own)), seed=seed)
            ]
            report.title(f"{passages} passages in {len(own) + len(more)} documents")
            took = await indexed(knowledge, [*own, *more], version="padded", title="index")
            report.line("seconds to index, per 1,000 documents", _rate(took, len(more)))
            took = await indexed(knowledge, [*own, *more], version="again", title="again")
            report.line("seconds for a new version of the same", f"{took:.2f}")
            await ask(knowledge, questions[:5], ids, version="padded")
            padded = [
                row
                for _ in range(rounds)
                for row in await ask(knowledge, questions, ids, version="padded")
            ]
            times = [row.seconds for row in padded]
            p95 = percentile(times, 0.95)
            show(report, "among all of them", padded[: len(questions)])
            report.target(
                "ms per query, p50 / p95", _spent(times), met=p95 < _WANTED_P95, wanted="p95 < 60"
            )
    return report.close()


def _folder(stack: AsyncExitStack) -> Path:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="retrieval-")))
    folder.chmod(0o755)  # the embedded server runs under an account of its own
    return folder


def _spent(times: Sequence[float]) -> str:
    return f"{percentile(times, 0.5) * 1e3:.1f} / {percentile(times, 0.95) * 1e3:.1f}"


def _rate(took: float, documents: int) -> str:
    return f"{took:.1f}, {took / max(1, documents) * 1000:.1f}"


def main() -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SHIPPED, help="passages, questions")
    parser.add_argument("--passages", type=int, default=0, help="pad to so many, for the time")
    parser.add_argument("--rounds", type=int, default=2, help="times each question is asked then")
    parser.add_argument("--seed", type=int, default=1, help="of what is generated")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(
            measure(
                options.file, passages=options.passages, seed=options.seed, rounds=options.rounds
            )
        )
    return 130


if __name__ == "__main__":
    sys.exit(main())
