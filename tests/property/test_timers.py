"""Timers under any order of setting, cancelling, waiting, firing and dying: at most once each."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.database.rows import MemoryTables
from chatcrew.errors import StoreError
from chatcrew.mailbox import MemoryMailbox
from chatcrew.telemetry import Metrics
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk
from chatcrew.timers import LEASE_SECONDS, MemoryTimers, Timer
from chatcrew.worker import Alarms

KEYS = st.sampled_from(["a", "b", "c", "d"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), KEYS, st.integers(0, 90)),
        st.tuples(st.just("cancel"), KEYS, st.just(0)),
        st.tuples(st.just("wait"), st.just(""), st.integers(1, 60)),
        st.tuples(st.just("fire"), st.just(""), st.just(0)),
        st.tuples(st.just("die"), st.just(""), st.integers(0, 3)),
    ),
    max_size=30,
)


class Mortal(MemoryTimers):
    """Timers whose user dies before it can end the n-th one; then lives again."""

    lives = -1

    async def end(self, key: str, *, ending: str = "fired") -> bool:
        """End it, or die."""
        if ending == "fired" and self.lives >= 0:
            self.lives -= 1
            if self.lives < 0:
                raise StoreError("killed")
        return await super().end(key, ending=ending)


async def _play(steps: Sequence[tuple[str, str, int]]) -> None:
    clock = ManualClock()
    tables = MemoryTables()
    mailbox = MemoryMailbox(tables, clock)
    timers = Mortal(clock)
    talk = Talk(clock)
    await mailbox.put(talk.becomes("pending"))
    alarms = Alarms(timers, mailbox=mailbox, metrics=Metrics(), clock=clock, worker="w")
    made: set[str] = set()
    cancelled: set[str] = set()
    for what, key, number in steps:
        if what == "set":
            due = clock.now() + timedelta(seconds=number)
            if await timers.set(Timer(key, talk.id, "followup", due, {"text": key})):
                made.add(key)
        elif what == "cancel":
            if await timers.cancel(key, reason="test"):
                cancelled.add(key)
        elif what == "wait":
            await clock.advance(number)
        else:
            timers.lives = number if what == "die" else -1
            with contextlib.suppress(StoreError):
                await alarms.run()
            timers.lives = -1
    await clock.advance(90 + LEASE_SECONDS)
    await alarms.run()

    fired = Counter(event.name for event in tables.events.values())
    keys = Counter(event.body for event in tables.events.values())
    assert max(keys.values(), default=0) <= 1
    assert fired.total() <= len(made)
    assert fired.total() >= len(made - cancelled)
    assert await timers.of(talk.id) == []


@settings(deadline=None, max_examples=80)
@given(STEPS)
def test_each_timer_fires_at_most_once_and_none_is_forgotten(
    steps: list[tuple[str, str, int]],
) -> None:
    """Whoever dies when: what was not cancelled fires once, what was maybe once, never twice."""
    asyncio.run(_play(steps))
