"""Time that passes only while everybody waits for it: hours of asyncio in seconds, always alike."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

_START = datetime(2026, 8, 3, 15, 0, tzinfo=UTC)


@dataclass(slots=True)
class VirtualClock:
    """Satisfies ``chatcrew.clock.Clock`` on a ``VirtualLoop``.

    Attributes:
        start: what the wall clock showed when the loop began.
        wrong: seconds by which it is off; may be changed at any time.
    """

    start: datetime = _START
    wrong: float = 0.0

    _read: tuple[float, datetime] = (float("nan"), _START)

    def now(self) -> datetime:
        """Return the wall clock, UTC."""
        passed = asyncio.get_running_loop().time() + self.wrong
        if passed != self._read[0]:  # most who ask do so while time stands still
            self._read = passed, self.start + timedelta(seconds=passed)
        return self._read[1]

    def monotonic(self) -> float:
        """Return the loop's own time."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait; it costs nothing."""
        await asyncio.sleep(max(0.0, seconds))


class _Skipping(selectors.DefaultSelector):
    """Never waits: where nothing is ready, it moves the time instead."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        # The loop's own pipe is the first; where there is no other, nothing can become ready
        found = super().select(0) if len(self.get_map()) > 1 else []
        if not found and timeout:
            self.passed += timeout
        return found


class _AtOnce(Executor):
    """Runs what is sent to a thread in place: a thread would be outside of this time."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
        future: Future[_T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - as a thread does: whoever waits gets it
            future.set_exception(error)
        return future


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is its selector's."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)
        self._default_executor = _AtOnce()

    def time(self) -> float:
        """Return the seconds that have passed for whoever waits."""
        return self._skipping.passed


def run(main: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
