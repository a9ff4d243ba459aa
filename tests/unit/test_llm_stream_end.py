"""When a streamed answer is over: servers that never say so, and those that say so early."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatcrew.errors import ModelUnavailable
from chatcrew.llm._stream import read_stream
from chatcrew.messages import ModelAnswer, Usage

USAGE = {"prompt_tokens": 9, "completion_tokens": 4}
FOR_EVER = 3600.0
WORD = {"content": "Olá"}


def event(data: Any) -> bytes:
    """Return one event."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def piece(delta: dict[str, Any], reason: str | None = None) -> bytes:
    """Return one chunk of the answer as an event."""
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})


COUNT = event({"choices": [], "usage": USAGE})


async def sent(*chunks: bytes | float) -> AsyncIterator[bytes]:
    """Send ``chunks``, resting as many seconds as the numbers among them say."""
    for chunk in chunks:
        if isinstance(chunk, bytes):
            yield chunk
        else:
            await asyncio.sleep(chunk)


async def read(*chunks: bytes | float) -> ModelAnswer:
    """Return what is read of them, within two seconds."""
    async with asyncio.timeout(2):
        return await read_stream(sent(*chunks))


@pytest.mark.parametrize(
    ("after", "usage"),
    [
        ((FOR_EVER,), Usage()),
        ((0.05, COUNT, FOR_EVER), Usage(9, 4)),
        ((b'data: {"choices": [], "usa', FOR_EVER), Usage()),
        ((*[0.1, b": still here\n\n"] * 30,), Usage()),
    ],
    ids=["nothing", "usage", "half a count", "comments"],
)
async def test_a_whole_answer_is_not_kept_back_by_a_connection_that_stays_open(
    after: tuple[bytes | float, ...], usage: Usage
) -> None:
    """The model has finished; nobody waits out the deadline for ``[DONE]`` (N5)."""
    answer = await read(piece(WORD), piece({}, "stop"), *after)

    assert (answer.text, answer.finish_reason, answer.usage) == ("Olá", "stop", usage)


async def test_a_count_that_comes_a_little_late_is_still_read() -> None:
    """What is on the bill is worth a third of a second."""
    answer = await read(piece(WORD), piece({}, "stop"), 0.3, COUNT, b"data: [DONE]\n\n")

    assert answer.usage == Usage(9, 4)


async def test_words_after_the_reason_are_words() -> None:
    """A server may finish each tool call by itself: each piece gives the next one its time."""
    answer = await read(
        piece(WORD),
        piece({"content": ", "}, "stop"),
        0.3,
        piece({}, "stop"),
        0.3,
        piece(WORD),
        COUNT,
    )

    assert answer.text == "Olá, Olá"


async def test_a_reason_in_every_piece_is_no_end() -> None:
    """A server that writes one into all of them may rest between two words."""
    answer = await read(piece(WORD, "stop"), 0.7, piece(WORD, "stop"))

    assert answer.text == "OláOlá"


async def test_a_server_that_rests_before_it_has_finished_is_waited_for() -> None:
    """Only the caller's deadline ends that."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.8):
            await read_stream(sent(piece(WORD), FOR_EVER))
    with pytest.raises(ModelUnavailable):
        await read(piece(WORD))
