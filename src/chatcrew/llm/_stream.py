"""An answer that comes in pieces: put together again, as if it had come at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from chatcrew.llm._faults import Fault, from_fault
from chatcrew.llm._sse import EventReader
from chatcrew.llm._wire import (
    arguments_text,
    content_text,
    decoded,
    is_fault,
    no_answer,
    read_answer_data,
)
from chatcrew.messages import ModelAnswer

_DONE = b"[DONE]"
# A connection that is read to its end can be used again; the end comes with the last event.
_LINGER = 0.1
# Where the model has finished, all that may still come is its usage and the server's last word,
# which some servers never send, on a connection they keep open.
_AFTERWORD = 0.5


async def read_stream(
    chunks: AsyncIterator[bytes], *, begun: Callable[[], None] | None = None
) -> ModelAnswer:
    """Read the answer of a streamed ``POST /chat/completions``.

    Args:
        chunks: the body, cut anywhere.
        begun: called once, at the first word or tool call.

    Raises:
        ModelError: the stream says that the call failed, was cut off, or holds no answer.
    """
    events, whole = EventReader(), StreamedAnswer()
    told = begun is None

    def take(found: Iterable[bytes]) -> None:
        nonlocal told
        for data in found:
            whole.add(data)
            if whole.begun and not told and begun is not None:
                told = True
                begun()

    source = aiter(chunks)
    until: float | None = None
    sign, cut = whole.sign, False
    while True:
        try:
            async with asyncio.timeout_at(until):
                chunk = await anext(source)
        except StopAsyncIteration:
            break
        except TimeoutError:
            if until is None:
                raise
            cut = True
            break
        take(events.feed(chunk))
        if whole.sign != sign:
            sign = whole.sign
            until = None if sign.wait is None else _now() + sign.wait
    if not cut:  # else half an event is what has not come yet
        take(events.end())
    return whole.answer()


def _now() -> float:
    return asyncio.get_running_loop().time()


class Sign(NamedTuple):
    """How near a stream is to its end.

    Attributes:
        choices: how many pieces of the answer have come.
        wait: most seconds to wait for what may still come after them, or None: for words.
    """

    choices: int
    wait: float | None


@dataclass(slots=True)
class _Call:
    """One tool call as far as it has come."""

    id: str = ""
    name: str = ""
    arguments: str = ""


class StreamedAnswer:
    """Collects the chunks of one answer.

    Attributes:
        begun: whether a word or a tool call has come.
        done: whether the server said that this was all.
    """

    def __init__(self) -> None:
        self.begun = False
        self.done = False
        self._texts: list[str] = []
        self._refusals: list[str] = []
        self._calls: list[_Call] = []
        self._places: dict[object, int] = {}
        self._reason: str | None = None
        self._usage: object = None
        self._model: str = ""
        self._broken = False
        self._choices = 0
        self._open = False
        self._finished = False
        self._counted = False

    @property
    def sign(self) -> Sign:
        """How near the end is: another value each time the wait for it begins anew."""
        if self.done or self._counted:
            return Sign(self._choices, _LINGER)
        return Sign(self._choices, _AFTERWORD if self._finished else None)

    def add(self, data: bytes) -> None:
        """Take the data of one event.

        Raises:
            ModelError: it tells of a fault.
        """
        if self.done:
            return
        if data.strip() == _DONE:
            self.done = True
            return
        chunk = decoded(data)
        if not isinstance(chunk, dict):
            self._broken = True  # half a chunk is what a cut leaves behind
            return
        choices = chunk.get("choices")
        if is_fault(chunk):
            raise from_fault(Fault.read(None, chunk))
        if isinstance(chunk.get("model"), str):
            self._model = self._model or chunk["model"]
        # vLLM can send it in every chunk, Groq under its own name; the last one counts
        usage = chunk.get("usage") or _below(chunk.get("x_groq"), "usage")
        self._usage = usage or self._usage
        self._counted = self._finished and bool(usage) and not choices
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and choice.get("index") in {0, None}:
                self._choose(choice)

    def answer(self) -> ModelAnswer:
        """Return the whole answer.

        Raises:
            ModelError: the stream ended before the answer did.
        """
        if self._broken or not (self.done or self._reason):
            raise no_answer("the answer was cut off")
        if not self._choices:
            raise no_answer("the answer has no choices")
        message = {
            "content": "".join(self._texts),
            "refusal": "".join(self._refusals),
            "tool_calls": [
                {"id": call.id, "function": {"name": call.name, "arguments": call.arguments}}
                for call in self._calls
            ],
        }
        choice = {"message": message, "finish_reason": self._reason}
        whole = {"choices": [choice], "usage": self._usage, "model": self._model}
        return read_answer_data(whole)

    def _choose(self, choice: dict[str, Any]) -> None:
        self._choices += 1
        reason = choice.get("finish_reason")
        named = isinstance(reason, str) and bool(reason)
        if named:
            self._reason = reason
        # a server that names one in every chunk has not finished yet
        self._open = self._open or not named
        self._finished = named and self._open
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            return
        text, refusal = content_text(delta.get("content")), content_text(delta.get("refusal"))
        self._texts.append(text)
        self._refusals.append(refusal)
        calls = delta.get("tool_calls")
        calls = calls if isinstance(calls, list) else []
        if not calls and isinstance(delta.get("function_call"), dict):
            calls = [{"index": 0, "function": delta["function_call"]}]
        for call in calls:
            if isinstance(call, dict):
                self._call(call)
        self.begun = self.begun or bool(text or refusal or self._calls)

    def _call(self, fragment: dict[str, Any]) -> None:
        """Add a fragment to the call it belongs to."""
        id_ = content_text(fragment.get("id"))
        function = fragment.get("function")
        function = function if isinstance(function, dict) else {}
        name, arguments = content_text(function.get("name")), function.get("arguments")
        call = self._at(fragment.get("index"), id_, name)
        call.id = call.id or id_
        call.name = call.name or name
        call.arguments += arguments_text(arguments)

    def _at(self, index: object, id_: str, name: str) -> _Call:
        """Return the call that a fragment continues, or a new one.

        Servers that send each call whole leave the index out, or give every call the same (Ollama,
        Gemini's endpoint): another id, or a name after whole arguments, tells them apart.
        """
        key = index if isinstance(index, int) else None
        place = self._places.get(key)
        if place is None or _is_another(self._calls[place], id_, name):
            place = self._places[key] = len(self._calls)
            self._calls.append(_Call())
        return self._calls[place]


def _is_another(known: _Call, id_: str, name: str) -> bool:
    if id_ and known.id:
        return id_ != known.id
    if not (name and known.name):
        return False
    return isinstance(decoded(known.arguments.encode(errors="replace")), dict)


def _below(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None
