"""The REST API: what it answers, to whom, and what it refuses in words (S1-55, S2-09, S2-37)."""

from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient
from jsonschema import Draft202012Validator

from chatcrew.accounts import Role
from chatcrew.messages import Person
from chatcrew.web.api import BASE, Api, operations

SHOP, CLINIC = "cosmetics/acme", "health/clinic"
TURN = "01a20158-a79e-7deb-aa62-fa547eb20474"

OF_A_TENANT = {
    "messages": ("POST", "/messages", Role.ADMIN),
    "conversations": ("GET", "/conversations", Role.VIEWER),
    "lines": ("GET", "/conversations/acme/7/messages", Role.VIEWER),
    "turns": ("GET", "/conversations/acme/7/turns", Role.VIEWER),
    "turn": ("GET", f"/conversations/acme/7/turns/{TURN}", Role.VIEWER),
    "contacts": ("GET", "/contacts", Role.ADMIN),
    "export of a person": ("GET", "/contacts/acme/5", Role.ADMIN),
    "erasure": ("DELETE", "/contacts/acme/5", Role.OWNER),
    "stats": ("GET", "/stats", Role.VIEWER),
    "facts": ("GET", "/export/turns", Role.VIEWER),
    "people's facts": ("GET", "/export/users", Role.ADMIN),
}
"""Every address of one tenant, with the least role that may ask."""


async def ask(client: TestClient, address: str, key: dict[str, str], *, tenant: str = SHOP):
    """Ask for one of the addresses above."""
    method, path, _ = OF_A_TENANT[address]
    body = {"json": {"text": "oi"}} if method == "POST" else {}
    return await client.request(method, f"{BASE}/tenants/{tenant}{path}", headers=key, **body)


def test_every_address_of_a_tenant_is_tried_below(served) -> None:
    """Who adds an operation adds it to the table above."""
    paths = {
        (route.method, route.resource.canonical.removeprefix(f"{BASE}/tenants/"))
        for route in served.app.router.routes()
        if "/tenants/" in route.resource.canonical and route.method != "HEAD"
    }

    assert len(paths) == len(OF_A_TENANT) - 1


async def test_a_message_is_tried_and_answered(served, aiohttp_client) -> None:
    """Words, options, handoff, intent, cost and time; nothing reaches a customer (S1-55)."""
    client = await aiohttp_client(served.app)
    key = await served.token(Role.ADMIN, SHOP)

    answer = await client.post(
        f"{BASE}/tenants/{SHOP}/messages", headers=key, json={"text": "oi", "session": "a"}
    )

    assert answer.status == 200
    told = await answer.json()
    assert told["replies"] == [{"text": f"{SHOP}: oi", "options": ["Sim", "Não"]}]
    assert (told["outcome"], told["handoff"], told["turn"]) == ("replied", False, TURN)


@pytest.mark.parametrize(
    ("body", "status", "kind", "words"),
    [
        ({"text": "  "}, 422, "empty", "nothing was said"),
        ({"text": "oi", "channel": "fax"}, 422, "unknown_channel", "there are: whatsapp"),
        ({"text": "oi", "texto": "oi"}, 422, "invalid", "body.texto"),
        ({"text": "x" * 10_001}, 422, "invalid", "body.text"),
        ({"text": "oi", "phone": "81 9999"}, 422, "invalid", "body.phone"),
        ({}, 422, "invalid", "body.text: Field required"),
        ([], 422, "invalid", "body"),
    ],
)
async def test_a_message_that_cannot_be_tried_is_refused_with_its_place(
    served, aiohttp_client, body: object, status: int, kind: str, words: str
) -> None:
    """The one shape of errors; what was sent is not repeated (S1-55)."""
    client = await aiohttp_client(served.app)
    key = await served.token(Role.ADMIN, SHOP)

    answer = await client.post(f"{BASE}/tenants/{SHOP}/messages", headers=key, json=body)

    assert answer.status == status
    error = (await answer.json())["error"]
    assert error["kind"] == kind
    assert words in error["message"]
    assert "81 9999" not in error["message"]


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [
        ({"data": b'{"text":', "headers": {"Content-Type": "application/json"}}, 400, "no_json"),
        ({"data": b"text=oi"}, 415, "unsupported_media_type"),
        ({"json": {"text": "x" * 70_000}}, 413, "too_large"),
    ],
)
async def test_a_body_that_is_no_json_is_refused(
    served, aiohttp_client, sent: dict, status: int, kind: str
) -> None:
    """Before anything is read of it."""
    client = await aiohttp_client(served.app)
    headers = {**await served.token(Role.ADMIN, SHOP), **sent.pop("headers", {})}

    answer = await client.post(f"{BASE}/tenants/{SHOP}/messages", headers=headers, **sent)

    assert answer.status == status
    assert (await answer.json())["error"]["kind"] == kind


@pytest.mark.parametrize("address", OF_A_TENANT)
async def test_nothing_of_a_tenant_is_told_to_another(served, aiohttp_client, address) -> None:
    """A tenant that a token may not see is not there, whatever is asked (S2-05)."""
    client = await aiohttp_client(served.app)
    stranger = await served.token(Role.OWNER, CLINIC)

    refused = await ask(client, address, stranger)
    unknown = await ask(client, address, stranger, tenant="cosmetics/nobody")

    assert refused.status == unknown.status == 404
    told, other = (await refused.json())["error"], (await unknown.json())["error"]
    assert told["kind"] == other["kind"] == "unknown_tenant"
    assert served.house.erased == []


@pytest.mark.parametrize("address", ["lines", "turns", "turn"])
async def test_another_tenants_conversation_is_nobodys(served, aiohttp_client, address) -> None:
    """Also by one's own address: numbers can be guessed (S2-05)."""
    client = await aiohttp_client(served.app)
    key = await served.token(Role.OWNER, CLINIC)

    answer = await ask(client, address, key, tenant=CLINIC)

    assert answer.status == 404


@pytest.mark.parametrize("address", OF_A_TENANT)
async def test_each_address_takes_a_token_of_its_role(served, aiohttp_client, address) -> None:
    """None: 401 with the way out; a lesser role: 403; the role itself: answered."""
    client = await aiohttp_client(served.app)
    needed = OF_A_TENANT[address][2]

    statuses = {
        role: (await ask(client, address, await served.token(role, SHOP))).status for role in Role
    }
    nobody = await ask(client, address, {})

    assert statuses == {role: 200 if role.may(needed) else 403 for role in Role}
    assert nobody.status == 401
    assert nobody.headers["WWW-Authenticate"] == "Bearer"
    assert "api-token add" in (await nobody.json())["error"]["message"]


async def test_a_token_that_ended_or_was_revoked_opens_nothing(served, aiohttp_client) -> None:
    """At once, in every process."""
    client = await aiohttp_client(served.app)
    until = served.clock.now() + timedelta(days=1)
    ends = await served.token(Role.VIEWER, SHOP, name="ends", expires_at=until)
    revoked = await served.token(Role.VIEWER, SHOP, name="revoked")

    before = [(await ask(client, "stats", key)).status for key in (ends, revoked)]
    await served.tokens.revoke("revoked")
    await served.clock.advance(24 * 3600)
    after = [(await ask(client, "stats", key)).status for key in (ends, revoked)]

    assert before == [200, 200]
    assert after == [401, 401]


async def test_who_asks_too_often_is_told_to_wait(aiohttp_client, busy) -> None:
    """Each token by itself."""
    client = await aiohttp_client(busy.app)
    one, other = await busy.token(Role.VIEWER, SHOP), await busy.token(Role.VIEWER, CLINIC)

    statuses = [(await ask(client, "stats", one)).status for _ in range(4)]
    last = await ask(client, "stats", one)

    assert statuses == [200, 200, 200, 429]
    assert last.headers["Retry-After"] == "60"
    assert (await ask(client, "stats", other, tenant=CLINIC)).status == 200


async def test_lists_go_on_where_a_page_ended(served, aiohttp_client) -> None:
    """By ``next``; anything else is refused."""
    client = await aiohttp_client(served.app)
    key = await served.token(Role.VIEWER, SHOP)
    address = f"{BASE}/tenants/{SHOP}/conversations"

    first = await (await client.get(address, headers=key)).json()
    second = await (await client.get(address, headers=key, params={"after": "2"})).json()
    wrong = await client.get(address, headers=key, params={"after": "x"})

    assert (first["next"], second["next"]) == ("2", None)
    assert first["items"][0]["tenant"] == SHOP
    assert wrong.status == 422
    assert "query.after" in (await wrong.json())["error"]["message"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"}, "ends before"),
        ({"since": "2026-11-02T00:00:00"}, "query.since"),
        ({"since": "0001-01-01T00:00:00+14:00"}, "2000 to 2999"),
        ({"until": "9999-12-31T23:59:59-14:00"}, "2000 to 2999"),
        ({"sinse": "2026-11-02T00:00:00Z"}, "query.sinse"),
    ],
)
async def test_a_time_that_is_none_is_refused_with_its_place(
    served, aiohttp_client, query: dict[str, str], words: str
) -> None:
    """Mistyped parameters too: they would silently widen what is asked."""
    client = await aiohttp_client(served.app)
    key = await served.token(Role.VIEWER, SHOP)

    answer = await client.get(f"{BASE}/tenants/{SHOP}/stats", headers=key, params=query)

    assert answer.status == 422
    assert words in (await answer.json())["error"]["message"]


async def test_facts_come_as_csv_that_is_no_formula_and_as_json_lines(
    served, aiohttp_client
) -> None:
    """Both from the same rows (S2-25, S2-28)."""
    client = await aiohttp_client(served.app)
    key = await served.token(Role.VIEWER, SHOP)
    address = f"{BASE}/tenants/{SHOP}/export/turns"

    csv = await client.get(address, headers=key, params={"format": "csv"})
    lines = await client.get(address, headers=key)

    assert await csv.text() == (f"tenant,name,at\r\n{SHOP},'=1+1,2026-11-01T12:00:00+00:00\r\n")
    assert csv.content_type == "text/csv"
    assert await lines.json(content_type=None) == {
        "tenant": SHOP,
        "name": "=1+1",
        "at": "2026-11-01T12:00:00+00:00",
    }


async def test_whoever_sees_peoples_words_or_data_is_noted(served, aiohttp_client) -> None:
    """Before they are sent: what cannot be noted is not shown (S2-30)."""
    client = await aiohttp_client(served.app)
    key = await served.token(Role.OWNER, SHOP, name="loja")

    for address in ("lines", "contacts", "people's facts", "stats", "turns"):
        await ask(client, address, key)

    noted = [(one.actor, one.action) for one in await served.audit.entries()]
    assert sorted(noted) == [
        ("token:loja", "contacts.listed"),
        ("token:loja", "conversation.viewed"),
        ("token:loja", "facts.exported"),
    ]
    (his,) = await served.audit.entries(person=Person(SHOP, "acme", 5))
    assert his.action == "conversation.viewed"


async def test_the_document_is_valid_and_open_to_everybody(served, aiohttp_client) -> None:
    """OpenAPI 3.1, whose schemas are JSON Schema 2020-12."""
    client = await aiohttp_client(served.app)

    document = await (await client.get(f"{BASE}/openapi.json")).json()

    assert document["openapi"] == "3.1.0"
    assert (await client.get(f"{BASE}/health")).status == 200
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    paths = {
        (method.upper(), f"{BASE}{path}") for path, of in document["paths"].items() for method in of
    }
    served_paths = {
        (route.method, route.resource.canonical)
        for route in served.app.router.routes()
        if route.method != "HEAD"
    }
    assert paths == served_paths


async def test_the_document_is_made_once_however_often_strangers_ask(served) -> None:
    """It needs no token, and this process takes in webhooks meanwhile."""
    table = operations(Api(None))  # type: ignore[arg-type]  # nothing is asked
    (describe,) = [one.handler for one in table if one.name == "openapi"]

    first, again = await describe(None), await describe(None)  # type: ignore[arg-type]  # as above

    assert first is again
