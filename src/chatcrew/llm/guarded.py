"""A provider that fails again and again is left alone for a while, so that nobody waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from chatcrew.clock import Clock
from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelUnavailable
from chatcrew.llm._circuit import Circuit
from chatcrew.llm._heard import Heard
from chatcrew.llm._port import BreakerObserver, Model
from chatcrew.llm._purse import Place
from chatcrew.messages import ModelAnswer, ModelRequest
from chatcrew.telemetry import get_logger

_log = get_logger("llm")
# Seconds; a caller who waited as long in vain was not in a hurry.
_PATIENCE = 5.0
# Seconds; a cancelled caller who heard nothing for so long had reason to go. It holds for streamed
# calls: of others nobody knows whether the answer had begun, and patience holds.
_SILENCE = 1.5


class Guarded:
    """A ``Model`` behind a circuit breaker: one for each provider and model (S3-54).

    What counts against the provider: it is away, answers 5xx or 429, takes longer than our own cap
    or than ``_PATIENCE``, or says nothing for ``_SILENCE`` until its caller has gone. What does
    not: a refusal, which is an answer; a caller in a hurry; a call that never got a slot. A
    cancelled call that had begun to be answered speaks for the provider.

    Args:
        inner: the model asked.
        model: name of the configured model, for the log and the observer.
        provider: label of its provider.
        clock: measures rest and patience.
        observer: told each change of state, or None.
        failures: in a row, after which it opens.
        rest: seconds it is left alone before one call tries again.
        queue: puts the slots around what is judged, or None: time spent there is nobody's fault.
        place: waits until the caller's business may call, or None. Whoever waits for that holds
            neither a slot of the model nor the one try after a rest: both are everybody's.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part once
        self,
        inner: Model,
        *,
        model: str,
        provider: str,
        clock: Clock,
        observer: BreakerObserver | None = None,
        failures: int = 5,
        rest: float = 3.0,
        queue: Callable[[Model], Model] | None = None,
        place: Callable[[ModelRequest], Awaitable[Place]] | None = None,
    ) -> None:
        self._place = place
        self._clock = clock
        self._model = model
        self._provider = provider
        self._observer = observer
        self._circuit = Circuit(
            f"{provider}/{model}",
            failures=failures,
            rest=rest,
            clock=clock,
            changed=self._tell,
        )
        judged = _Judged(inner, self._circuit, clock=clock)
        self._inner: Model = judged if queue is None else queue(judged)

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, unless the provider is being left alone.

        Raises:
            ModelUnavailable: it is, kind ``breaker_open``: at once, for the next one to be asked.
            ModelError: whatever the inner model raises.
            BudgetExceeded: the caller's business may make no more calls now.
        """
        if self._place is None:
            return await self._let_in(request)
        if self._circuit.rests:
            raise self._left_alone()
        began = self._clock.monotonic()
        place = await self._place(request)
        try:
            left = request.budget - (self._clock.monotonic() - began)
            return await self._let_in(replace(request, budget=left))
        finally:
            place.leave()

    async def _let_in(self, request: ModelRequest) -> ModelAnswer:
        ticket = self._circuit.enter()
        if ticket is None:
            raise self._left_alone()
        try:
            return await self._inner.complete(request)
        finally:
            self._circuit.forget(ticket)  # no news where it was judged; one never sent is none

    def _left_alone(self) -> ModelUnavailable:
        return ModelUnavailable(
            f"model {self._model!r} failed repeatedly and is left alone for a while",
            kind="breaker_open",
        )

    def _tell(self, state: str) -> None:
        _log.warning("model.breaker", model=self._model, provider=self._provider, state=state)
        if self._observer is not None:
            self._observer.breaker(self._model, state)


class _Judged:
    """Says of each call that is sent what it shows about the provider."""

    def __init__(self, inner: Model, circuit: Circuit, *, clock: Clock) -> None:
        self._inner = inner
        self._circuit = circuit
        self._clock = clock

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, and judge.

        Raises:
            ModelError: whatever the inner model raises.
        """
        ticket = self._circuit.ticket
        began = self._clock.monotonic()
        heard = Heard(request)
        try:
            answer = await self._inner.complete(heard.request)
        except ModelError as error:
            if isinstance(error, ModelUnavailable):
                self._circuit.leave(ticket, error)
            elif not isinstance(error, ModelDeadlineExceeded):
                self._circuit.leave(ticket, None)
            elif self._clock.monotonic() - began >= _PATIENCE:
                self._circuit.leave(ticket, error)
            raise
        except asyncio.CancelledError:
            enough = _PATIENCE if request.begun is None else _SILENCE
            if heard.begun:
                self._circuit.leave(ticket, None)
            elif self._clock.monotonic() - began >= enough:
                self._circuit.leave(ticket, ModelUnavailable("it kept silent", kind="timeout"))
            raise
        self._circuit.leave(ticket, None)
        return answer
