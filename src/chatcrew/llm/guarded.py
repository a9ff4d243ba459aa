"""A provider that fails again and again is left alone for a while, so that nobody waits for it."""

from chatcrew.clock import Clock
from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelUnavailable
from chatcrew.llm._circuit import Circuit
from chatcrew.llm._port import BreakerObserver, Model
from chatcrew.llm.limited import NoSlot
from chatcrew.messages import ModelAnswer, ModelRequest
from chatcrew.telemetry import get_logger

_log = get_logger("llm")


class Guarded:
    """A ``Model`` behind a circuit breaker: one for each provider and model (S3-54).

    What counts against the provider: it is away, answers 5xx or 429, or takes longer than our own
    cap or than ``patience``. What does not: a refusal, which is an answer; a caller in a hurry; a
    cancelled call; a call that never got a slot.

    Args:
        inner: the model asked.
        model: name of the configured model, for the log and the observer.
        provider: label of its provider.
        clock: measures rest.
        observer: told each change of state, or None.
        failures: in a row, after which it opens.
        rest: seconds it is left alone before one call tries again.
        patience: seconds; a caller who waited as long in vain was not in a hurry.
    """

    def __init__(
        self,
        inner: Model,
        *,
        model: str,
        provider: str,
        clock: Clock,
        observer: BreakerObserver | None = None,
        failures: int = 5,
        rest: float = 3.0,
        patience: float = 5.0,
    ) -> None:
        self._inner = inner
        self._model = model
        self._provider = provider
        self._clock = clock
        self._observer = observer
        self._patience = patience
        self._circuit = Circuit(
            f"{provider}/{model}",
            failures=failures,
            rest=rest,
            clock=clock,
            changed=self._tell,
        )

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask, unless the provider is being left alone.

        Raises:
            ModelUnavailable: it is, kind ``breaker_open``: at once, for the next one to be asked.
            ModelError: whatever the inner model raises.
        """
        ticket = self._circuit.enter()
        if ticket is None:
            raise ModelUnavailable(
                f"model {self._model!r} failed repeatedly and is left alone for a while",
                kind="breaker_open",
            )
        began = self._clock.monotonic()
        try:
            answer = await self._inner.complete(request)
            self._circuit.leave(ticket, None)
        except ModelError as error:
            self._judge(ticket, error, waited=self._clock.monotonic() - began)
            raise
        finally:
            self._circuit.forget(ticket)  # no news where it is settled; a cancelled call is not
        return answer

    def _judge(self, ticket: int, error: ModelError, *, waited: float) -> None:
        if isinstance(error, ModelUnavailable):
            self._circuit.leave(ticket, error)
        elif not isinstance(error, ModelDeadlineExceeded):
            self._circuit.leave(ticket, None)
        elif waited >= self._patience and not isinstance(error, NoSlot):
            self._circuit.leave(ticket, error)

    def _tell(self, state: str) -> None:
        _log.warning("model.breaker", model=self._model, provider=self._provider, state=state)
        if self._observer is not None:
            self._observer.breaker(self._model, state)
