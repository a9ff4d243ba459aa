"""Medians, percentiles and the lines in which a benchmark says what it saw."""

import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile of ``values``; ``share`` in 0..1."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def spread(values: Sequence[float], *, digits: int = 0) -> str:
    """Return median and range, such as ``1,203 (1,100..1,250)``."""
    low, middle, high = (f"{v:,.{digits}f}" for v in (min(values), median(values), max(values)))
    return f"{middle} ({low}..{high})"


def milliseconds(values: Sequence[float]) -> str:
    """Return p50, p95, p99 and the worst of durations in seconds, in milliseconds."""
    shown = [f"{name} {percentile(values, share) * 1e3:.1f}" for name, share in _SHARES]
    return f"{', '.join(shown)}, max {max(values) * 1e3:.1f} ms"


_SHARES = (("p50", 0.50), ("p95", 0.95), ("p99", 0.99))


class Report:
    """Prints figures as they come, and remembers which target was missed."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def line(self, name: str, value: str) -> None:
        """Print one figure."""
        print(f"  {name:<44} {value}", flush=True)

    def title(self, text: str) -> None:
        """Print what the next lines are about."""
        print(f"\n{text}", flush=True)

    def target(self, name: str, value: str, *, met: bool, wanted: str) -> None:
        """Print a figure that the issue sets a bound for."""
        verdict = "ok" if met else "MISSED"
        if not met:
            self.missed.append(name)
        self.line(name, f"{value}   [target {wanted}: {verdict}]")

    def aim(self, name: str, value: str, *, met: bool, wanted: str) -> None:
        """Print a figure, against its bound where ``wanted`` names one."""
        if wanted:
            self.target(name, value, met=met, wanted=wanted)
        else:
            self.line(name, value)

    def close(self) -> int:
        """Return the exit code: 1 if a target was missed."""
        if self.missed:
            print(f"\nmissed: {'; '.join(self.missed)}", flush=True)
        return 1 if self.missed else 0


def machine(folder: Path) -> str:
    """Return what the figures were seen on: cores, load of others, Python, cost of one fsync."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, load before {load:.1f}, {platform.system()} "
        f"{platform.release()}, Python {sys.version.split()[0]}, "
        f"fdatasync {_fsync_ms(folder):.2f} ms (median of 50)"
    )


def _fsync_ms(folder: Path) -> float:
    path = folder / f"fsync-probe-{os.getpid()}"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    seen = []
    try:
        for _ in range(50):
            os.write(descriptor, b"x" * 8192)
            begun = time.perf_counter()
            os.fdatasync(descriptor)
            seen.append((time.perf_counter() - begun) * 1e3)
    finally:
        os.close(descriptor)
        path.unlink()
    return median(seen)
