"""A chat completion cut into the pieces that OpenAI streams it in."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_WORDS = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+$")
_FRAGMENT = 6
"""Characters of a tool's arguments in one piece; a model writes them token by token as well."""

END = b"data: [DONE]\n\n"


def wanted(body: Mapping[str, Any]) -> bool:
    """Return whether a request asks for a stream."""
    return body.get("stream") is True


def pieces(completion: Mapping[str, Any], *, usage: bool) -> list[bytes]:
    """Return the server-sent events of a completion, the final ``[DONE]`` left out.

    platform.openai.com/docs/api-reference/chat-streaming: the first delta has the role, the last
    is empty and has the finish reason; with ``stream_options.include_usage`` one more piece without
    choices has the usage, which is null in all the others.

    Args:
        completion: the ``chat.completion`` as it would be answered whole.
        usage: the request's ``stream_options.include_usage``.
    """
    head = {name: completion[name] for name in ("id", "created", "model")}
    head["object"] = "chat.completion.chunk"
    extra = {"usage": None} if usage else {}
    chunks: list[dict[str, Any]] = []
    for choice in completion["choices"]:
        deltas = [*_deltas(choice["message"]), {}]
        reasons = [None] * (len(deltas) - 1) + [choice["finish_reason"]]
        for delta, reason in zip(deltas, reasons, strict=True):
            said = {"index": choice["index"], "delta": delta, "finish_reason": reason}
            chunks.append({**head, "choices": [said], **extra})
    if usage:
        chunks.append({**head, "choices": [], "usage": completion["usage"]})
    return [event(chunk) for chunk in chunks]


def event(data: Mapping[str, Any]) -> bytes:
    """Return one server-sent event."""
    return b"data: " + json.dumps(data, separators=(",", ":")).encode() + b"\n\n"


def _deltas(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    calls: Sequence[Mapping[str, Any]] = message.get("tool_calls") or ()
    content = message.get("content")
    opening = {"role": message["role"], "content": None if content is None else ""}
    yield opening
    for word in _WORDS.findall(content or ""):
        yield {"content": word}
    for index, call in enumerate(calls):
        function = call["function"]
        begun = {"name": function["name"], "arguments": ""}
        yield {"tool_calls": [{"index": index, **call, "function": begun}]}
        written = function["arguments"]
        for at in range(0, len(written), _FRAGMENT):
            part = {"arguments": written[at : at + _FRAGMENT]}
            yield {"tool_calls": [{"index": index, "function": part}]}
