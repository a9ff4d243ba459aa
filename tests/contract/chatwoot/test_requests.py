"""Every request we build is one that Chatwoot's own OpenAPI file describes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from chatcrew.chatwoot import _requests

SPEC = json.loads(
    (Path(__file__).parents[2] / "samples" / "chatwoot" / "openapi.json").read_text("utf-8")
)
REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:chatwoot", Resource(contents=SPEC, specification=DRAFT202012)
)
CHOICE = {"items": [{"title": "Sim", "value": "sim"}], "chatcrew": {"tag": "t"}}

CALLS = {
    "message": _requests.create_message(1, "oi", content_attributes={"chatcrew": {"tag": "t"}}),
    "note": _requests.create_message(1, "oi", private=True),
    "choice": _requests.create_message(
        1, "?", content_type="input_select", content_attributes=CHOICE
    ),
    "typing": _requests.typing(1, on=True),
    "open": _requests.toggle_status(1, "open"),
    "snooze": _requests.toggle_status(1, "snoozed", snoozed_until=1785769200),
    "priority": _requests.set_priority(1, "high"),
    "assign person": _requests.assign(1, {"assignee_id": 12}),
    "assign team": _requests.assign(1, {"team_id": 4}),
    "labels": _requests.replace_labels(1, ["a"]),
    "read labels": _requests.get_labels(1),
    "attributes": _requests.replace_custom_attributes(1, {"pedido": "1"}),
    "conversation": _requests.get_conversation(1),
    "history": _requests.list_messages(1, before=9),
    "newer": _requests.list_messages(1, after=9),
    "conversations": _requests.list_conversations(status="pending", inbox_id=2, page=3),
    "contact": _requests.get_contact(1),
    "search": _requests.search_contacts("maria"),
    "contact change": _requests.update_contact(1, {"name": "Maria", "email": "m@exemplo.com.br"}),
}


def operation(call: _requests.Call) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return path item, operation and pointer of a call."""
    wanted = re.sub(r"/\d+", "/{}", f"/api/v1/accounts/0{call.path}")
    for path, item in SPEC["paths"].items():
        if re.sub(r"\{\w+\}", "{}", path) == wanted and call.method.lower() in item:
            pointer = f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{call.method.lower()}"
            return item, item[call.method.lower()], pointer
    raise AssertionError(f"{call.method} {call.path} is not in the file")


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter behind its reference."""
    while "$ref" in value:
        found: Any = SPEC
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def faults(call: _requests.Call, body: Any) -> list[str]:
    """Return what the file's schema has against a body."""
    _, _, pointer = operation(call)
    place = f"urn:chatwoot#{pointer}/requestBody/content/application~1json/schema"
    validator = Draft202012Validator({"$ref": place}, registry=REGISTRY)
    return [error.message for error in validator.iter_errors(body)]


@pytest.mark.parametrize("name", sorted(CALLS))
def test_route_query_and_body_are_described(name: str) -> None:
    """Path and method exist, every query parameter is known, the body fits its schema (N12)."""
    call = CALLS[name]
    item, described, _ = operation(call)
    parameters = [resolved(p) for p in item.get("parameters", []) + described.get("parameters", [])]

    assert {key for key, _ in call.query} <= {p["name"] for p in parameters if p["in"] == "query"}
    if call.body is None:
        assert call.method == "GET"
    else:
        assert faults(call, dict(call.body)) == []


def test_the_schemas_do_refuse_what_is_wrong() -> None:
    """The check above can fail: a wrong status and a missing content are found."""
    assert faults(CALLS["open"], {"status": "aberto"})
    assert faults(CALLS["message"], {"content": 5})


def test_a_message_never_names_a_source_id_and_never_runs_as_liquid() -> None:
    """Either would keep the text from the customer (contract §4.1)."""
    call = _requests.create_message(1, "{{contact.name}}", content_attributes={"a": 1})

    assert call.body is not None
    assert "source_id" not in call.body
    assert call.body["content"] == "{\u200b{contact.name}\u200b}"
    assert call.body["content_attributes"] == {"a": 1}
    assert not call.repeatable


def test_only_calls_that_set_a_state_or_read_are_repeated() -> None:
    """A message or a typing mark is never sent twice by itself."""
    once = {name for name, call in CALLS.items() if not call.repeatable}

    assert once == {"message", "note", "choice", "typing"}


def test_what_bots_may_not_do_is_marked_for_the_user_token() -> None:
    """Contract §2.5 lists what a bot token may do."""
    user = {name for name, call in CALLS.items() if call.user}

    assert user == {"history", "newer", "conversations", "contact", "search", "contact change"}
