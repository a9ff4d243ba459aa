"""When a provider is left alone, and when it is asked again (S3-54)."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.errors import ModelDeadlineExceeded, ModelError, ModelRefused, ModelUnavailable
from chatcrew.llm.guarded import Guarded
from chatcrew.messages import ModelAnswer, ModelRequest
from chatcrew.testing import ManualClock, ScriptedModel

AWAY = ModelUnavailable("away", kind="unavailable", retryable=True)


def request(**fields: object) -> ModelRequest:
    """Return a request with one user message."""
    made = ModelRequest("health/acme", "m", [{"role": "user", "content": "olá"}])
    return replace(made, **fields)  # type: ignore[arg-type]  # test values


class States:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def breaker(self, model: str, state: str) -> None:
        """Keep it."""
        self.seen.append((model, state))


class Waits:
    """A model that raises ``error`` after ``seconds`` on the clock."""

    def __init__(self, error: ModelError, *, clock: ManualClock, seconds: float) -> None:
        self._error = error
        self._clock = clock
        self._seconds = seconds

    async def complete(self, asked: ModelRequest) -> ModelAnswer:
        """Wait, then fail."""
        await self._clock.sleep(self._seconds)
        raise self._error


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands still."""
    return ManualClock()


@pytest.fixture
def states() -> States:
    """Give an observer."""
    return States()


def guarded(model: object, clock: ManualClock, states: States) -> Guarded:
    """Return the wrapper: three failures open it for ten seconds."""
    return Guarded(
        model,  # type: ignore[arg-type]  # each test has its own
        model="m",
        provider="p",
        clock=clock,
        observer=states,
        failures=3,
        rest=10.0,
    )


async def fail(guard: Guarded, times: int = 1) -> str:
    """Ask so often; return the last error's kind."""
    kind = ""
    for _ in range(times):
        with pytest.raises(ModelError) as caught:
            await guard.complete(request())
        kind = caught.value.kind
    return kind


async def test_after_failures_in_a_row_nobody_is_asked(clock: ManualClock, states: States) -> None:
    """The fourth call fails at once, and is not worth a retry here: the ladder goes on."""
    model = ScriptedModel(default=AWAY)
    guard = guarded(model, clock, states)

    assert await fail(guard, 3) == "unavailable"
    with pytest.raises(ModelUnavailable) as caught:
        await guard.complete(request())

    assert (caught.value.kind, caught.value.retryable) == ("breaker_open", False)
    assert len(model.requests) == 3
    assert states.seen == [("m", "open")]


async def test_a_success_in_between_starts_the_count_anew(
    clock: ManualClock, states: States
) -> None:
    """A provider that stumbles now and then is not left alone."""
    model = ScriptedModel(AWAY, AWAY, "ok", AWAY, AWAY, "ok")
    guard = guarded(model, clock, states)

    for _ in range(2):
        await fail(guard, 2)
        assert (await guard.complete(request())).text == "ok"

    assert states.seen == []


@pytest.mark.parametrize(
    ("error", "opens"),
    [
        (AWAY, True),
        (ModelUnavailable("busy", kind="rate_limit", retryable=True), True),
        (ModelUnavailable("cap", kind="timeout", retryable=True), True),
        (ModelRefused("filtered", kind="content_filter"), False),
        (ModelRefused("long", kind="context_length"), False),
        (ModelRefused("key", kind="invalid_api_key"), False),
        (ModelRefused("quota", kind="insufficient_quota"), False),
        (ModelDeadlineExceeded("hurry", kind="timeout"), False),
    ],
    ids=lambda value: f"{value.kind}" if isinstance(value, ModelError) else str(value),
)
async def test_only_what_the_provider_did_counts_against_it(
    clock: ManualClock, states: States, error: ModelError, opens: bool
) -> None:
    """A refusal is an answer; a caller in a hurry says nothing."""
    guard = guarded(ScriptedModel(default=error), clock, states)

    kind = await fail(guard, 6)

    assert kind == ("breaker_open" if opens else error.kind)


@pytest.mark.parametrize(
    ("error", "seconds", "opens"),
    [
        (ModelDeadlineExceeded("hangs", kind="timeout"), 6.0, True),
        (ModelDeadlineExceeded("hurry", kind="timeout"), 4.0, False),
    ],
)
async def test_who_waited_long_in_vain_was_not_in_a_hurry(
    clock: ManualClock, states: States, error: ModelError, seconds: float, opens: bool
) -> None:
    """A provider that hangs for longer than five seconds is left alone, deadline or not."""
    guard = guarded(Waits(error, clock=clock, seconds=seconds), clock, states)
    calls = [asyncio.create_task(guard.complete(request())) for _ in range(3)]
    await clock.advance(seconds)
    await asyncio.wait(calls)

    assert states.seen == ([("m", "open")] if opens else [])
    assert {type(call.exception()) for call in calls} == {type(error)}


async def test_after_the_rest_one_call_tries_and_all_follow(
    clock: ManualClock, states: States
) -> None:
    """Only one at a time, so that a provider that just came back is not run over."""
    model = ScriptedModel(AWAY, AWAY, AWAY, default="ok")
    guard = guarded(model, clock, states)
    await fail(guard, 3)
    await clock.advance(9.9)
    assert await fail(guard) == "breaker_open"
    await clock.advance(0.2)
    model.hold()

    trying = asyncio.create_task(guard.complete(request()))
    await model.asked(4)
    assert await fail(guard, 5) == "breaker_open"
    model.release()

    assert (await trying).text == "ok"
    assert (await guard.complete(request())).text == "ok"
    assert [state for _, state in states.seen] == ["open", "half_open", "closed"]


async def test_a_try_that_fails_rests_again(clock: ManualClock, states: States) -> None:
    """One failure is enough then."""
    model = ScriptedModel(default=AWAY)
    guard = guarded(model, clock, states)
    await fail(guard, 3)
    await clock.advance(10.1)

    assert await fail(guard) == "unavailable"
    assert await fail(guard) == "breaker_open"
    assert [state for _, state in states.seen] == ["open", "half_open", "open"]


async def test_calls_from_before_say_nothing_about_after(
    clock: ManualClock, states: States
) -> None:
    """A slow failure that began before the rest does not end the recovery."""
    slow = asyncio.Event()

    class Two:
        """Fails at once, or slowly when asked to."""

        async def complete(self, asked: ModelRequest) -> ModelAnswer:
            if asked.role == "slow":
                await slow.wait()
                raise AWAY
            if asked.role == "ok":
                return ModelAnswer("ok")
            raise AWAY

    guard = guarded(Two(), clock, states)
    late = asyncio.create_task(guard.complete(request(role="slow")))
    await asyncio.sleep(0)
    await fail(guard, 3)
    await clock.advance(10.1)
    assert (await guard.complete(request(role="ok"))).text == "ok"
    slow.set()
    await asyncio.wait({late})

    assert [state for _, state in states.seen] == ["open", "half_open", "closed"]


async def test_a_refusal_holds_no_callers_frames(clock: ManualClock, states: States) -> None:
    """Purgatory raises one exception object again and again: its traceback would keep growing."""
    guard = guarded(ScriptedModel(default=AWAY), clock, states)
    await fail(guard, 3)

    with pytest.raises(ModelUnavailable) as caught:
        await guard.complete(request())

    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


async def test_changes_are_logged(
    clock: ManualClock, states: States, capsys: pytest.CaptureFixture[str]
) -> None:
    """With model, provider and state; nothing of what anyone wrote."""
    guard = guarded(ScriptedModel(default=AWAY), clock, states)
    await fail(guard, 3)

    shown = capsys.readouterr().out

    assert "model.breaker" in shown
    assert "provider=p" in shown
    assert "state=open" in shown
    assert "olá" not in shown
