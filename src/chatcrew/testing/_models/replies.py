"""What ``FakeModelServer`` answers: completions, tool calls, errors in the providers' shapes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from chatcrew.testing._models.scripted import last_user_text

# Error answers in the providers' own shapes: status, type, code, param, message.
# platform.openai.com/docs/guides/error-codes; the last three are vLLM's and Azure's.
FAILURES: Mapping[str, tuple[int, str | None, str | None, str | None, str]] = {
    "rate_limit": (429, "requests", "rate_limit_exceeded", None, "Rate limit reached"),
    "insufficient_quota": (
        429,
        "insufficient_quota",
        "insufficient_quota",
        None,
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "invalid_api_key": (
        401,
        "invalid_request_error",
        "invalid_api_key",
        None,
        "Incorrect API key provided: {key}. You can find your API key at the dashboard.",
    ),
    "context_length": (
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "messages",
        "This model's maximum context length is 128000 tokens.",
    ),
    "server_error": (500, "server_error", None, None, "The server had an error"),
    "overloaded": (503, "server_error", None, None, "The engine is overloaded"),
    "model_not_found": (
        404,
        "invalid_request_error",
        "model_not_found",
        None,
        "The model does not exist",
    ),
    "unsupported_max_tokens": (
        400,
        "invalid_request_error",
        "unsupported_parameter",
        "max_tokens",
        "Use 'max_completion_tokens' instead.",
    ),
    "unsupported_temperature": (
        400,
        "invalid_request_error",
        "unsupported_value",
        "temperature",
        "Only the default (1) value is supported.",
    ),
    "context_length_vllm": (
        400,
        "BadRequestError",
        None,
        None,
        "This model's maximum context length is 4096 tokens. However, you requested 5000.",
    ),
    "content_filter": (
        400,
        None,
        "content_filter",
        "prompt",
        "The response was filtered due to the prompt triggering content management policy.",
    ),
}

_SEARCH = "search_knowledge"
_QUERY = 200
"""Characters of the customer's words that are searched for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the server.

    Attributes:
        status: HTTP status.
        body: JSON as it is sent; a streaming client gets a completion in pieces.
        headers: beside the content type.
        hang: nothing more comes.
        drop: the connection is cut.
        after: pieces of a stream before either.
        whole: sent as it is, also to a client that wants a stream.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    drop: bool = False
    after: int = 0
    whole: bool = False

    @property
    def streams(self) -> bool:
        """Whether it can be streamed: errors are answered whole."""
        return self.status == HTTPStatus.OK and not self.whole


def failure(what: str, headers: Mapping[str, str]) -> Reply:
    """Return one of ``FAILURES``."""
    status, kind, code, param, message = FAILURES[what]
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return Reply(status, json.dumps(body).encode(), headers)


def completion(
    message: Mapping[str, Any],
    *,
    usage: Mapping[str, Any] | None = None,
    hang: bool = False,
    drop: bool = False,
    after: int = 0,
    **choice: Any,
) -> Reply:
    """Return a chat completion; ``choice`` overrides fields of its only choice."""
    body = {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_770_000_000,
        "model": "fake",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", **message},
                "finish_reason": "stop",
                **choice,
            }
        ],
        "usage": usage
        or {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "total_tokens": 15,
            "prompt_tokens_details": {"cached_tokens": 4},
        },
    }
    return Reply(body=json.dumps(body).encode(), hang=hang, drop=drop, after=after)


def tool_call(name: str, arguments: Mapping[str, Any] | str) -> Reply:
    """Return a completion that is one tool call."""
    written = arguments if isinstance(arguments, str) else json.dumps(dict(arguments))
    call = {
        "id": "call_fake",
        "type": "function",
        "function": {"name": name, "arguments": written},
    }
    return completion({"content": None, "tool_calls": [call]}, finish_reason="tool_calls")


def search_call(body: Mapping[str, Any]) -> Reply | None:
    """Return a search for the customer's words.

    None if the request does not offer the tool, or has a tool's result already.
    """
    offered = {tool["function"]["name"] for tool in body.get("tools") or ()}
    if _SEARCH not in offered or any(one["role"] == "tool" for one in body["messages"]):
        return None
    return tool_call(_SEARCH, {"query": last_user_text(body["messages"])[-_QUERY:]})
