"""A streamed answer is the same answer, wherever the stream is cut and whatever it looks like."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.errors import ModelError, ModelUnavailable
from chatcrew.llm._sse import EventReader
from chatcrew.llm._stream import read_stream
from chatcrew.llm._wire import read_answer
from chatcrew.messages import ModelAnswer

TEXT = st.text(max_size=12)
CALLS = st.lists(
    st.tuples(
        st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
        st.dictionaries(TEXT, TEXT | st.integers(), max_size=2),
    ),
    max_size=3,
)
USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 3}}
LINE_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


def cut(raw: bytes, places: list[int]) -> list[bytes]:
    """Return ``raw`` in pieces, cut at ``places`` of its length."""
    ends = sorted({place % (len(raw) + 1) for place in places})
    starts = [0, *ends]
    return [raw[start:end] for start, end in zip(starts, [*ends, len(raw)], strict=True)]


async def chunks(pieces: list[bytes]) -> AsyncIterator[bytes]:
    """Give the pieces one by one."""
    for piece in pieces:
        yield piece


def pieces_of(text: str, size: int) -> list[str]:
    """Return ``text`` in fragments of ``size`` characters."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def streamed(text: str, calls: list[tuple[str, dict[str, Any]]], *, size: int) -> list[Any]:
    """Return the chunks in which OpenAI sends an answer."""
    reason = "tool_calls" if calls else "stop"
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": part} for part in pieces_of(text, size)]
    for index, (name, arguments) in enumerate(calls):
        head = {"index": index, "id": f"c{index}", "type": "function"}
        deltas.append({"tool_calls": [{**head, "function": {"name": name, "arguments": ""}}]})
        for part in pieces_of(json.dumps(arguments), size):
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
    rows = [
        {"model": "m-1", "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    rows.append({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    rows.append({"choices": [], "usage": USAGE})
    return rows


def encoded(rows: list[Any], *, line_end: bytes, chatter: bool, done: bool = True) -> bytes:
    """Return the rows as events; ``chatter`` adds what a reader has to pass over."""
    events: list[bytes] = []
    for row in rows:
        if chatter:
            events += [b": keep-alive", b"", b"event: message", b"id: 7", b"retry: 100"]
            # one event over several lines of data (WHATWG HTML 9.2.6)
            events += [b"data: " + line for line in json.dumps(row, indent=1).encode().split(b"\n")]
        else:
            events.append(b"data:" + json.dumps(row).encode())
        events.append(b"")
    if done:
        events += [b"data: [DONE]", b""]
    return line_end.join([*events, b""])


@given(
    text=TEXT,
    calls=CALLS,
    size=st.integers(1, 5),
    line_end=LINE_ENDS,
    chatter=st.booleans(),
    places=st.lists(st.integers(0, 5000), max_size=12),
)
async def test_a_stream_cut_anywhere_is_the_answer_sent_at_once(
    text: str,
    calls: list[tuple[str, dict[str, Any]]],
    size: int,
    line_end: bytes,
    chatter: bool,
    places: list[int],
) -> None:
    """Cuts at any byte, CR, LF or both, comments and events of many lines change nothing."""
    raw = encoded(streamed(text, calls, size=size), line_end=line_end, chatter=chatter)
    at_once = {
        "model": "m-1",
        "choices": [
            {
                "message": {
                    "content": text,
                    "tool_calls": [
                        {"id": f"c{n}", "function": {"name": name, "arguments": json.dumps(args)}}
                        for n, (name, args) in enumerate(calls)
                    ],
                },
                "finish_reason": "tool_calls" if calls else "stop",
            }
        ],
        "usage": USAGE,
    }
    told: list[int] = []

    answer = await read_stream(chunks(cut(raw, places)), begun=lambda: told.append(1))

    assert answer == read_answer(json.dumps(at_once).encode())
    assert len(told) == (1 if text or calls else 0)


@given(raw=st.binary(max_size=120), places=st.lists(st.integers(0, 200), max_size=8))
def test_where_a_stream_is_cut_never_matters(raw: bytes, places: list[int]) -> None:
    """Any bytes at all give the same events whole and in pieces."""
    whole, parts = EventReader(), EventReader()

    at_once = [*whole.feed(raw), *whole.end()]
    in_pieces = [data for piece in cut(raw, places) for data in parts.feed(piece)]

    assert [*in_pieces, *parts.end()] == at_once


@given(rows=st.lists(st.binary(max_size=60) | st.just(b'{"choices": [{"delta": 1}]}'), max_size=6))
async def test_any_stream_is_an_answer_or_a_model_error(rows: list[bytes]) -> None:
    """Whatever a server sends as events, nothing else is raised."""
    raw = b"".join(b"data: " + row + b"\n\n" for row in rows)
    try:
        answer = await read_stream(chunks([raw]))
    except ModelError:
        return

    assert isinstance(answer, ModelAnswer)


@given(
    text=st.text(min_size=3, max_size=20),
    calls=CALLS,
    line_end=LINE_ENDS,
    end=st.integers(0, 10_000),
)
async def test_a_stream_that_breaks_off_is_never_taken_for_a_whole_answer(
    text: str, calls: list[tuple[str, dict[str, Any]]], line_end: bytes, end: int
) -> None:
    """Cut before the model said that it had finished: an error that may be retried."""
    rows = streamed(text, calls, size=2)[:-2]
    raw = encoded(rows, line_end=line_end, chatter=False, done=False)

    with pytest.raises(ModelUnavailable) as caught:
        await read_stream(chunks([raw[: end % (len(raw) + 1)]]))

    assert (caught.value.kind, caught.value.retryable) == ("unavailable", True)
