"""Purgatory's circuit breaker on our clock; the only file that knows that library."""

from collections.abc import Callable

from purgatory.domain.messages.events import ContextChanged
from purgatory.domain.model import Context, HalfOpenedState, OpenedState, State

from chatcrew.clock import Clock

_HALF_OPEN = "half_open"
_NAMES = {"closed": "closed", "opened": "open", "half-opened": _HALF_OPEN}


class _Resting(OpenedState):
    """Open until our clock says that it has rested."""

    def __init__(self, name: str, clock: Clock) -> None:
        super().__init__(name)
        self._clock = clock
        # purgatory takes the machine's wall clock, which a test cannot move and NTP can
        self.opened_at = clock.monotonic()

    def handle_new_request(self, context: Context) -> None:
        """Refuse, or let the first call after the rest try.

        Raises:
            OpenedState: it rests. A new one each time: purgatory raises the state itself, whose
                traceback would grow and hold what every refused customer wrote.
        """
        if self._clock.monotonic() < self.opened_at + context.ttl:
            raise OpenedState(self.circuit_name)
        context.set_state(HalfOpenedState())


class _Context(Context):
    """Purgatory's state machine, resting by our clock."""

    def __init__(self, name: str, *, failures: int, rest: float, clock: Clock) -> None:
        super().__init__(name, threshold=failures, ttl=rest)
        self._clock = clock
        self._until = clock.monotonic()

    @property
    def rests(self) -> bool:
        """Whether it is open and has not rested enough."""
        return self._clock.monotonic() < self._until

    def set_state(self, state: State) -> None:
        """Go into ``state``."""
        opens = isinstance(state, OpenedState)
        self._until = self._clock.monotonic() + (self.ttl if opens else 0.0)
        super().set_state(_Resting(self.name, self._clock) if opens else state)


class Circuit:
    """Lets calls through until too many in a row have failed, then one now and again.

    A call that began before the state last changed says nothing about the new one; and only one
    call at a time tries whether it works again (purgatory would let all through).

    Args:
        name: for purgatory's own messages.
        failures: in a row, after which it opens.
        rest: seconds it stays open before one call may try.
        clock: measures the rest.
        changed: told each new state: ``closed``, ``open`` or ``half_open``.
    """

    def __init__(
        self, name: str, *, failures: int, rest: float, clock: Clock, changed: Callable[[str], None]
    ) -> None:
        self._context = _Context(name, failures=failures, rest=rest, clock=clock)
        self._changed = changed
        self._changes = 0
        self._trying = False

    @property
    def state(self) -> str:
        """``closed``, ``open`` or ``half_open``."""
        return _NAMES[self._context.state]

    @property
    def ticket(self) -> int:
        """Of a call that begins now and has been let through."""
        return self._changes

    @property
    def rests(self) -> bool:
        """Whether a call that came now would not be let through."""
        return self._trying or self._context.rests

    def enter(self) -> int | None:
        """Return a ticket to be handed back, or None: leave it alone."""
        if self._trying:
            return None
        try:
            self._context.handle_new_request()
        except OpenedState:
            return None
        self._report()
        self._trying = self.state == _HALF_OPEN
        return self._changes

    def leave(self, ticket: int, failure: Exception | None) -> None:
        """Say how a call ended: with an answer, or with a fault of the provider."""
        if ticket != self._changes:
            return
        self._trying = False
        if failure is None:
            self._context.handle_end_request()
        else:
            self._context.handle_exception(failure)
        self._report()

    def forget(self, ticket: int) -> None:
        """Say that a call ended without showing anything about the provider."""
        if ticket == self._changes:
            self._trying = False

    def _report(self) -> None:
        messages, self._context.messages = self._context.messages, []
        for message in messages:
            if isinstance(message, ContextChanged):
                self._changes += 1
                self._changed(_NAMES[message.state])
