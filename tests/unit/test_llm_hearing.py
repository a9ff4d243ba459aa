"""Speech to text over the real protocol: second tries, stand-ins, and what it costs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date

import pytest

from chatcrew.clock import SystemClock
from chatcrew.errors import ModelError
from chatcrew.llm import Hearing, open_hearing
from chatcrew.messages import ModelCall, SpeechRequest, Usage
from chatcrew.tenancy import ModelCatalogue, ModelSpec, Price
from chatcrew.testing import FakeModelServer
from chatcrew.testing.files import ogg

MODELS = ModelCatalogue(
    models={
        "whisper-1": ModelSpec(
            "whisper-1",
            id="whisper-1",
            price=Price(date(2026, 11, 1), input=0, output=0, minute=0.006),
            fallback=("backup",),
        ),
        "backup": ModelSpec("backup", id="whisper-large-v3"),
    }
)


class Book:
    """A meter that keeps calls in a list."""

    def __init__(self) -> None:
        self.calls: list[ModelCall] = []

    async def record(self, call: ModelCall) -> None:
        """Keep ``call``."""
        self.calls.append(call)


@pytest.fixture
async def server() -> AsyncIterator[FakeModelServer]:
    """Yield a provider."""
    async with FakeModelServer() as running:
        yield running


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Close what a test opens."""
    async with AsyncExitStack() as made:
        yield made


async def listen(
    server: FakeModelServer, stack: AsyncExitStack, book: Book, *, key: str | None = None
) -> Hearing:
    """Return what hears by ``server``."""
    return await open_hearing(
        api_key=key,
        base_url=server.base_url,
        meter=book,
        clock=SystemClock(),
        stack=stack,
        catalogue=lambda: MODELS,
    )


def speech(**changes: object) -> SpeechRequest:
    """Return a voice note of 30 seconds."""
    given = {"tenant": "shop/acme", "model": "whisper-1", "data": ogg(30.0)}
    given |= {"media_type": "audio/ogg", "language": "pt", "seconds": 30.0, "turn_id": "t1"}
    return SpeechRequest(**{**given, **changes})


async def test_a_recording_is_sent_as_it_is_and_paid_by_the_minute(server, stack) -> None:
    """The provider's own count comes first; the form holds no name of the customer's."""
    server.ears.say(" Olá, bom dia! ").seconds = 60.0
    book = Book()
    hearing = await listen(server, stack, book)

    heard = await hearing.transcribe(speech())
    await stack.aclose()

    assert heard.text == "Olá, bom dia!"
    assert server.ears.heard[0].data == ogg(30.0)
    assert server.ears.heard[0].language == "pt"
    (call,) = book.calls
    assert call.usage == Usage(audio_seconds=60.0)
    assert call.cost == pytest.approx(0.006)
    assert (call.role, call.turn_id) == ("transcription", "t1")


async def test_a_server_that_does_not_count_is_counted_by_the_file_s_header(server, stack) -> None:
    """Half a minute is half the price."""
    server.ears.seconds = None
    book = Book()
    hearing = await listen(server, stack, book)

    await hearing.transcribe(speech())
    await stack.aclose()

    assert book.calls[0].cost == pytest.approx(0.003)


async def test_a_hiccup_is_tried_again_and_a_dead_model_has_its_stand_in(server, stack) -> None:
    """Each call that was sent is a row."""
    server.ears.fail("server_error", times=2)
    book = Book()
    hearing = await listen(server, stack, book)

    await hearing.transcribe(speech())
    await stack.aclose()

    assert [one.model for one in server.ears.heard] == [*["whisper-1"] * 2, "whisper-large-v3"]
    assert [call.error for call in book.calls] == ["unavailable", "unavailable", None]


async def test_a_refused_key_is_told_without_the_key(server, stack) -> None:
    """Neither in the message nor in what travels along with it."""
    server.ears.fail("invalid_api_key", times=9)
    hearing = await listen(server, stack, Book(), key="sk-very-secret")

    with pytest.raises(ModelError) as caught:
        await hearing.transcribe(speech())

    assert caught.value.kind == "invalid_api_key"
    assert "very-secret" not in f"{caught.value!r} {caught.value.__context__!r}"


async def test_without_an_endpoint_nobody_hears(stack) -> None:
    """No row either: nobody was asked."""
    book = Book()
    hearing = await open_hearing(
        api_key=None, base_url=None, meter=book, clock=SystemClock(), stack=stack
    )

    with pytest.raises(ModelError) as caught:
        await hearing.transcribe(speech())

    assert caught.value.kind == "no_model"
    assert book.calls == []


async def test_no_time_left_sends_nothing(server, stack) -> None:
    """A turn that is over pays for nothing."""
    hearing = await listen(server, stack, Book())

    with pytest.raises(ModelError) as caught:
        await hearing.transcribe(speech(budget=0.0))

    assert caught.value.kind == "timeout"
    assert server.ears.heard == []


async def test_who_hears_for_too_long_is_on_the_bill_all_the_same(stack) -> None:
    """Else a limit of money would take a provider that is slow for one that is free (S3-89)."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    book = Book()
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        hearing = await open_hearing(
            api_key="sk-test",
            base_url=f"http://127.0.0.1:{port}/v1",
            meter=book,
            clock=SystemClock(),
            stack=stack,
            catalogue=lambda: MODELS,
        )
        with pytest.raises(ModelError) as caught:
            await hearing.transcribe(speech(budget=0.3))
        await stack.aclose()

    assert caught.value.kind == "timeout"
    assert [(call.error, call.estimated) for call in book.calls] == [("timeout", True)]
    assert book.calls[0].cost == pytest.approx(0.003)


async def test_a_long_recording_is_sent_without_holding_up_the_loop(server, stack) -> None:
    """Ten minutes of Opus are some megabytes."""
    long = ogg(600.0) + bytes(3_000_000)
    hearing = await listen(server, stack, Book())

    await hearing.transcribe(speech(data=long))

    assert server.ears.heard[0].data == long
