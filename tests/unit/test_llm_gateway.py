"""The gateway as the app opens it, against a model server on loopback."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.clock import SystemClock
from chatcrew.errors import ModelDeadlineExceeded, ModelUnavailable
from chatcrew.llm import NoModel, open_gateway
from chatcrew.messages import ModelCall, ModelRequest
from chatcrew.testing import FakeModelServer


class Book:
    """A meter that keeps calls in a list."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    async def record(self, call: ModelCall) -> None:
        """Keep ``call``."""
        self.calls.append(call)


def request(text: str, *, budget: float = 5.0, temperature: float = 0.2) -> ModelRequest:
    """Return a request with one user message."""
    messages = [{"role": "user", "content": text}]
    return ModelRequest("health/acme", "m", messages, temperature=temperature, budget=budget)


@pytest.fixture
def clock() -> SystemClock:
    """Give the machine's clock."""
    return SystemClock()


async def test_without_key_and_address_there_is_no_model(clock: SystemClock) -> None:
    """Nothing is configured, nothing is imported, and every request says so."""
    async with AsyncExitStack() as stack:
        model = await open_gateway(
            api_key=None, base_url=None, meter=Book(), cache=None, clock=clock, stack=stack
        )

        assert isinstance(model, NoModel)
        with pytest.raises(ModelUnavailable, match="no model"):
            await model.complete(request("olá"))


async def test_it_retries_caches_and_meters_over_the_wire(clock: SystemClock) -> None:
    """A server that stumbles once: two requests there, two rows, the next answer cached."""
    book = Book()
    async with FakeModelServer() as server, AsyncExitStack() as stack:
        server.fail("overloaded").say("oi")
        cache = LayeredCache([MemoryStore(clock)], clock=clock)
        model = await open_gateway(
            api_key="sk-test",
            base_url=server.base_url,
            meter=book,
            cache=cache,
            clock=clock,
            stack=stack,
        )

        first = await model.complete(request("olá"))
        second = await model.complete(request("olá"))

        assert (first.text, first.cached, second.text, second.cached) == ("oi", False, "oi", True)
        assert len(server.requests) == 2
    assert [(row.error, row.usage.prompt_tokens, row.from_cache) for row in book.calls] == [
        ("unavailable", 0, False),
        (None, 10, False),
        (None, 0, True),
    ]


async def test_the_server_never_sees_more_calls_at_once_than_allowed(clock: SystemClock) -> None:
    """Thirty customers, four slots: four requests at the provider at any moment."""
    async with FakeModelServer(latency=0.02) as server, AsyncExitStack() as stack:
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=Book(),
            cache=None,
            clock=clock,
            stack=stack,
            concurrency=4,
        )

        answers = await asyncio.gather(*(model.complete(request(str(n))) for n in range(30)))

        assert len(answers) == 30
        assert server.most_at_once == 4


async def test_retries_end_with_the_budget(clock: SystemClock) -> None:
    """A provider that asks for ten seconds' patience gets none from a turn with two."""
    book = Book()
    async with FakeModelServer() as server, AsyncExitStack() as stack:
        for _ in range(5):
            server.fail("rate_limit", retry_after="10")
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=book,
            cache=None,
            clock=clock,
            stack=stack,
        )
        loop = asyncio.get_running_loop()
        began = loop.time()

        with pytest.raises(ModelUnavailable) as caught:
            await model.complete(request("olá", budget=2))

        assert loop.time() - began < 1.5
        assert (caught.value.kind, caught.value.retry_after) == ("rate_limit", 10.0)
        assert len(server.requests) == 1
    assert [row.error for row in book.calls] == ["rate_limit"]


async def test_a_hanging_server_frees_its_slot_at_the_deadline(clock: SystemClock) -> None:
    """One slot, a call that hangs: the next customer is served once the first gives up."""
    async with FakeModelServer() as server, AsyncExitStack() as stack:
        server.hang().say("oi")
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=Book(),
            cache=None,
            clock=clock,
            stack=stack,
            concurrency=1,
        )
        stuck = asyncio.create_task(model.complete(request("um", budget=0.2)))
        await server.busy.wait()

        answer = await model.complete(request("dois", budget=5))

        assert answer.text == "oi"
        with pytest.raises(ModelDeadlineExceeded):
            await stuck


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
async def test_the_loser_of_a_hedge_is_cancelled_for_real_and_counted(
    clock: SystemClock, streamed: bool
) -> None:
    """Through cache, retries and slots down to the connection; its prompt is on the bill (N5)."""
    book = Book()
    async with FakeModelServer() as server, AsyncExitStack() as stack:
        server.hang().say("oi")
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=book,
            cache=LayeredCache([MemoryStore(clock)], clock=clock),
            clock=clock,
            stack=stack,
            concurrency=1,
        )
        asked = replace(request("a" * 400), begun=(lambda: None) if streamed else None)
        loser = asyncio.create_task(model.complete(asked))
        await server.busy.wait()

        loser.cancel()
        await asyncio.wait({loser})

        assert loser.cancelled()
        async with asyncio.timeout(2):
            await server.idle.wait()
        assert (await model.complete(request("outra"))).text == "oi"
    assert [(row.error, row.usage.prompt_tokens, row.estimated) for row in book.calls] == [
        ("cancelled", 100, True),
        (None, 10, False),
    ]
