"""Which answers of models are given again, and to whom (S4-37, S4-48)."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.errors import ModelDeadlineExceeded, ModelUnavailable
from chatcrew.llm import Cached, Model
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall, ToolSpec, Usage
from chatcrew.testing import ManualClock, ScriptedModel

BUSY = ModelUnavailable("busy", kind="rate_limit", retryable=True)


def request(text: str = "olá", **fields: object) -> ModelRequest:
    """Return a cacheable request."""
    made = ModelRequest(
        "health/acme", "m", [{"role": "user", "content": text}], temperature=0.2, config="c1"
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # test values


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands still."""
    return ManualClock()


class TestCached:
    """Which answers are given again, and to whom."""

    def cached(self, model: Model, clock: ManualClock) -> Cached:
        """Return the wrapper over a memory cache."""
        cache = LayeredCache([MemoryStore(clock)], clock=clock)
        return Cached(model, cache=cache, clock=clock)

    async def test_the_second_equal_question_asks_nobody(self, clock: ManualClock) -> None:
        """The same words come back, marked, without usage: nothing was spent."""
        calls = (ToolCall("c1", "search", "{}"),)
        model = ScriptedModel(ModelAnswer("oi", calls, Usage(10, 5, 1), "m-1", "tool_calls"))
        cached = self.cached(model, clock)

        first = await cached.complete(request(budget=9))
        second = await cached.complete(request(budget=3, turn_id="another", role="other"))

        assert len(model.requests) == 1
        assert second == replace(first, cached=True)

    @pytest.mark.parametrize(
        "change",
        [
            {"tenant": "health/other"},
            {"config": "c2"},
            {"model": "m2"},
            {"temperature": 0.1},
            {"max_tokens": 10},
            {"response_format": {"type": "json_object"}},
            {"messages": [{"role": "system", "content": "olá"}]},
            {"messages": [{"role": "user", "content": "olá "}]},
            {"tools": (ToolSpec("search", "Search.", {"type": "object"}),)},
        ],
        ids=lambda change: next(iter(change)),
    )
    async def test_every_difference_asks_anew(
        self, clock: ManualClock, change: dict[str, object]
    ) -> None:
        """Another tenant, configuration, model, parameter, word or tool is another key (S4-48)."""
        model = ScriptedModel("first", "second")
        cached = self.cached(model, clock)
        await cached.complete(request())

        assert (await cached.complete(request(**change))).text == "second"

    async def test_a_changed_tool_schema_asks_anew(self, clock: ManualClock) -> None:
        """The schema is part of the key, not only the tool's name."""
        model = ScriptedModel("first", "second")
        cached = self.cached(model, clock)
        await cached.complete(request(tools=(ToolSpec("a", "b", {"type": "object"}),)))

        again = request(tools=(ToolSpec("a", "b", {"type": "object", "required": ["q"]}),))

        assert (await cached.complete(again)).text == "second"

    @pytest.mark.parametrize(
        "change", [{"temperature": 0.31}, {"temperature": None}, {"cacheable": False}]
    )
    async def test_warm_and_uncacheable_requests_are_not_kept(
        self, clock: ManualClock, change: dict[str, object]
    ) -> None:
        """Above 0.3, at the provider's default, and after side effects each call asks."""
        model = ScriptedModel("first", "second")
        cached = self.cached(model, clock)
        await cached.complete(request(**change))

        second = await cached.complete(request(**change))

        assert (second.text, second.cached) == ("second", False)

    @pytest.mark.parametrize(
        "answer",
        [
            ModelAnswer("cut", finish_reason="length"),
            ModelAnswer("no", finish_reason="content_filter"),
            ModelAnswer("  "),
        ],
    )
    async def test_broken_answers_are_not_kept(
        self, clock: ManualClock, answer: ModelAnswer
    ) -> None:
        """What was cut off, filtered or empty is asked again."""
        model = ScriptedModel(answer, "whole")
        cached = self.cached(model, clock)

        assert (await cached.complete(request())).text == answer.text
        assert (await cached.complete(request())).text == "whole"

    async def test_an_answer_is_kept_for_an_hour(self, clock: ManualClock) -> None:
        """Before 3600 s it is given again, after them it is asked anew (S4-37)."""
        model = ScriptedModel("first", "second")
        cached = self.cached(model, clock)
        await cached.complete(request())
        await clock.advance(3599)
        assert (await cached.complete(request())).text == "first"
        await clock.advance(2)

        assert (await cached.complete(request())).text == "second"

    async def test_errors_are_not_kept(self, clock: ManualClock) -> None:
        """A failed call leaves nothing behind."""
        model = ScriptedModel(BUSY, "ok")
        cached = self.cached(model, clock)

        with pytest.raises(ModelUnavailable):
            await cached.complete(request())

        assert (await cached.complete(request())).text == "ok"

    async def test_equal_questions_at_once_ask_once(self, clock: ManualClock) -> None:
        """Fifty customers with the same words at the same moment cost one call."""
        model = ScriptedModel("um")
        model.hold()
        cached = self.cached(model, clock)
        calls = [asyncio.create_task(cached.complete(request())) for _ in range(50)]
        await model.asked(1)
        model.release()

        answers = await asyncio.gather(*calls)

        assert len(model.requests) == 1
        assert {answer.text for answer in answers} == {"um"}
        assert sum(not answer.cached for answer in answers) == 1

    async def test_a_cancelled_turn_does_not_take_the_answer_from_another(
        self, clock: ManualClock
    ) -> None:
        """The turn that asked first is cancelled; the one that waits gets the answer."""
        model = ScriptedModel("um")
        model.hold()
        cached = self.cached(model, clock)
        first = asyncio.create_task(cached.complete(request()))
        await model.asked(1)
        second = asyncio.create_task(cached.complete(request()))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait({first})
        model.release()

        assert (await second).text == "um"
        assert len(model.requests) == 1

    async def test_a_waiter_keeps_its_own_deadline(self, clock: ManualClock) -> None:
        """A turn with little time left does not wait for another turn's long call."""
        model = ScriptedModel("um")
        model.hold()
        cached = self.cached(model, clock)
        patient = asyncio.create_task(cached.complete(request(budget=30)))
        await model.asked(1)

        with pytest.raises(ModelDeadlineExceeded):
            await cached.complete(request(budget=0.05))
        model.release()

        assert (await patient).text == "um"

    async def test_another_turns_deadline_is_not_ours(self, clock: ManualClock) -> None:
        """The turn that asked ran out of its time; the one that waited asks with its own."""
        late = ModelDeadlineExceeded("late", kind="timeout")
        model = ScriptedModel(late, "em tempo")
        model.hold()
        cached = self.cached(model, clock)
        hasty = asyncio.create_task(cached.complete(request(budget=5)))
        await model.asked(1)
        patient = asyncio.create_task(cached.complete(request(budget=30)))
        await asyncio.sleep(0)
        model.release()

        assert (await patient).text == "em tempo"
        with pytest.raises(ModelDeadlineExceeded):
            await hasty
        assert [asked.budget for asked in model.requests] == [5, 30]

    async def test_what_the_cache_returns_is_the_callers_own(self, clock: ManualClock) -> None:
        """An answer given twice is equal and of the same types as a fresh one."""
        model = ScriptedModel([ToolCall("1", "search", '{"q": 1}')])
        cached = self.cached(model, clock)
        await cached.complete(request())

        answer = await cached.complete(request())

        assert answer.tool_calls == (ToolCall("1", "search", '{"q": 1}'),)

    async def test_who_wants_to_be_told_gets_the_same_kept_answer(self, clock: ManualClock) -> None:
        """``begun`` is no part of the question, and a kept answer has begun (S4-37)."""
        told: list[str] = []
        model = ScriptedModel(lambda asked: asked.begun() or "oi")
        cached = self.cached(model, clock)

        first = await cached.complete(request(begun=lambda: told.append("first")))
        second = await cached.complete(request(begun=lambda: told.append("second")))
        third = await cached.complete(request())

        assert (first.cached, second.cached, third.cached) == (False, True, True)
        assert told == ["first", "second"]
        assert len(model.requests) == 1

    async def test_a_stand_ins_answer_is_not_kept_for_the_model_asked(
        self, clock: ManualClock
    ) -> None:
        """It would answer for an hour after the model itself is well again; its own is kept."""
        model = ScriptedModel(
            ModelAnswer("de b", served_by="b"), ModelAnswer("de m", served_by="m")
        )
        cached = self.cached(model, clock)
        answers = [await cached.complete(request()) for _ in range(3)]

        assert [(one.text, one.cached) for one in answers] == [
            ("de b", False),
            ("de m", False),
            ("de m", True),
        ]
        assert answers[2].served_by == "m"
