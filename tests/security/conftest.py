"""A door on the wire, as the ingress process opens it, for who sends whatever bytes he likes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatcrew.app.ingress import serve_app
from chatcrew.app.sockets import listen
from chatcrew.testing import ManualClock
from chatcrew.testing.door import Door
from chatcrew.web.patience import Patience

PAYLOADS = Path(__file__).parents[1] / "samples" / "chatwoot" / "payloads"
TEXT = (PAYLOADS / "message_created-whatsapp-text.json").read_bytes()
PATIENCE = Patience(head=0.2, body=0.2)
"""What is ten seconds elsewhere."""


@dataclass(frozen=True)
class Said:
    """An answer.

    Attributes:
        status: its HTTP status, 0 where there was none.
        head: its first lines.
        body: the rest of what came until the connection was closed.
    """

    status: int
    head: str
    body: str

    @property
    def kind(self) -> str:
        """What became of the delivery, or the kind of the error."""
        told = json.loads(self.body)
        return str(told["error"]["kind"] if "error" in told else told["status"])


@dataclass(frozen=True)
class Wire:
    """A door and its port."""

    door: Door
    port: int

    async def send(self, raw: bytes, *, within: float = 5.0) -> Said:
        """Send bytes as they are and read until the server closes the connection.

        Raises:
            TimeoutError: it does not.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            async with asyncio.timeout(within):
                with contextlib.suppress(ConnectionError):
                    writer.write(raw)
                    await writer.drain()
                said = b""
                with contextlib.suppress(ConnectionError):
                    while part := await reader.read(65536):
                        said += part
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        head, _, body = said.decode("utf-8", "replace").partition("\r\n\r\n")
        status = int(head.split(" ")[1]) if head else 0
        return Said(status, head, body)

    def request(
        self,
        body: bytes = TEXT,
        *,
        path: str = "loja-bot",
        more: str = "",
        signed: Mapping[str, str] | None = None,
        length: str | None = "",
    ) -> bytes:
        """Return a delivery as Chatwoot sends it, with lines of somebody else's.

        Args:
            body: of the request.
            path: behind the address of webhooks.
            more: header lines, each with its end.
            signed: headers instead of the right ones.
            length: instead of the right one; None: no such line.
        """
        lines = [f"POST /webhooks/chatwoot/{path} HTTP/1.1", "Host: x", "Connection: close"]
        signed = self.door.headers(body) if signed is None else signed
        lines += [f"{name}: {value}" for name, value in signed.items()]
        if length is not None:
            lines.append(f"Content-Length: {length or len(body)}")
        return ("\r\n".join(lines) + f"\r\n{more}\r\n").encode() + body


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Open a door in which nobody waits long."""
    async with AsyncExitStack() as stack:
        door = Door.opened(ManualClock(), body_timeout=0.2)
        bound = stack.enter_context(listen("127.0.0.1", 0))
        await serve_app(door.app, bound, stack, patience=PATIENCE)
        yield Wire(door, bound.getsockname()[1])
