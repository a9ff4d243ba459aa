"""Who is asked where the model asked for cannot answer (S3-54)."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelRefused, ModelUnavailable
from chatcrew.llm import Choice, Fallback, Model
from chatcrew.messages import ModelAnswer, ModelRequest
from chatcrew.testing import ManualClock, ScriptedModel

AWAY = ModelUnavailable("away", kind="unavailable", retryable=True)


def request(**fields: object) -> ModelRequest:
    """Return a request with one user message."""
    made = ModelRequest("health/acme", "a", [{"role": "user", "content": "olá"}], budget=10.0)
    return replace(made, **fields)  # type: ignore[arg-type]  # test values


class Hanging:
    """A model that takes all the time it is given."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.budgets: list[float] = []

    async def complete(self, asked: ModelRequest) -> ModelAnswer:
        """Wait until the budget is spent."""
        self.budgets.append(asked.budget)
        await self._clock.sleep(asked.budget)
        raise ModelDeadlineExceeded("late", kind="timeout")


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands still."""
    return ManualClock()


def fallback(clock: ManualClock, *models: Model, context: tuple[int | None, ...] = ()) -> Fallback:
    """Return the wrapper over models called a, b, c."""
    sizes = context or (None,) * len(models)
    choices = [
        Choice(name, model, size) for name, model, size in zip("abc", models, sizes, strict=False)
    ]
    return Fallback(lambda _: choices, clock=clock)


async def test_the_model_asked_for_answers_alone(clock: ManualClock) -> None:
    """The stand-in is not asked; the answer says who served."""
    first, second = ScriptedModel("oi"), ScriptedModel()

    answer = await fallback(clock, first, second).complete(request())

    assert (answer.text, answer.served_by) == ("oi", "a")
    assert second.requests == []


@pytest.mark.parametrize(
    "error",
    [
        AWAY,
        ModelUnavailable("busy", kind="rate_limit", retryable=True, retry_after=60),
        ModelUnavailable("alone", kind="breaker_open"),
        ModelUnavailable("slow", kind="timeout", retryable=True),
        ModelUnavailable("none", kind="no_model"),
        ModelRefused("quota", kind="insufficient_quota", status=429),
        ModelRefused("key", kind="invalid_api_key", status=401),
        ModelRefused("gone", kind="other", status=404),
        ModelDeadlineExceeded("its share", kind="timeout"),
    ],
    ids=lambda error: f"{type(error).__name__}-{error.kind}",
)
async def test_where_the_provider_is_to_blame_the_next_is_asked_at_once(
    clock: ManualClock, error: ModelError
) -> None:
    """Without a pause, under its own name, and the answer says who served."""
    first, second = ScriptedModel(error), ScriptedModel("de b")

    answer = await fallback(clock, first, second).complete(request())

    assert (answer.text, answer.served_by) == ("de b", "b")
    assert [asked.model for asked in (*first.requests, *second.requests)] == ["a", "b"]
    assert clock.monotonic() == 0


@pytest.mark.parametrize(
    "error",
    [
        ModelRefused("filtered", kind="content_filter", status=400),
        ModelRefused("long", kind="context_length", status=400),
        ModelRefused("malformed", kind="other", status=400),
    ],
    ids=lambda error: error.kind,
)
async def test_where_the_request_is_to_blame_nobody_else_is_asked(
    clock: ManualClock, error: ModelError
) -> None:
    """Another model would refuse it too, or worse, would not."""
    second = ScriptedModel("de b")

    with pytest.raises(ModelRefused) as caught:
        await fallback(clock, ScriptedModel(error), second).complete(request())

    assert caught.value is error
    assert second.requests == []


async def test_what_is_too_long_goes_to_a_model_that_reads_more(clock: ManualClock) -> None:
    """Only where both sizes are known; one that reads less is passed over."""
    long = ModelRefused("long", kind="context_length", status=400)
    smaller = ScriptedModel()
    models = (ScriptedModel(long), smaller, ScriptedModel("de c"))

    answer = await fallback(clock, *models, context=(8000, 4000, 128_000)).complete(request())

    assert (answer.text, answer.served_by) == ("de c", "c")
    assert smaller.requests == []


async def test_a_hanging_model_leaves_time_for_the_next(clock: ManualClock) -> None:
    """Of ten seconds the second model gets two, of two it gets half a second."""
    for budget, kept in ((10.0, 2.0), (2.0, 0.5)):
        first, second = Hanging(clock), ScriptedModel("de b")
        call = asyncio.create_task(fallback(clock, first, second).complete(request(budget=budget)))
        await clock.advance(budget - kept)

        assert (await call).served_by == "b"
        assert first.budgets == [budget - kept]
        assert second.requests[0].budget == pytest.approx(kept)


async def test_nobody_is_asked_after_the_deadline(clock: ManualClock) -> None:
    """The last one gets all that is left; then it is over."""
    models = (Hanging(clock), Hanging(clock))
    call = asyncio.create_task(fallback(clock, *models).complete(request(budget=4)))
    await clock.advance(10)

    with pytest.raises(ModelDeadlineExceeded):
        await call
    assert [model.budgets for model in models] == [[3.0], [1.0]]


async def test_the_error_is_the_one_that_promises_most(clock: ManualClock) -> None:
    """Who may be asked again soonest; among equals the model asked for."""
    later = ModelUnavailable("busy", kind="rate_limit", retryable=True, retry_after=30)
    for errors, told in (
        ((later, AWAY), AWAY),
        ((ModelRefused("key", kind="invalid_api_key"), later), later),
        ((ModelUnavailable("alone", kind="breaker_open"), ModelRefused("q")), None),
    ):
        with pytest.raises(ModelError) as caught:
            await fallback(clock, *(ScriptedModel(one) for one in errors)).complete(request())

        assert caught.value is (told or errors[0])
