"""All 58 example payloads through the webhook's door, signed: 200 or 422 as they are classified."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient

from chatcrew.chatwoot import webhook
from chatcrew.messages import Effect, Weight
from chatcrew.testing import ManualClock
from chatcrew.testing.door import ACCOUNT_SECRET, AGENT_SECRET, Door, configuration

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))

Opens = Callable[..., Awaitable[TestClient]]


def body_of(name: str) -> bytes:
    """Return a payload's bytes."""
    return (PAYLOADS / f"{name}.json").read_bytes()


def classified(name: str) -> webhook.Classified:
    """Return what the payload is to ``loja-bot``."""
    return webhook.classify(webhook.parse(body_of(name)), bot=configuration().bots["loja-bot"])


async def post(
    client: TestClient, door: Door, bot: str, body: bytes, *, secret: str = AGENT_SECRET
) -> tuple[int, str]:
    """Post a signed body; return status and what became of it."""
    headers = door.headers(body, secret=secret)
    async with client.post(f"/webhooks/chatwoot/{bot}", data=body, headers=headers) as response:
        answer = await response.json()
    said = answer["error"]["kind"] if "error" in answer else answer["status"]
    return response.status, said


def test_there_are_fifty_eight_payloads() -> None:
    """An empty folder would pass everything below."""
    assert len(NAMES) == 58


@pytest.mark.parametrize("name", NAMES)
async def test_a_payload_of_a_mapped_inbox_is_stored_once(aiohttp_client: Opens, name: str) -> None:
    """Turn and state are stored, noise is counted; a second time nothing is (complaint 1).

    Only who types says the same again and again, and means it each time.
    """
    door = Door.opened(ManualClock())
    client = await aiohttp_client(door.app)
    body, meaning = body_of(name), classified(name)
    kept = {Weight.NOISE: "noise"}.get(meaning.weight, "stored")
    again = "duplicate" if meaning.weight is not Weight.NOISE else "noise"
    if meaning.change.effect is Effect.TYPING:
        again = "stored"

    first = await post(client, door, "loja-bot", body)
    second = await post(client, door, "loja-bot", body)
    waiting = (await door.mailbox.depth()).waiting

    assert first == (200, kept)
    assert second == (200, again)
    assert waiting == (1 if meaning.weight is Weight.TURN else 0)
    assert door.mailbox.quarantined == []


@pytest.mark.parametrize("name", NAMES)
async def test_a_payload_of_an_unmapped_inbox_goes_to_people(
    aiohttp_client: Opens, name: str
) -> None:
    """422 to the bot's own delivery about a conversation, 200 to everything else."""
    door = Door.opened(ManualClock())
    client = await aiohttp_client(door.app)
    body, about_nobody = body_of(name), classified(name).conversation is None

    by_bot = await post(client, door, "parcial-bot", body)
    by_account = await post(client, door, "parcial-bot", body, secret=ACCOUNT_SECRET)

    assert by_bot == ((200, "noise") if about_nobody else (422, "unmapped_inbox"))
    assert by_account == (200, "noise")
    assert [kept.body for kept in door.mailbox.quarantined] == ([] if about_nobody else [body])
    assert door.mailbox.delivered == [] or about_nobody
