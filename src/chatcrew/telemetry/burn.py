"""How fast the promise is being used up: late answers over those it allows, in a sliding window."""

from collections import deque

from chatcrew.clock import Clock


class Burn:
    """Burn rate of a promise (Google SRE Workbook, chapter 5, "Alerting on SLOs").

    Args:
        clock: time.
        allowed: share of answers that may be late.
        window: seconds looked back on.
        fewest: answers in the window below which one late one says nothing.
    """

    def __init__(
        self, clock: Clock, *, allowed: float = 0.05, window: float = 300.0, fewest: int = 20
    ) -> None:
        self._clock = clock
        self._allowed = allowed
        self._window = window
        self._fewest = fewest
        self._seen: deque[tuple[float, bool]] = deque()
        self._late = 0

    def add(self, *, kept: bool) -> None:
        """Count one answer."""
        self._seen.append((self._clock.monotonic(), kept))
        self._late += not kept

    def rate(self) -> float:
        """Return late answers over allowed ones: 1.0 uses the promise up exactly, 0.0 is idle."""
        oldest = self._clock.monotonic() - self._window
        while self._seen and self._seen[0][0] < oldest:
            _, kept = self._seen.popleft()
            self._late -= not kept
        return self._late / (max(len(self._seen), self._fewest) * self._allowed)
