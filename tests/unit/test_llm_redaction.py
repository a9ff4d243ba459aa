"""Neither a key nor what a customer wrote leaves the gateway in errors, logs or rows (S3-64)."""

import json
import traceback
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

import chatcrew.llm.guarded  # noqa: F401 - loaded before the loop runs: the library is slow to import
from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.clock import SystemClock
from chatcrew.errors import ModelError
from chatcrew.llm import OpenAIModel, open_gateway
from chatcrew.messages import ModelCall, ModelRequest
from chatcrew.tenancy import ModelCatalogue, ModelSpec, Provider, Secret
from chatcrew.testing import FakeModelServer

KEY = "sk-proj-CANARY0secret0canary99"
SPARE_KEY = "sk-spare-CANARY1secret1canary99"
WISH = "canary wish of a customer"
PASSWORD = "canary-password"
CANARIES = (KEY, SPARE_KEY, WISH, PASSWORD)
# what a careless server says: everything it was sent
QUOTE = f"{{key}} {SPARE_KEY} {WISH}"

Fault = Callable[[FakeModelServer], object]


def answers(status: int, body: object) -> Fault:
    """Return who makes a server answer so."""
    raw = body if isinstance(body, str) else json.dumps(body)
    return lambda server: server.answer(raw.encode(), status=status)


FAULTS: dict[str, Fault] = {
    "wrong key": answers(401, {"error": {"message": QUOTE, "code": "invalid_api_key"}}),
    "key as code": answers(400, {"error": {"message": QUOTE, "code": KEY, "type": KEY}}),
    "key as param": answers(400, {"error": {"message": QUOTE, "param": SPARE_KEY}}),
    "busy": answers(429, {"error": {"message": QUOTE, "type": "requests"}}),
    "broken": answers(500, {"error": {"message": QUOTE}}),
    "text": answers(502, f"<html>{QUOTE}</html>"),
    "word": answers(503, {"error": QUOTE}),
    "validation": answers(422, {"detail": [{"loc": ["body", WISH], "msg": QUOTE, "type": WISH}]}),
    "under 200": answers(200, {"error": {"message": QUOTE, "code": 429}}),
    "no JSON": answers(200, QUOTE),
    "no choices": answers(200, {"choices": [], "note": QUOTE}),
    "filtered": answers(400, {"error": {"message": QUOTE, "code": "content_filter"}}),
    "too long": answers(400, {"error": {"message": f"maximum context length {QUOTE}"}}),
    "refused stream": answers(400, {"error": {"message": f"stream {QUOTE}"}}),
    "dropped": FakeModelServer.drop,
    "dropped in a stream": lambda server: server.drop(text=WISH, after=1),
    "hangs": FakeModelServer.hang,
}


class Book:
    """A meter that keeps rows, and an observer that keeps states."""

    def __init__(self) -> None:
        self.kept: list[object] = []

    async def record(self, call: ModelCall) -> None:
        """Keep a row."""
        self.kept.append(call)

    def breaker(self, model: str, state: str) -> None:
        """Keep a state."""
        self.kept.append((model, state))


def shown(error: BaseException) -> str:
    """Return everything anybody could print of an error, its causes included."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        parts += [str(seen), repr(seen), repr(seen.args), repr(seen.__dict__)]
        seen = seen.__cause__ or seen.__context__
    parts += traceback.TracebackException.from_exception(error).format()
    return " ".join(parts)


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("name", FAULTS)
async def test_no_canary_leaves_the_whole_gateway(
    name: str, streamed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Through every wrapper, with two providers that quote what they were sent, until both rest."""
    clock, book = SystemClock(), Book()
    async with FakeModelServer() as main, FakeModelServer() as spare, AsyncExitStack() as stack:
        catalogue = ModelCatalogue(
            providers={"spare": Provider("spare", spare.base_url, Secret("env:SPARE"))},
            models={
                "m": ModelSpec("m", id="m", fallback=("s",)),
                "s": ModelSpec("s", provider="spare", id="m"),
            },
        )

        async def read(_: Secret) -> bytes:
            return SPARE_KEY.encode()

        model = await open_gateway(
            api_key=KEY,
            base_url=main.base_url,
            meter=book,
            cache=LayeredCache([MemoryStore(clock)], clock=clock),
            clock=clock,
            stack=stack,
            catalogue=lambda: catalogue,
            read_secret=read,
            observer=book,
        )
        errors = []
        for _ in range(3):
            for server in (main, spare):
                for _ in range(4):
                    FAULTS[name](server)
            request = ModelRequest(
                "health/acme",
                "m",
                [{"role": "user", "content": WISH}],
                temperature=0.2,
                budget=0.6,
                begun=(lambda: None) if streamed else None,
            )
            with pytest.raises(ModelError) as caught:
                await model.complete(request)
            errors.append(shown(caught.value))

    everything = " ".join([*errors, repr(book.kept), repr(model), *capsys.readouterr()])
    assert [canary for canary in CANARIES if canary in everything] == []
    rows = [row for row in book.kept if isinstance(row, ModelCall)]
    sent = [row for row in rows if row.error != "breaker_open"]
    # fewer than requests where a provider is asked again in the way it understands
    assert 3 <= len(sent) <= len(main.requests) + len(spare.requests)


async def test_an_address_with_a_password_is_never_shown(unused_tcp_port: int) -> None:
    """Where somebody writes one into ``OPENAI_BASE_URL``: not in errors, not in ``repr``."""
    url = f"http://user:{PASSWORD}@127.0.0.1:{unused_tcp_port}/v1"
    model = OpenAIModel(api_key=KEY, base_url=url, clock=SystemClock())

    with pytest.raises(ModelError) as caught:
        await model.complete(ModelRequest("t", "m", [{"role": "user", "content": WISH}]))
    await model.aclose()

    everything = f"{shown(caught.value)} {model!r}"
    assert [canary for canary in CANARIES if canary in everything] == []
