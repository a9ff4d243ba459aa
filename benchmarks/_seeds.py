"""The worlds of many seeds, by one process or several, always in the order of the seeds."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from benchmarks import _faults
from benchmarks._bugs import BUGS
from benchmarks._collecting import seldom
from benchmarks._faults import Played
from benchmarks._script import drawn
from benchmarks._world import Setting, setting
from chatcrew.telemetry import configure

_AT_ONCE = 20
"""Seeds that a process gets at a time."""


def played(
    shared: Setting, seeds: range, known: Counter[str], *, bug: str, workers: int
) -> Iterator[tuple[int, Played]]:
    """Yield what became of each seed's script.

    Args:
        shared: what the worlds of this process share; others read it anew.
        seeds: to play.
        known: points that may be struck, and how often each is passed.
        bug: name of a mistake to plant, or nothing.
        workers: processes; what is yielded is the same with any number.
    """
    if workers == 1:
        yield from ((seed, _play(shared, seed, known, bug)) for seed in seeds)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(known, bug)
    ) as pool:
        yield from zip(seeds, pool.map(_next, seeds, chunksize=_AT_ONCE), strict=True)


def _play(shared: Setting, seed: int, known: Counter[str], bug: str) -> Played:
    return _faults.play(shared, drawn(seed, known), bug=BUGS[bug][0] if bug else None)


_given: tuple[Setting, Counter[str], str] | None = None
"""What a process of the pool was told at its beginning."""


def _begin(known: Counter[str], bug: str) -> None:
    global _given  # noqa: PLW0603 - a pool has no other place for what its processes keep
    configure("critical", form="console", process="benchmark")
    shared = setting()
    seldom()
    _given = shared, known, bug


def _next(seed: int) -> Played:
    assert _given is not None, "begun"
    shared, known, bug = _given
    return _play(shared, seed, known, bug)
