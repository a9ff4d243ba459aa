"""Whatever a server answers is an answer or an error of ours, and never carries a secret on."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.errors import ModelError
from chatcrew.llm._dialect import Dialect
from chatcrew.llm._faults import Fault, from_fault
from chatcrew.llm._wire import read_answer, write_request
from chatcrew.messages import ModelAnswer, ModelRequest, ToolSpec, clean_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
# The fields a reader looks at, each with something sensible or with anything at all.
FUNCTION = st.fixed_dictionaries({}, optional={"name": st.text() | JSON, "arguments": JSON})
CALL = JSON | st.fixed_dictionaries({}, optional={"id": JSON, "function": FUNCTION | JSON})
PART = JSON | st.fixed_dictionaries({}, optional={"type": st.just("text"), "text": JSON})
MESSAGE = JSON | st.fixed_dictionaries(
    {},
    optional={
        "content": JSON | st.text() | st.lists(PART, max_size=3),
        "tool_calls": JSON | st.lists(CALL, max_size=3),
        "function_call": FUNCTION,
        "refusal": JSON,
    },
)
CHOICE = JSON | st.fixed_dictionaries({}, optional={"message": MESSAGE, "finish_reason": JSON})
USAGE = JSON | st.fixed_dictionaries(
    {}, optional={"prompt_tokens": JSON, "completion_tokens": JSON, "prompt_tokens_details": JSON}
)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "choices": JSON | st.lists(CHOICE, max_size=2),
        "usage": USAGE,
        "model": JSON,
        "error": JSON,
    },
)


def encoded(body: Any) -> bytes:
    """Return ``body`` as a sloppy server writes it, with NaN and surrogates."""
    import json  # noqa: PLC0415 - the strict one is imported above

    return json.dumps(body).encode()


@given(body=BODY)
def test_any_json_is_an_answer_or_a_model_error(body: dict[str, Any]) -> None:
    """Fields may be missing or of any type; what comes out has the right types."""
    try:
        answer = read_answer(encoded(body))
    except ModelError:
        return

    assert isinstance(answer, ModelAnswer)
    assert isinstance(answer.text, str)
    answer.text.encode()
    assert all(
        isinstance(part, str) and part
        for call in answer.tool_calls
        for part in (call.id, call.name)
    )
    counts = (
        answer.usage.prompt_tokens,
        answer.usage.completion_tokens,
        answer.usage.cached_tokens,
    )
    assert all(type(count) is int and count >= 0 for count in counts)
    assert answer.finish_reason


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_a_model_error(raw: bytes) -> None:
    """A proxy may answer anything at all."""
    try:
        read_answer(raw)
    except ModelError:
        return


@given(
    status=st.none() | st.integers(300, 599),
    body=JSON | st.fixed_dictionaries({"error": JSON}),
    secret=st.from_regex(
        r"(sk-|sk-proj-|gsk_|)([A-Za-z]{25,48}|[A-Za-z0-9]{25,48})", fullmatch=True
    ),
    field=st.sampled_from(["message", "code", "type", "param"]),
    headers=st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms"]), st.text()),
)
def test_any_fault_is_a_model_error_without_the_secret(
    status: int | None, body: Any, secret: str, field: str, headers: dict[str, str]
) -> None:
    """Even where a server puts the key into a field of its own choice, it stays there."""
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body = {"error": {**body["error"], field: secret}}
    for shape in (body, {"error": {field: secret}}, {field: secret}, secret):
        error = from_fault(Fault.read(status, shape, headers=headers))

        assert isinstance(error, ModelError)
        assert secret not in f"{error} {error!r} {error.__dict__}"
        assert error.retry_after is None or error.retry_after >= 0


@given(
    text=st.text(st.characters()),
    parameters=st.dictionaries(st.text(), st.text() | st.integers(), max_size=3),
)
def test_any_text_can_be_sent(text: str, parameters: dict[str, Any]) -> None:
    """Customers write anything; the request is always valid UTF-8 JSON."""
    request = ModelRequest(
        "t", "m", [{"role": "user", "content": text}], tools=[ToolSpec("a", text, parameters)]
    )

    sent = orjson.loads(write_request(request, dialect=Dialect()))

    assert sent["messages"][0]["content"] in {text, clean_text(text)}
