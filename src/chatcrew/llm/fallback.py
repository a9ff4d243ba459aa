"""Another model is asked where the first one cannot answer, within the same deadline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chatcrew.clock import Clock
from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelRefused, ModelUnavailable
from chatcrew.llm._port import Model
from chatcrew.messages import ModelAnswer, ModelRequest

# Kept back for the next model while one is asked: a part of the time left, and no more than so
# many seconds, for a hanging provider would otherwise take all of it.
_SHARE = 0.25
_MOST_KEPT = 2.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One model that may answer.

    Attributes:
        name: as configured.
        model: asked.
        context: most tokens it reads, or None where nobody said.
    """

    name: str
    model: Model
    context: int | None = None


class Fallback:
    """A ``Model`` that asks one after the other, at once and without a pause (S3-54).

    It goes on where the provider is to blame: away, over its limits, too slow, out of quota, not
    accepting the key, without that model. It does not where the request is: a content filter would
    refuse it again. A conversation that is too long goes on to models known to read more.

    Args:
        choices: from the model asked for to whom to ask, in order, never empty.
        clock: measures the budget.
    """

    def __init__(self, choices: Callable[[str], Sequence[Choice]], *, clock: Clock) -> None:
        self._choices = choices
        self._clock = clock

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """Ask until one answers; the answer says which did (``served_by``).

        Raises:
            ModelError: none did; the error that promises the soonest success, else the first.
        """
        until = self._clock.monotonic() + request.budget
        waiting = list(self._choices(request.model))
        errors: list[ModelError] = []
        while waiting:
            choice = waiting.pop(0)
            left = until - self._clock.monotonic()
            if errors and left <= 0:
                break
            kept = min(left * _SHARE, _MOST_KEPT) if waiting else 0.0
            asked = replace(request, model=choice.name, budget=left - kept)
            try:
                answer = await choice.model.complete(asked)
            except ModelError as error:
                errors.append(error)
                waiting = _others(error, choice, waiting)
            else:
                return replace(answer, served_by=choice.name)
        raise min(errors, key=_promise)


def _others(error: ModelError, refused: Choice, waiting: Sequence[Choice]) -> list[Choice]:
    """Return which of those who wait may still help."""
    if isinstance(error, ModelUnavailable | ModelDeadlineExceeded):
        return list(waiting)
    if error.kind == "context_length":
        longest = refused.context
        return [
            one
            for one in waiting
            if longest is not None and one.context is not None and one.context > longest
        ]
    away = {"insufficient_quota", "invalid_api_key"}
    if error.kind in away or (isinstance(error, ModelRefused) and error.status == 404):
        return list(waiting)
    return []


def _promise(error: ModelError) -> tuple[bool, float]:
    """Order errors by how soon the same call may succeed."""
    return not error.retryable, error.retry_after or 0.0
