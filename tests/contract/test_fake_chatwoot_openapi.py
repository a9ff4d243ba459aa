"""FakeChatwoot's API has the shapes of Chatwoot's official OpenAPI file."""

import json
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from chatcrew.testing import Account, ApiClient, Conversation, FakeChatwoot, WebhookSink

SAMPLES = Path(__file__).parents[1] / "samples" / "chatwoot"
ACCOUNT = "/api/v1/accounts/{account_id}"
ONE = f"{ACCOUNT}/conversations/{{conversation_id}}"


@cache
def openapi() -> Any:
    """Return the official file."""
    return json.loads((SAMPLES / "openapi.json").read_text(encoding="utf-8"))


def validator(pointer: str) -> Draft202012Validator:
    """Return a validator for one schema of the official file (OpenAPI 3.1: JSON Schema 2020-12)."""
    resource = Resource.from_contents(openapi(), default_specification=DRAFT202012)
    registry: Any = Registry().with_resource("urn:chatwoot", resource)
    return Draft202012Validator({"$ref": f"urn:chatwoot#{pointer}"}, registry=registry)


def pointer(path: str, method: str, *rest: str) -> str:
    """Return the JSON pointer of a place inside an operation."""
    parts = ("paths", path, method, *rest)
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def complaints(schema: str, value: Any) -> list[str]:
    """Return what the official schema has against ``value``."""
    errors = validator(schema).iter_errors(value)
    return sorted(f"{error.json_path}: {error.message}" for error in errors)


@pytest.fixture
async def sink() -> AsyncIterator[WebhookSink]:
    """A bot address that records."""
    async with WebhookSink() as server:
        yield server


@pytest.fixture
async def cw() -> AsyncIterator[FakeChatwoot]:
    """A running FakeChatwoot, sped up."""
    async with FakeChatwoot(speed=1000) as server:
        yield server


@pytest.fixture
def account(cw: FakeChatwoot, sink: WebhookSink) -> Account:
    """Account 3, as in the samples."""
    account = cw.add_account(3)
    account.add_inbox(21, "WhatsApp Loja", phone_number="+5511911111111")
    account.add_bot(7, outgoing_url=sink.url)
    account.add_agent(12, "Patrícia Gomes", role="administrator")
    account.add_team(4)
    return account


@pytest.fixture
async def conversation(cw: FakeChatwoot, account: Account) -> Conversation:
    """A conversation with a customer's text."""
    maria = account.add_contact(501, "Maria da Silva", phone_number="+5511900000000")
    return await cw.customer_says(account.inboxes[21], maria, "Oi, boa tarde!")


# Where the official file is wrong about what the source does (contract: known gaps).
WRONG_IN_THE_FILE = {"$.payload.success: None is not of type 'boolean'"}

CALLS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("post", f"{ONE}/messages", "/conversations/1/messages", {"content": "Olá", "private": False}),
    (
        "post",
        f"{ONE}/messages",
        "/conversations/1/messages",
        {
            "content": "Escolha",
            "content_type": "input_select",
            "content_attributes": {"items": [{"title": "Sim", "value": "sim"}]},
        },
    ),
    ("post", f"{ONE}/toggle_status", "/conversations/1/toggle_status", {"status": "open"}),
    ("post", f"{ONE}/toggle_status", "/conversations/1/toggle_status", {"status": "resolved"}),
    ("post", f"{ONE}/assignments", "/conversations/1/assignments", {"assignee_id": 12}),
    ("post", f"{ONE}/assignments", "/conversations/1/assignments", {"team_id": 4}),
    ("post", f"{ONE}/labels", "/conversations/1/labels", {"labels": ["vip"]}),
    ("get", f"{ONE}/labels", "/conversations/1/labels", {}),
    (
        "post",
        f"{ONE}/custom_attributes",
        "/conversations/1/custom_attributes",
        {"custom_attributes": {"pedido": "1"}},
    ),
    ("get", ONE, "/conversations/1", {}),
    ("patch", ONE, "/conversations/1", {"priority": "high"}),
    ("get", f"{ONE}/messages", "/conversations/1/messages", {}),
    ("get", f"{ACCOUNT}/conversations", "/conversations?status=all", {}),
    (
        "post",
        f"{ACCOUNT}/conversations",
        "/conversations",
        {"source_id": "5511900000000", "message": {"content": "Olá"}},
    ),
    ("get", f"{ACCOUNT}/contacts/{{id}}", "/contacts/501", {}),
    ("get", f"{ACCOUNT}/contacts/search", "/contacts/search?q=maria", {}),
    ("get", f"{ACCOUNT}/contacts/{{id}}/conversations", "/contacts/501/conversations", {}),
    ("get", f"{ACCOUNT}/contacts/{{id}}/labels", "/contacts/501/labels", {}),
    ("get", f"{ACCOUNT}/inboxes", "/inboxes", {}),
    ("get", f"{ACCOUNT}/inboxes/{{id}}", "/inboxes/21", {}),
    ("get", f"{ACCOUNT}/agents", "/agents", {}),
    ("get", f"{ACCOUNT}/teams", "/teams", {}),
    ("get", f"{ACCOUNT}/inbox_members/{{inbox_id}}", "/inbox_members/21", {}),
    ("get", f"{ACCOUNT}/teams/{{team_id}}/team_members", "/teams/4/team_members", {}),
    ("get", f"{ACCOUNT}/agent_bots", "/agent_bots", {}),
    ("get", "/api/v1/profile", "/../../profile", {}),
]


@pytest.mark.parametrize("token", ["bot", "user"])
@pytest.mark.parametrize(("method", "path", "url", "params"), CALLS)
async def test_requests_and_answers_fit_the_official_openapi_file(
    cw: FakeChatwoot,
    account: Account,
    conversation: Conversation,
    token: str,
    method: str,
    path: str,
    url: str,
    params: dict[str, Any],
) -> None:
    """Each answer of 200 has the official shape; what we send has it too."""
    secret = account.bots[7].access_token if token == "bot" else account.agents[12].access_token
    async with ApiClient(cw.url, 3, secret) as client:
        status, body = await client.call(method.upper(), url, **params)
    if token == "bot" and status == 401:
        assert body == {"error": "Access to this endpoint is not authorized for bots"}
        return

    operation = openapi()["paths"][path][method]
    found: list[str] = []
    if params:
        media = ("requestBody", "content", "application/json", "schema")
        found += complaints(pointer(path, method, *media), params)
    if "content" in operation["responses"]["200"]:
        media = ("responses", "200", "content", "application/json", "schema")
        found += complaints(pointer(path, method, *media), body)

    assert status == 200
    assert [line for line in found if line not in WRONG_IN_THE_FILE] == []


async def test_the_schemas_are_not_empty() -> None:
    """The validator really reads the official file: a wrong message is refused."""
    media = ("responses", "200", "content", "application/json", "schema")
    wrong = {"id": "x", "message_type": 9, "status": "gone"}

    assert len(complaints(pointer(f"{ONE}/messages", "post", *media), wrong)) >= 3
