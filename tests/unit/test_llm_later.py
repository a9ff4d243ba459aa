"""Rows of a turn's model calls: written while the turn goes on, and there before it ends."""

import asyncio
from dataclasses import replace

import pytest

from chatcrew.errors import ModelUnavailable
from chatcrew.llm import Booked, Metered, Rows
from chatcrew.messages import ModelCall, ModelRequest
from chatcrew.testing import ManualClock, ScriptedModel

BUSY = ModelUnavailable("busy", kind="rate_limit", retryable=True)


def request(turn_id: str | None = None) -> ModelRequest:
    """Return a request of a turn, or of none."""
    made = ModelRequest("health/acme", "m", [{"role": "user", "content": "olá"}])
    return replace(made, turn_id=turn_id)


class Book:
    """A meter that keeps calls in a list, and can be slow."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []
        self.open = asyncio.Event()
        self.open.set()

    async def record(self, call: ModelCall) -> None:
        """Keep ``call``."""
        await self.open.wait()
        self.calls.append(call)


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands still."""
    return ManualClock()


@pytest.fixture
def book() -> Book:
    """Give an empty book."""
    return Book()


async def test_a_turn_goes_on_while_its_row_is_written_and_waits_for_it_before_it_ends(
    clock: ManualClock, book: Book
) -> None:
    """The answer is there at once; ``booked`` returns when the row is, and not before (S3-89)."""
    rows = Rows(book, clock=clock)
    gateway = Booked(Metered(ScriptedModel("oi"), rows), rows, later=True)
    book.open.clear()

    answer = await gateway.complete(request(turn_id="t1"))
    waiting = asyncio.create_task(gateway.booked("t1"))
    await asyncio.sleep(0.01)
    went_on = waiting.done()
    book.open.set()
    await waiting

    assert (answer.text, went_on) == ("oi", False)
    assert [call.turn_id for call in book.calls] == ["t1"]


async def test_the_next_call_of_a_turn_begins_when_the_last_one_is_recorded(
    clock: ManualClock, book: Book
) -> None:
    """It may need the room that was reserved for it and not used; another turn waits for none."""
    rows, model = Rows(book, clock=clock), ScriptedModel("um", "dois", "três")
    gateway = Booked(Metered(model, rows), rows, later=True)
    book.open.clear()

    await gateway.complete(request(turn_id="t1"))
    await gateway.complete(request(turn_id="t2"))
    second = asyncio.create_task(gateway.complete(request(turn_id="t1")))
    await asyncio.sleep(0.01)
    asked = len(model.requests)
    book.open.set()
    await second
    await gateway.booked("t1")

    assert (asked, len(model.requests)) == (2, 3)
    assert sorted(str(call.turn_id) for call in book.calls) == ["t1", "t1", "t2"]


async def test_a_call_of_no_turn_and_one_that_fails_leave_their_rows(
    clock: ManualClock, book: Book
) -> None:
    """Nobody ends the first with a turn; the second's turn ends like every other."""
    rows = Rows(book, clock=clock)
    model = ScriptedModel("oi", BUSY)
    gateway = Booked(Metered(model, rows), rows, later=True)

    await gateway.complete(request())
    at_once = len(book.calls)
    with pytest.raises(ModelUnavailable):
        await gateway.complete(request(turn_id="t1"))
    await gateway.booked("t1")

    assert at_once == 1
    assert [call.error for call in book.calls] == [None, "rate_limit"]
