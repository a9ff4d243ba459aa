"""A picture over the real protocol, as large as phones make them."""

from contextlib import AsyncExitStack

from chatcrew.attachments._seeing import Look, request
from chatcrew.clock import SystemClock
from chatcrew.llm import open_gateway
from chatcrew.messages import ModelCall
from chatcrew.testing import FakeModelServer
from chatcrew.testing.files import png


class Book:
    """A meter that keeps calls in a list."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    async def record(self, call: ModelCall) -> None:
        """Keep ``call``."""
        self.calls.append(call)


async def test_a_large_picture_is_sent_whole_and_counted_as_a_picture() -> None:
    """Where the provider does not count, its letters are not taken for tokens."""
    book, large = Book(), png() + bytes(3_000_000)
    look = Look("shop/acme", "seeing", [("image/png", large)], budget=20.0, turn_id="t1")
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeModelServer())
        server.say("Um recibo.", usage={"prompt_tokens": 0})
        model = await open_gateway(
            api_key=None,
            base_url=server.base_url,
            meter=book,
            cache=None,
            clock=SystemClock(),
            stack=stack,
        )
        answer = await model.complete(request(look))

    assert answer.text == "Um recibo."
    assert len(server.requests[0].body["messages"][-1]["content"][1]["image_url"]["url"]) > 4e6
    assert 1000 < book.calls[0].usage.prompt_tokens < 2000
