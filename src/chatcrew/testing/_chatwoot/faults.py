"""Faults a test injects into FakeChatwoot's API."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Effect = Literal["status", "drop", "hang", "delay"]


@dataclass(slots=True)
class Fault:
    """One planned fault: for the next ``times`` calls of ``endpoint`` (None: any)."""

    effect: Effect
    times: int
    endpoint: str | None = None
    status: int = 500
    seconds: float = 0.0
    after_effect: bool = True
    when: Callable[[bytes], bool] | None = None


class Faults:
    """What goes wrong next; endpoints are named like the counters in ``FakeChatwoot.calls``."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self.released = asyncio.Event()

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        endpoint: str | None = None,
        when: Callable[[bytes], bool] | None = None,
    ) -> None:
        """Answer the next calls with ``status`` and have no effect (429, 500, 502, 422, …).

        ``when`` looks at the raw request body, to hit one message among many.
        """
        self._planned.append(Fault("status", times, endpoint, status=status, when=when))

    def drop_response(
        self,
        *,
        times: int = 1,
        endpoint: str | None = None,
        when: Callable[[bytes], bool] | None = None,
    ) -> None:
        """Do what the call asks, then cut the connection instead of answering.

        ``when`` looks at the raw request body, to hit one message among many.
        """
        self._planned.append(Fault("drop", times, endpoint, when=when))

    def hang(
        self, *, times: int = 1, endpoint: str | None = None, after_effect: bool = False
    ) -> None:
        """Never answer (until ``release`` or the end); ``after_effect`` does the work before."""
        self._planned.append(Fault("hang", times, endpoint, after_effect=after_effect))

    def delay(self, seconds: float, *, times: int = 1, endpoint: str | None = None) -> None:
        """Answer the next calls ``seconds`` (real ones) late."""
        self._planned.append(Fault("delay", times, endpoint, seconds=seconds))

    def clear(self) -> None:
        """Forget what was planned and let hanging calls go on."""
        self._planned.clear()
        self.release()

    def forget(self) -> None:
        """Forget what was planned; calls that hang stay where they are."""
        self._planned.clear()

    def release(self) -> None:
        """Let hanging calls go on."""
        self.released.set()
        self.released = asyncio.Event()

    def take(self, endpoint: str, body: bytes) -> Fault | None:
        """Return the fault planned for this call, if any, and count it."""
        for fault in self._planned:
            fits = fault.endpoint in {None, endpoint}
            if fits and (fault.when is None or fault.when(body)):
                fault.times -= 1
                if fault.times <= 0:
                    self._planned.remove(fault)
                return fault
        return None
