"""Whatever a model writes as a value, a tool's request keeps the shape its admin gave it."""

import json
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.egress import checked_url, origin
from chatcrew.errors import EgressRefused
from chatcrew.tools._outside._shown import fenced, pruned, shown
from chatcrew.tools._outside._templates import Unfit, fill_body, fill_headers, fill_url

VALUES = st.text(max_size=40) | st.integers() | st.booleans()
UTF8 = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | UTF8,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(UTF8, inner, max_size=4),
    max_leaves=12,
)


@given(UTF8 | st.integers() | st.booleans(), UTF8)
def test_an_address_keeps_host_segments_and_keys(value: object, other: str) -> None:
    """No value adds a segment, a key or a fragment, and the host is the admin's."""
    try:
        url = fill_url(
            "https://api.example:8443/orders/{id}/items",
            {"q": "{q}", "fixed": "1"},
            {"id": value, "q": other},
        )
        asked = checked_url(url)
    except (Unfit, EgressRefused):
        return
    assert origin(asked) == "https://api.example:8443"
    parts = urlsplit(str(asked))
    assert parts.path.count("/") == 3
    assert parts.path.startswith("/orders/")
    assert parts.path.endswith("/items")
    assert parts.fragment == ""
    assert dict(parse_qsl(parts.query, keep_blank_values=True)) == {"q": other, "fixed": "1"}


@given(UTF8, UTF8)
def test_a_body_keeps_its_keys(value: str, other: str) -> None:
    """Put in as values: what is sent is JSON with the admin's keys and the model's texts."""
    body = {"a": "{x}", "b": {"c": ["pedido {y}"]}}
    sent = json.loads(orjson.dumps(fill_body(body, {"x": value, "y": other})))
    assert sent == {"a": value, "b": {"c": [f"pedido {other}"]}}


@given(st.text(max_size=40))
def test_a_header_is_one_line_or_refused(value: str) -> None:
    """No value begins a header of its own."""
    try:
        found = fill_headers({"X-A": "v {x}"}, {"x": value})
    except Unfit:
        return
    assert not any(ord(char) < 32 or ord(char) == 127 for char in found["X-A"])


@given(JSON, st.lists(st.sampled_from(["a", "a.b", "b", "a.b.c"]), max_size=3))
def test_any_answer_can_be_shown(value: object, pick: list[str]) -> None:
    """Whatever a system answers, a role reads a text; its fence is closed once."""
    text = fenced("t", shown(value, pick=pick, result="{a.b}" if len(pick) == 1 else ""))
    assert text.count("[fim dos dados]") == 1
    assert text.endswith("[fim dos dados]")


@given(JSON)
def test_what_was_not_picked_is_not_there(value: object) -> None:
    """Only the keys of the tree are left, at any depth."""
    wrapped = {"keep": value, "drop": "segredo"}
    assert pruned(wrapped, {"keep": {}}) == {"keep": value}


@pytest.mark.parametrize("value", ["", ".", "..", "a\nb"])
def test_a_segment_that_is_none_is_unfit(value: str) -> None:
    """Servers resolve dots also where they are percent-encoded."""
    with pytest.raises(Unfit):
        fill_url("https://api.example/{id}", {}, {"id": value})
