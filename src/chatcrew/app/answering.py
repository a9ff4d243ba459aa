"""Kept answers of a process: near as the questions of its businesses show that they may be."""

from collections.abc import Awaitable, Callable, Iterator

from chatcrew.answers import Asked, KeptAnswers, PostgresAnswers, Replay, Vectors
from chatcrew.cache import LayeredCache
from chatcrew.clock import Clock
from chatcrew.database import Database
from chatcrew.telemetry import Metrics
from chatcrew.tenancy.model import Configuration


def open_answers(
    database: Database,
    *,
    cache: LayeredCache,
    configuration: Callable[[], Configuration],
    clock: Clock,
    metrics: Metrics,
    vectors: Vectors | None = None,
    booked: Callable[[str], Awaitable[None]] | None = None,
) -> KeptAnswers:
    """Return the kept answers.

    Args:
        database: migrated.
        cache: in front of it.
        configuration: the version that new turns run with.
        clock: time.
        metrics: counts what is found.
        vectors: measure how near two questions are; None: their words do.
        booked: waits until the model calls of a turn are on the books; None: nothing does.
    """
    store = PostgresAnswers(database)
    near = replay_of(store, configuration=configuration, clock=clock, vectors=vectors)
    return KeptAnswers(store, cache=cache, clock=clock, metrics=metrics, near=near, booked=booked)


def replay_of(
    store: PostgresAnswers,
    *,
    configuration: Callable[[], Configuration],
    clock: Clock,
    vectors: Vectors | None = None,
) -> Replay:
    """Return what asks a business's own questions again; see ``open_answers``."""

    def written(tenant: str) -> list[Asked]:
        return list(_written(configuration(), tenant))

    return Replay(written, store, clock, vectors)


def _written(configuration: Configuration, tenant: str) -> Iterator[Asked]:
    """Yield the questions that stand in a business's files, each wording with its entry's name."""
    found = configuration.tenants.get(tenant)
    for entry in found.faq if found is not None else ():
        for words in (entry.question, *entry.also):
            yield Asked(words, entry.question)
