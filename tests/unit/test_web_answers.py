"""Every status code of the webhook is chosen by what Chatwoot does with it (design §4)."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from chatcrew.errors import StoreError
from chatcrew.testing import ManualClock
from chatcrew.testing.door import (
    ACCOUNT_SECRET,
    AGENT_SECRET,
    INBOX_SECRET,
    OLD_SECRET,
    PATH_TOKEN,
    Door,
)

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
TEXT = (PAYLOADS / "message_created-whatsapp-text.json").read_bytes()
ECHO = (PAYLOADS / "message_created-outgoing-bot-echo.json").read_bytes()

Opens = Callable[..., Awaitable[TestClient]]
Answer = tuple[int, str]


@pytest.fixture
def clock() -> ManualClock:
    """Time stands still."""
    return ManualClock()


@pytest.fixture
def door(clock: ManualClock) -> Door:
    """A door that nobody has knocked at."""
    return Door.opened(clock)


@pytest.fixture
async def client(door: Door, aiohttp_client: Opens) -> TestClient:
    """A sender of webhooks."""
    return await aiohttp_client(door.app)


async def post(
    client: TestClient, bot: str, body: bytes, headers: dict[str, str] | None = None
) -> Answer:
    """Post to a bot's address; return status and what became of it."""
    async with client.post(f"/webhooks/chatwoot/{bot}", data=body, headers=headers) as response:
        answer = await response.json()
    said = answer["error"]["kind"] if "error" in answer else answer["status"]
    return response.status, said


def message(number: int, conversation: int) -> bytes:
    """Return a customer's message with its own ids."""
    data = json.loads(TEXT)
    data["id"], data["conversation"]["id"] = number, conversation
    return json.dumps(data).encode()


@pytest.mark.parametrize("secret", [AGENT_SECRET, OLD_SECRET, ACCOUNT_SECRET, INBOX_SECRET])
async def test_a_delivery_signed_by_any_known_sender_is_stored(
    client: TestClient, door: Door, secret: str
) -> None:
    """Rotation and every kind of sender: any secret may verify (S4-41)."""
    answer = await post(client, "loja-bot", TEXT, door.headers(TEXT, secret=secret))

    assert answer == (200, "stored")
    assert [delivery.body for delivery in door.mailbox.delivered] == [TEXT]
    assert (await door.mailbox.depth()).waiting == 1


async def test_what_is_stored_says_whose_it_is(client: TestClient, door: Door) -> None:
    """Tenant, channel, sender and delivery id reach the mailbox."""
    headers = door.headers(TEXT, secret=ACCOUNT_SECRET, delivery="0b5f4b1e-one")

    await post(client, "loja-bot", TEXT, headers)
    (delivery,) = door.mailbox.delivered

    assert (delivery.tenant, delivery.channel) == ("health/varizemed", "whatsapp")
    assert (delivery.sender, delivery.delivery_id) == ("account", "0b5f4b1e-one")


async def test_the_same_delivery_again_is_a_duplicate(client: TestClient, door: Door) -> None:
    """By delivery id and by message id: Chatwoot retries with a new timestamp (complaint 1)."""
    first = await post(client, "loja-bot", TEXT, door.headers(TEXT, delivery="0b5f4b1e-one"))
    retried = await post(client, "loja-bot", TEXT, door.headers(TEXT, delivery="0b5f4b1e-one"))
    other_way = await post(
        client, "loja-bot", TEXT, door.headers(TEXT, secret=ACCOUNT_SECRET, delivery="77aa-other")
    )

    assert [first, retried, other_way] == [(200, "stored"), (200, "duplicate"), (200, "duplicate")]
    assert (await door.mailbox.depth()).waiting == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"event":"contact_updated","id":501}',
        b'{"event":"conversation_bot_handoff","id":3}',
        b'{"event":"nobody_knows_this","anything":[1]}',
        b'{"id":880101}',
        b"{}",
    ],
)
async def test_unknown_and_needless_events_are_taken(
    client: TestClient, door: Door, body: bytes
) -> None:
    """Chatwoot adds events without asking; refusing one would open conversations."""
    assert await post(client, "loja-bot", body, door.headers(body)) == (200, "noise")


async def test_an_account_webhook_of_an_unmapped_inbox_is_not_ours(
    client: TestClient, door: Door
) -> None:
    """Account webhooks tell about every inbox, also those we were never asked to answer."""
    for secret in (ACCOUNT_SECRET, INBOX_SECRET):
        headers = door.headers(TEXT, secret=secret)
        assert await post(client, "parcial-bot", TEXT, headers) == (200, "noise")

    assert door.mailbox.quarantined == []
    assert door.mailbox.delivered == []


async def test_a_bot_delivery_of_an_unmapped_inbox_goes_to_people(
    client: TestClient, door: Door, clock: ManualClock
) -> None:
    """422 opens the conversation at once; the raw body is kept, no credential is (N3)."""
    headers = door.headers(TEXT, delivery="0b5f4b1e-one") | {"Authorization": "Basic c2VjcmV0"}

    answer = await post(client, "parcial-bot", TEXT, headers)
    (kept,) = door.mailbox.quarantined

    assert answer == (422, "unmapped_inbox")
    assert (kept.bot, kept.reason, kept.body) == ("parcial-bot", "unmapped_inbox", TEXT)
    assert kept.at == clock.now()
    assert kept.headers["X-Chatwoot-Delivery"] == "0b5f4b1e-one"
    assert set(kept.headers) == {
        "X-Chatwoot-Delivery",
        "X-Chatwoot-Timestamp",
        "X-Chatwoot-Signature",
        "Content-Type",
    }


async def test_an_unsigned_delivery_of_an_unmapped_inbox_goes_to_people(client: TestClient) -> None:
    """Chatwoot before 4.13 never signs for bots: nobody would answer its customers."""
    answer = await post(client, f"velho-bot/{PATH_TOKEN}", TEXT)

    assert answer == (422, "unmapped_inbox")


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[1,2]", b'"text"', b"\xff\xfe{}", b"{" * 5000]
)
async def test_a_signed_body_that_cannot_be_read_goes_to_people(
    client: TestClient, door: Door, body: bytes
) -> None:
    """422 and quarantine: somebody has to see what Chatwoot sent (N3)."""
    answer = await post(client, "loja-bot", body, door.headers(body))

    assert answer == (422, "unreadable")
    assert [(kept.reason, kept.body) for kept in door.mailbox.quarantined] == [("unreadable", body)]


async def test_unverified_bodies_are_kept_nowhere(client: TestClient, door: Door) -> None:
    """Anybody may send anything: only a signature earns a place on our disk."""
    await post(client, "loja-bot", b"not json", door.headers(b"not json", secret="wrong"))

    assert door.mailbox.quarantined == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"X-Chatwoot-Signature": None}, "signature_missing"),
        ({"X-Chatwoot-Timestamp": None}, "timestamp_missing"),
        ({"X-Chatwoot-Timestamp": "yesterday"}, "timestamp_invalid"),
        ({"X-Chatwoot-Timestamp": "1"}, "signature_mismatch"),
        ({"X-Chatwoot-Signature": "00" * 32}, "signature_malformed"),
        ({"X-Chatwoot-Signature": "sha256=" + "00" * 32}, "signature_mismatch"),
        ({"X-Chatwoot-Signature": "sha256=é"}, "signature_mismatch"),
    ],
)
async def test_a_signature_that_does_not_verify_is_refused(
    client: TestClient, door: Door, change: dict[str, str | None], kind: str
) -> None:
    """401, and nothing is stored (S4-41, S4-43)."""
    headers = door.headers(TEXT)
    for name, value in change.items():
        headers.pop(name)
        if value is not None:
            headers[name] = value

    assert await post(client, "loja-bot", TEXT, headers) == (401, kind)
    assert door.mailbox.delivered == []


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_stale_delivery_is_refused(
    client: TestClient, door: Door, clock: ManualClock, seconds: int
) -> None:
    """A recorded delivery cannot be played again later, nor one from the future (S4-42)."""
    moved = ManualClock(clock.now() + timedelta(seconds=seconds))
    headers = Door.opened(moved).headers(TEXT)

    assert await post(client, "loja-bot", TEXT, headers) == (401, "timestamp_stale")


async def test_changed_bytes_are_refused(client: TestClient, door: Door) -> None:
    """The signature is over the raw bytes: even a space more is another body."""
    assert await post(client, "loja-bot", TEXT + b" ", door.headers(TEXT)) == (
        401,
        "signature_mismatch",
    )


@pytest.mark.parametrize(
    "path",
    [
        "nobody",
        "Loja-Bot",
        "loja-bot/anything",
        f"loja-bot/{PATH_TOKEN}",
        "caminho-bot/wrong",
        f"caminho-bot/{PATH_TOKEN}x",
        "flex-bot",
        "aberto-bot",
        "aberto-bot/wrong",
        "%00",
        "aberto-bot/%ED%A0%80",
    ],
)
async def test_unknown_bots_and_wrong_path_tokens_are_not_found(
    client: TestClient, door: Door, path: str
) -> None:
    """404 and one kind for both, so that nobody learns which bots there are."""
    assert await post(client, path, TEXT, door.headers(TEXT)) == (404, "unknown_bot")
    assert door.mailbox.delivered == []


@pytest.mark.parametrize(
    ("path", "secret", "answer"),
    [
        ("caminho-bot", AGENT_SECRET, (200, "stored")),
        (f"caminho-bot/{PATH_TOKEN}", AGENT_SECRET, (200, "stored")),
        (f"caminho-bot/{PATH_TOKEN}", None, (401, "signature_missing")),
        (f"flex-bot/{PATH_TOKEN}", AGENT_SECRET, (200, "stored")),
        (f"flex-bot/{PATH_TOKEN}", None, (200, "stored")),
        (f"flex-bot/{PATH_TOKEN}", "wrong", (401, "signature_mismatch")),
        (f"aberto-bot/{PATH_TOKEN}", None, (200, "stored")),
        (f"aberto-bot/{PATH_TOKEN}", "anything", (200, "stored")),
    ],
)
async def test_path_token_and_signature_together(
    client: TestClient, door: Door, path: str, secret: str | None, answer: Answer
) -> None:
    """What is required must be there, and a signature that is there must verify (S4-44)."""
    assert await post(client, path, TEXT, door.headers(TEXT, secret=secret)) == answer


async def test_a_full_mailbox_asks_chatwoot_to_try_again(
    clock: ManualClock, aiohttp_client: Opens
) -> None:
    """429 is retried by Chatwoot; state is still taken, so that takeovers are never missed."""
    door = Door.opened(clock, max_pending=1)
    client = await aiohttp_client(door.app)
    first, second = message(1, 11), message(2, 12)

    assert await post(client, "loja-bot", first, door.headers(first)) == (200, "stored")
    assert await post(client, "loja-bot", second, door.headers(second)) == (429, "mailbox_full")
    assert await post(client, "loja-bot", ECHO, door.headers(ECHO)) == (200, "stored")


@pytest.mark.parametrize(
    ("bot", "body"), [("loja-bot", TEXT), ("loja-bot", b"?"), ("parcial-bot", TEXT)]
)
async def test_a_database_that_is_away_asks_chatwoot_to_try_again(
    client: TestClient, door: Door, bot: str, body: bytes
) -> None:
    """500 is retried by Chatwoot; the quarantine may be lost as little as the mailbox."""
    door.mailbox.fault = StoreError("away")

    assert await post(client, bot, body, door.headers(body)) == (500, "store_unavailable")

    door.mailbox.fault = None
    assert (await post(client, bot, body, door.headers(body)))[0] in (200, 422)


async def test_a_secret_that_cannot_be_read_asks_chatwoot_to_try_again(
    client: TestClient, door: Door
) -> None:
    """500: it is our machine's fault, and may be mended before the third try."""
    answer = await post(client, "perdido-bot", TEXT, door.headers(TEXT))

    assert answer == (500, "secret_unreadable")
