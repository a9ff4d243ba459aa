"""The OpenAI chat API as bytes: write a request, read an answer, without any I/O.

Reading is tolerant: servers that only resemble OpenAI leave out ids, usage and finish reasons.
"""

import json
from collections.abc import Mapping
from typing import Any

import orjson

from chatcrew.errors import ModelUnavailable
from chatcrew.llm._dialect import Dialect
from chatcrew.llm._faults import Fault, from_fault
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall, Usage, clean_json, clean_text

# Servers behind the API that give the reasons of their own (Mistral, Gemini, Claude).
_REASONS = {
    **dict.fromkeys(("max_tokens", "model_length"), "length"),
    **dict.fromkeys(("safety", "recitation", "refusal"), "content_filter"),
}


def write_request(request: ModelRequest, *, dialect: Dialect) -> bytes:
    """Return the body of ``POST /chat/completions``; who gives ``begun`` has it streamed."""
    body: dict[str, Any] = {"model": request.model, "messages": list(request.messages)}
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                },
            }
            for tool in request.tools
        ]
    if request.temperature is not None and dialect.temperature:
        body["temperature"] = request.temperature
    if request.max_tokens is not None:
        body[dialect.max_tokens] = request.max_tokens
    if request.response_format is not None:
        body["response_format"] = request.response_format
    if request.begun is not None and dialect.stream:
        body["stream"] = True
        if dialect.stream_options:
            body["stream_options"] = {"include_usage": True}
    try:
        return orjson.dumps(body, default=_mapping)
    except orjson.JSONEncodeError:
        # a lone surrogate has no UTF-8 form; whoever built the message did not clean it
        return orjson.dumps(clean_json(json.loads(json.dumps(body, default=_mapping))))


def read_answer(body: bytes) -> ModelAnswer:
    """Read the answer of ``POST /chat/completions``.

    Raises:
        ModelError: the body says that the call failed (some servers do so under status 200), or
            is no answer at all.
    """
    data = decoded(body)
    if data is None:
        raise no_answer("the answer is not JSON")
    return read_answer_data(data)


def read_answer_data(data: Any) -> ModelAnswer:
    """Read a decoded answer.

    Raises:
        ModelError: it says that the call failed, or is no answer at all.
    """
    if isinstance(data, dict) and is_fault(data):
        raise from_fault(Fault.read(None, data))
    choice = _first(data.get("choices")) if isinstance(data, dict) else None
    if choice is None:
        raise no_answer("the answer has no choices")
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    calls = _calls(message)
    refusal = message.get("refusal")
    said = _text(choice.get("finish_reason")) or "stop"
    reason = _REASONS.get(said.lower(), said)
    if calls and reason in {"stop", "function_call"}:
        reason = "tool_calls"
    if isinstance(refusal, str) and refusal:
        reason = "content_filter"
    return ModelAnswer(
        text=clean_text(content_text(message.get("content")) or _text(refusal)),
        tool_calls=calls,
        usage=read_usage(data.get("usage")),
        model=clean_text(_text(data.get("model"))),
        finish_reason=reason,
    )


def no_answer(why: str) -> ModelUnavailable:
    """Return the error of something that came and is no answer: it may be billed like one."""
    return ModelUnavailable(why, kind="unavailable", retryable=True, maybe_done=True)


def is_fault(data: Mapping[str, Any]) -> bool:
    """Return whether an answer or a chunk under status 200 tells of a fault instead.

    OpenRouter and llama.cpp put it under ``error``; older vLLM writes ``object: error``.
    """
    told = bool(data.get("error")) or data.get("object") == "error"
    return told and not data.get("choices")


def _mapping(value: object) -> Any:
    """Let orjson write any ``Mapping`` or tuple, which values inside the house may be."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def decoded(body: bytes) -> Any:
    """Return the decoded body, or None where it is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(body)  # takes lone surrogates and NaN, which orjson does not
    except (ValueError, RecursionError):
        return None


def _first(choices: object) -> dict[str, Any] | None:
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def content_text(content: object) -> str:
    """Return plain text of a string or of a list of content parts."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return _text(content)


def arguments_text(arguments: object) -> str:
    """Return a call's arguments as JSON text; Ollama's own API and some proxies send an object."""
    if not isinstance(arguments, dict):
        return _text(arguments)
    try:
        return orjson.dumps(arguments).decode()
    except orjson.JSONEncodeError:
        return json.dumps(arguments)  # numbers beyond 64 bits, lone surrogates


def _calls(message: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    listed = message.get("tool_calls")
    calls = listed if isinstance(listed, list) else []
    if not calls and isinstance(message.get("function_call"), dict):
        calls = [{"function": message["function_call"]}]
    found: list[ToolCall] = []
    for number, call in enumerate(calls):
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not _text(function.get("name")):
            continue
        arguments = function.get("arguments")
        found.append(
            ToolCall(
                id=_text(call.get("id")) or f"call_{number}",
                name=clean_text(function["name"]),
                arguments=clean_text(arguments_text(arguments)) or "{}",
            )
        )
    return tuple(found)


def read_usage(usage: object) -> Usage:
    """Return the tokens of an answer's ``usage``; a transcript calls them input and output."""
    if not isinstance(usage, dict):
        return Usage()
    details = usage.get("prompt_tokens_details")
    details = details if isinstance(details, dict) else {}
    return Usage(
        prompt_tokens=_count(usage.get("prompt_tokens")) or _count(usage.get("input_tokens")),
        completion_tokens=_count(usage.get("completion_tokens"))
        or _count(usage.get("output_tokens")),
        # the second name is DeepSeek's
        cached_tokens=_count(details.get("cached_tokens"))
        or _count(usage.get("prompt_cache_hit_tokens")),
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
