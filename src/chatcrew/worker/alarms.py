"""Fires timers that came due: each becomes an input of its conversation, at most once."""

from datetime import timedelta

from chatcrew.clock import Clock
from chatcrew.mailbox import Mailbox
from chatcrew.points import Point, passed
from chatcrew.telemetry import Metrics, get_logger
from chatcrew.timers import Timers

_log = get_logger("alarms")

_AT_ONCE = 50
_KEPT = timedelta(days=90)


class Alarms:
    """Looks for due timers and wakes their conversations.

    A worker may die between the input and the timer's end. Then the timer is claimed again, and the
    mailbox, which knows its key, makes no second input.

    Args:
        timers: what is to happen.
        mailbox: where it becomes an input.
        metrics: counters.
        clock: time.
        worker: who claims, for whoever looks into the table.
    """

    def __init__(
        self, timers: Timers, *, mailbox: Mailbox, metrics: Metrics, clock: Clock, worker: str
    ) -> None:
        self._timers = timers
        self._mailbox = mailbox
        self._metrics = metrics
        self._clock = clock
        self._worker = worker

    async def run(self) -> int:
        """Fire what is due now; return how many.

        Raises:
            StoreError: storage is away; what was claimed is claimed again later.
        """
        fired = await self._silences()
        while due := await self._timers.claim(self._worker, limit=_AT_ONCE):
            for timer in due:
                payload = {**timer.payload, "timer": timer.kind, "key": timer.key}
                known = await self._mailbox.wake(timer.conversation, key=timer.key, payload=payload)
                passed(Point.TIMER_FIRED)
                if known:
                    await self._timers.end(timer.key)
                else:
                    await self._timers.end(timer.key, ending="conversation_unknown")
                result = "fired" if known else "unknown"
                self._metrics.count("chatcrew_timers", kind=timer.kind, result=result)
                _log.info("timer.fired", kind=timer.kind, conversation=str(timer.conversation))
                fired += known
            if len(due) < _AT_ONCE:
                break
        return fired

    async def _silences(self) -> int:
        """Wake where a silence is over; the turn ends it, unless it was moved on meanwhile."""
        over = await self._mailbox.silences_over(limit=_AT_ONCE)
        for state in over:
            until = state.silence_until.timestamp() if state.silence_until is not None else 0.0
            place = state.id
            await self._mailbox.wake(
                place,
                key=f"silence:{place.bot}:{place.number}:{round(until * 1000)}",
                payload={"timer": "silence", "silence": state.silence, "until": until},
            )
        return len(over)

    async def purge(self) -> None:
        """Forget what ended long ago.

        Raises:
            StoreError: storage is away.
        """
        await self._timers.purge(self._clock.now() - _KEPT)
