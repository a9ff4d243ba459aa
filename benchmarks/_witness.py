"""Stands beside a simulated server: when its door took a message, and when each message left."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import ClientSession

from benchmarks._court import Witness
from benchmarks._world import World
from chatcrew.mailbox import PutResult
from chatcrew.messages import Delivery, Effect


def listen(world: World, witness: Witness) -> None:
    """Let a witness note when a message was taken; planted mistakes come first."""
    mailbox = world.stores.mailbox
    put = mailbox.put

    async def listening(delivery: Delivery) -> PutResult:
        result = await put(delivery)
        if delivery.change.line is not None and delivery.object_id is not None:
            witness.heard.setdefault(delivery.object_id, now())
            if delivery.change.effect is Effect.INPUT:
                witness.taken.add(delivery.object_id)
        return result

    setattr(mailbox, "put", listening)  # noqa: B010 - a method of this one object


def departures(session: ClientSession, witness: Witness) -> ClientSession:
    """Return a session that lets a witness note when each message left."""
    return cast("ClientSession", _Departures(session, witness))


@dataclass(frozen=True, slots=True)
class _Departures:
    session: ClientSession
    witness: Witness

    def request(self, method: str, url: str, **options: Any) -> Any:
        if method == "POST" and url.endswith("/messages"):
            attributes = json.loads(options["data"]).get("content_attributes") or {}
            tag = str(attributes.get("chatcrew", {}).get("tag"))
            self.witness.left[tag] = now()
            self.witness.tried.setdefault(tag, now())
        return self.session.request(method, url, **options)


def now() -> float:
    """Return the loop's time."""
    return asyncio.get_running_loop().time()
