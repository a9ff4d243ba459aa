"""Signature, replay, and secrets that change while deliveries come in (S4-41..43)."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.security.conftest import TEXT, Wire

from chatcrew.app.ingress import serve_app
from chatcrew.app.secrets import FRESH, SecretBox
from chatcrew.app.sockets import listen
from chatcrew.telemetry import Metrics
from chatcrew.tenancy import Directory
from chatcrew.tenancy.model import Secret
from chatcrew.testing import ManualClock
from chatcrew.testing._chatwoot.wire import signed_headers
from chatcrew.testing.door import ACCOUNT_SECRET, Door, DoorMailbox, configuration
from chatcrew.web import Reception, public_app

OLD, NEW, NEXT = "old-secret-0123456789", "new-secret-0123456789", "next-secret-0123456789"


def message(number: int) -> bytes:
    """Return a customer's message of a conversation of its own."""
    data = json.loads(TEXT)
    data["id"], data["conversation"]["id"] = number, number
    return json.dumps(data).encode()


async def test_secrets_change_under_traffic_and_no_delivery_is_refused(tmp_path: Path) -> None:
    """New beside old, Chatwoot changes over, old goes: each is taken exactly while it holds."""
    clock = ManualClock()
    files = {name: tmp_path / name for name in ("a", "b")}
    for name, value in (("a", OLD), ("b", "")):
        await asyncio.to_thread(files[name].write_text, value)
    known = configuration()
    secrets = tuple(Secret(f"file:{one}") for one in files.values())
    bot = replace(known.bots["loja-bot"], secrets={"agent_bot": secrets})
    mailbox, metrics = DoorMailbox(clock), Metrics()
    reception = Reception(
        Directory(replace(known, bots={"loja-bot": bot})),
        mailbox=mailbox,
        secrets=SecretBox(clock),
        metrics=metrics,
        clock=clock,
    )
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(listen("127.0.0.1", 0))
        await serve_app(public_app(reception, metrics=metrics, clock=clock), bound, stack)
        wire = Wire(Door.opened(clock), bound.getsockname()[1])
        numbers = iter(range(1, 1000))

        async def statuses(*signed_by: str) -> dict[str, set[int]]:
            """Post eight deliveries of each at once; return what each was answered."""
            found: dict[str, set[int]] = {one: set() for one in signed_by}

            async def one(secret: str) -> None:
                body = message(next(numbers))
                signed = signed_headers(secret, body, now=clock.now(), delivery=None)
                found[secret].add((await wire.send(wire.request(body, signed=signed))).status)

            await asyncio.gather(*(one(secret) for secret in signed_by for _ in range(8)))
            return found

        # A file that is empty yet keeps nobody out, and verifies nobody; Chatwoot tries again
        assert await statuses(OLD, NEW, "") == {OLD: {200}, NEW: {500}, "": {401}}
        await asyncio.to_thread(files["b"].write_text, NEW)
        traffic = asyncio.create_task(statuses(OLD))
        await clock.advance(FRESH)
        assert await traffic == {OLD: {200}}
        assert await statuses(OLD, NEW) == {OLD: {200}, NEW: {200}}
        await asyncio.to_thread(files["a"].write_text, NEXT)
        await clock.advance(FRESH)
        assert await statuses(OLD, NEW, NEXT) == {OLD: {401}, NEW: {200}, NEXT: {200}}
        await asyncio.to_thread(files["b"].unlink)
        await clock.advance(FRESH)
        assert await statuses(NEW, NEXT) == {NEW: {500}, NEXT: {200}}


async def test_what_was_recorded_is_taken_once_however_often_it_is_sent(wire: Wire) -> None:
    """At once by a thousand hands, with another delivery id, by another bot's address, later."""
    raw = wire.request(signed=wire.door.headers(TEXT, delivery="0b5f4b1e-one"))
    said = await asyncio.gather(*(wire.send(raw) for _ in range(40)))
    assert sorted(one.kind for one in said) == ["duplicate"] * 39 + ["stored"]

    other = wire.request(signed=wire.door.headers(TEXT, delivery="another-id"))
    assert (await wire.send(other)).kind == "duplicate"
    # The id of a delivery is not signed: with somebody else's a new message is no duplicate
    body = message(7)
    fresh = wire.request(body, signed=wire.door.headers(body, delivery="0b5f4b1e-two"))
    assert (await wire.send(fresh)).kind == "stored"
    await wire.door.clock.advance(timedelta(seconds=301).total_seconds())  # type: ignore[attr-defined]  # a ManualClock
    late = await wire.send(raw)
    assert (late.status, late.kind) == (401, "timestamp_stale")


async def test_a_secret_of_one_kind_of_sender_makes_nobody_another(wire: Wire) -> None:
    """An inbox's or the account's secret signs for itself: the row says by whom it came."""
    body = message(8)
    signed = wire.door.headers(body, secret=ACCOUNT_SECRET)
    assert (await wire.send(wire.request(body, signed=signed))).status == 200

    assert wire.door.mailbox.delivered[-1].sender == "account"
