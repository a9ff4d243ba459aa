"""Every call that sets an installation up is one that Chatwoot's own OpenAPI file describes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from chatcrew.chatwoot import _admin_requests as requests
from chatcrew.chatwoot._requests import Call

SPEC = json.loads(
    (Path(__file__).parents[2] / "samples" / "chatwoot" / "openapi.json").read_text("utf-8")
)
REGISTRY: Registry[Any] = Registry().with_resource(
    "urn:chatwoot", Resource(contents=SPEC, specification=DRAFT202012)
)
CALLS = {
    "profile": requests.get_profile(),
    "inboxes": requests.list_inboxes(),
    "inbox bot": requests.inbox_bot(21),
    "set bot": requests.set_inbox_bot(21, 7),
    "bots": requests.list_bots(),
    "create bot": requests.create_bot("b", description="d", outgoing_url="https://x.example"),
    "update bot": requests.update_bot(7, {"outgoing_url": "https://x.example"}),
    "webhooks": requests.list_webhooks(),
    "create webhook": requests.create_webhook(
        "https://x.example", name="n", subscriptions=["conversation_created"]
    ),
    "update webhook": requests.update_webhook(
        3, url="https://x.example", subscriptions=["conversation_typing_on"]
    ),
}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_route_and_body_are_described(name: str) -> None:
    """Path and method exist, and the body fits its schema (N12, N13)."""
    call = CALLS[name]
    wanted = re.sub(r"/\d+", "/{}", call.url("", 0))
    found = {
        path: item[call.method.lower()]
        for path, item in SPEC["paths"].items()
        if re.sub(r"\{\w+\}", "{}", path) == wanted and call.method.lower() in item
    }

    ((path, _),) = found.items()
    if call.body is not None:
        place = f"/paths/{path.replace('/', '~1')}/{call.method.lower()}"
        schema = {"$ref": f"urn:chatwoot#{place}/requestBody/content/application~1json/schema"}
        validator = Draft202012Validator(schema, registry=REGISTRY)
        assert list(validator.iter_errors(dict(call.body))) == []


def test_what_would_be_made_twice_is_asked_for_once() -> None:
    """A lost answer must not become a second bot; it is looked for instead."""
    once = {name for name, call in CALLS.items() if not call.repeatable}

    assert once == {"create bot", "create webhook"}
    assert all(call.user for call in CALLS.values())


@pytest.mark.parametrize("name", requests.RIGHTS)
def test_a_right_is_tried_on_nobodys_conversation(name: str) -> None:
    """Whatever it would do, there is no conversation 0 to do it to."""
    call: Call = requests.right(name)

    assert call.path.startswith("/conversations/0")
    assert not call.user
