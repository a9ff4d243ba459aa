"""The admin port: is it alive, is it ready and if not why, and what did it do."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp.test_utils import TestClient
from prometheus_client.parser import text_string_to_metric_families

from chatcrew.app.ingress import Gauges
from chatcrew.errors import StoreError
from chatcrew.telemetry import CATALOGUE, Health, health
from chatcrew.testing import ManualClock
from chatcrew.testing.door import Door
from chatcrew.web import admin_app

Opens = Callable[..., Awaitable[TestClient]]
BODY = b'{"event":"message_created","id":1,"message_type":"incoming","content":"oi",'
BODY += b'"conversation":{"id":1,"inbox_id":5,"status":"pending"}}'


@pytest.fixture
def door() -> Door:
    """The public side, for something to count."""
    return Door.opened(ManualClock())


async def well() -> None:
    """Pass a check."""


async def ill() -> None:
    """Fail a check with words that are nobody's business."""
    raise StoreError("password=oops")


async def never() -> None:
    """Never answer a check."""
    await asyncio.Event().wait()


async def ready(aiohttp_client: Opens, checks: dict[str, health.Check]) -> tuple[int, dict]:
    """Ask an admin port with these checks whether it is ready."""
    metrics = Door.opened(ManualClock()).metrics

    async def gauges() -> dict[str, float]:
        return {}

    app = admin_app(Health(checks, timeout=0.05), metrics=metrics, gauges=gauges, version="1.2.3")
    client = await aiohttp_client(app)
    async with client.get("/health/ready") as response:
        return response.status, await response.json()


async def test_both_ports_say_that_they_live(aiohttp_client: Opens, door: Door) -> None:
    """Life asks nothing of any dependency: the embedded database may be restarting."""
    door.mailbox.fault = StoreError("away")
    admin = admin_app(
        Health({"database": ill}),
        metrics=door.metrics,
        gauges=Gauges(door.mailbox).read,
        version="0",
    )
    for app in (door.app, admin):
        client = await aiohttp_client(app)
        async with client.get("/health/live") as response:
            assert (response.status, await response.json()) == (200, {"status": "live"})


async def test_ready_names_every_check(aiohttp_client: Opens) -> None:
    """200 while all are well."""
    status, answer = await ready(aiohttp_client, {"database": well, "mailbox": well})

    assert status == 200
    assert answer == {
        "status": "ready",
        "checks": {"database": "ok", "mailbox": "ok"},
        "version": "1.2.3",
    }


async def test_ready_shows_the_configuration_in_force(aiohttp_client: Opens, door: Door) -> None:
    """Which version answers, and whether files on disk wait to be mended."""
    app = admin_app(
        Health({"database": well}),
        metrics=door.metrics,
        gauges=Gauges(door.mailbox).read,
        version="0",
        config=lambda: {"version": "0123456789ab", "faults": 2},
    )
    client = await aiohttp_client(app)
    async with client.get("/health/ready") as response:
        assert response.status == 200
        assert (await response.json())["config"] == {"version": "0123456789ab", "faults": 2}


async def test_unready_says_which_one_is_ill(aiohttp_client: Opens) -> None:
    """503 with the kind of fault, never its words."""
    status, answer = await ready(aiohttp_client, {"database": ill, "mailbox": well})

    assert status == 503
    assert answer["status"] == "unready"
    assert answer["checks"] == {"database": "StoreError", "mailbox": "ok"}


async def test_a_check_that_never_answers_does_not_hold_the_others_up(
    aiohttp_client: Opens,
) -> None:
    """Each check has its own bound."""
    status, answer = await ready(aiohttp_client, {"a": never, "b": never, "c": well})

    assert status == 503
    assert answer["checks"] == {"a": "timeout", "b": "timeout", "c": "ok"}


async def test_metrics_show_a_webhook_and_the_mailbox(aiohttp_client: Opens, door: Door) -> None:
    """Everything in the catalogue is there, in a text that Prometheus reads."""
    public = await aiohttp_client(door.app)
    app = admin_app(Health({}), metrics=door.metrics, gauges=Gauges(door.mailbox).read, version="0")
    admin = await aiohttp_client(app)
    headers = door.headers(BODY)
    async with public.post("/webhooks/chatwoot/loja-bot", data=BODY, headers=headers) as response:
        assert response.status == 200

    async with admin.get("/metrics") as response:
        assert response.content_type == "text/plain"
        families = {
            family.name: family for family in text_string_to_metric_families(await response.text())
        }
    (stored,) = [
        sample
        for sample in families["chatcrew_webhooks"].samples
        if sample.name == "chatcrew_webhooks_total"
    ]

    assert {metric.name for metric in CATALOGUE} <= families.keys()
    assert all(families[metric.name].type == metric.kind for metric in CATALOGUE)
    assert stored.labels == {"bot": "loja-bot", "status": "200", "reason": "stored"}
    assert stored.value == 1
    assert families["chatcrew_mailbox_waiting"].samples[0].value == 1
    assert families["chatcrew_mailbox_oldest_seconds"].samples[0].value == 0
    assert families["chatcrew_mailbox_parked"].samples[0].value == 0
