"""The texts of an OpenAI-shaped message, wherever in it they stand."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import orjson

# A number of so many digits may be a document that a model wrote without quotes.
_FEWEST_DIGITS = 8


class Visit(Protocol):
    """Who looks at each text."""

    def __call__(self, text: str, *, ours: bool) -> str:
        """Return what takes the place of ``text``; ``ours``: a model or a tool wrote it."""
        ...


def walk(message: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    """Return ``message`` with every text in it visited, always in the same order.

    Texts are the content, the text parts of a content with pictures, and every text inside the
    arguments of tool calls.
    """
    seen = dict(message)
    by_tool = message.get("role") == "tool"
    content = message.get("content")
    if isinstance(content, str):
        seen["content"] = visit(content, ours=by_tool)
    elif isinstance(content, list | tuple):
        seen["content"] = [_part(part, visit, by_tool=by_tool) for part in content]
    if message.get("tool_calls"):
        seen["tool_calls"] = [_call(call, visit) for call in message["tool_calls"]]
    return seen


def walk_json(value: Any, visit: Callable[[str], str]) -> Any:
    """Return a JSON value with every text, and every number as long as a document, visited."""
    if isinstance(value, str):
        return visit(value)
    if isinstance(value, dict):
        return {key: walk_json(one, visit) for key, one in value.items()}
    if isinstance(value, list):
        return [walk_json(one, visit) for one in value]
    if isinstance(value, int) and len(str(value)) >= _FEWEST_DIGITS:
        told = visit(str(value))
        return value if told == str(value) else told
    return value


def _part(part: Any, visit: Visit, *, by_tool: bool) -> Any:
    if isinstance(part, str):
        return visit(part, ours=by_tool)
    if isinstance(part, Mapping) and isinstance(part.get("text"), str):
        return {**part, "text": visit(part["text"], ours=by_tool)}
    return part


def _call(call: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    function = call.get("function") or {}
    written = function.get("arguments")
    if not isinstance(written, str):
        return dict(call)
    return {**call, "function": {**function, "arguments": _arguments(written, visit)}}


def _arguments(written: str, visit: Visit) -> str:
    try:
        given = orjson.loads(written)
    except orjson.JSONDecodeError:
        return visit(written, ours=True)
    put = walk_json(given, lambda text: visit(text, ours=True))
    return written if put == given else orjson.dumps(put).decode()
