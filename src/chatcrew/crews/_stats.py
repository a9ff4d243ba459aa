"""What a pool of crew processes says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolStats:
    """Figures for metrics and health.

    Attributes:
        children: crew processes that take turns.
        running: turns in them now.
        waiting: turns that wait for a free place.
        started: crew processes started since the pool was.
        recycled: of these, ended after their share of turns.
        killed: of these, ended by us (past the deadline, broken protocol).
        died: of these, ended by themselves or by somebody else.
        turns: turns started.
        fault: why no crew process can be started, or None.
    """

    children: int
    running: int
    waiting: int
    started: int
    recycled: int
    killed: int
    died: int
    turns: int
    fault: str | None
