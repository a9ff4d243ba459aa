"""A Chatwoot that costs little: posts recorded webhooks, answers the API, stores nothing else.

What FakeChatwoot does for correctness (views, tokens, rules) costs more than the server that is to
be measured; on the same two cores that would be most of what is seen. Here a webhook takes about
50 µs: bodies are filled templates (``_scenes``), HTTP is as little as it takes. Every call that no
scene knows is counted: a load with such calls is not valid.
"""

import asyncio
import hmac
import json
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmarks._installation import SECRET
from benchmarks._scenes import Scenes, Template, inside
from benchmarks._wire import Incoming, Outgoing

_FIRST_ID = 1_000_000
_HEAD = (
    b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nContent-Type: application/json\r\n"
    b"X-Chatwoot-Delivery: %s\r\nX-Chatwoot-Timestamp: %s\r\nX-Chatwoot-Signature: sha256=%s\r\n"
    b"%sContent-Length: %d\r\n\r\n%s"
)
_ACTS = {
    ("POST", "labels"): "labels",
    ("GET", "labels"): "show_labels",
    ("POST", "toggle_priority"): "priority",
    ("POST", "custom_attributes"): "custom_attributes",
    ("POST", "toggle_typing_status"): "typing",
    ("POST", "assignments"): "assign",
    ("GET", ""): "show",
}


@dataclass(slots=True)
class Talk:
    """A conversation, as far as the load needs one.

    Attributes:
        number: its display id.
        status: ``pending`` or ``open``.
        last: id of its newest message that the customer sees.
        text: of it, as it stands in JSON; ``attributes`` likewise.
        asked: when the customer's messages that nobody answered were due, oldest first.
    """

    number: int
    status: str = "pending"
    last: int = 0
    text: bytes = b""
    attributes: bytes = b"{}"
    asked: deque[float] = field(default_factory=deque)


@dataclass(slots=True)
class Heard:
    """What the load saw.

    Attributes:
        acks: seconds from the moment a webhook was due until it was answered.
        statuses: answers to webhooks, by HTTP status.
        calls: of the API, by act.
        unknown: calls that no scene answers.
    """

    acks: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)


class LeanChatwoot:
    """Posts webhooks and answers calls.

    Args:
        scenes: what follows from what.
        threads: webhooks on their way at once (Sidekiq's threads).
        keep_alive: keep connections; Chatwoot itself opens one for each webhook.

    Attributes:
        heard: what came of it so far.
        talks: by number.
        url: base URL of the API, once it was started.
        said: is told of each public message of the bot: conversation, text, seconds.
    """

    def __init__(self, scenes: Scenes, *, threads: int, keep_alive: bool) -> None:
        self.heard = Heard()
        self.said: Callable[[Talk, str, float], None] = lambda *_: None
        self.talks: dict[int, Talk] = {}
        self.url = ""
        self._scenes = scenes
        self._keep_alive = keep_alive
        self._ids = _FIRST_ID
        self._waiting: deque[tuple[Template, Talk, dict[str, bytes], float]] = deque()
        self._free = threads
        self._idle: list[Outgoing] = []
        self._host, self._port, self._path = "", 0, b""
        self._server: asyncio.Server | None = None
        self._opening: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on loopback."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Incoming(self._answer), "127.0.0.1", 0, backlog=1024
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def aim(self, url: str) -> None:
        """Post webhooks to ``url`` from now on."""
        parts = urlsplit(url)
        assert parts.hostname, "an address of loopback"
        self._host, self._port, self._path = parts.hostname, parts.port or 80, parts.path.encode()

    @property
    def on_their_way(self) -> int:
        """Webhooks that are not answered yet."""
        return len(self._waiting)

    def customer_writes(self, talk: Talk | None, text: str, due: float) -> Talk:
        """Let a customer write, in a new conversation where there is none."""
        act = "again"
        if talk is None:
            act = "first"
            talk = Talk(len(self.talks) + 1)
            self.talks[talk.number] = talk
        talk.asked.append(due)
        self._ids += 1
        talk.last, talk.text, talk.attributes = self._ids, inside(text), b"{}"
        self._follow(self._scenes[act, talk.status].webhooks, talk, self._values(talk), due)
        return talk

    def _values(self, talk: Talk) -> dict[str, bytes]:
        now = time.time()
        number = talk.number
        values = {
            "conversation": b"%d" % number,
            "contact": b"%d" % number,
            "phone": b"55819%08d" % number,
            "message": b"%d" % self._ids,
            "last": b"%d" % talk.last,
            "source": b"wamid.%d" % talk.last,
            "text": talk.text,
            "attributes": talk.attributes,
        }
        return values | _moment(now)

    def _follow(
        self, webhooks: tuple[Template, ...], talk: Talk, values: dict[str, bytes], due: float
    ) -> None:
        for webhook in webhooks:
            if webhook.after:
                asyncio.get_running_loop().call_later(
                    webhook.after, self._later, webhook, talk, values
                )
            else:
                self._enqueue(webhook, talk, values, due)

    def _later(self, webhook: Template, talk: Talk, values: dict[str, bytes]) -> None:
        now = time.time()
        if talk.status != "pending":
            # what a receipt shows is the conversation of its own moment
            known = self._scenes["reply", talk.status].webhooks
            webhook = next((one for one in known if one.after == webhook.after), webhook)
        self._enqueue(webhook, talk, values | _moment(now), time.perf_counter())

    def _enqueue(self, webhook: Template, talk: Talk, values: dict[str, bytes], due: float) -> None:
        self._waiting.append((webhook, talk, values, due))
        self._pump()

    def _pump(self) -> None:
        while self._waiting and self._free:
            self._free -= 1
            webhook, _talk, values, due = self._waiting.popleft()
            request = self._request(webhook.fill(values))
            if self._idle:
                self._idle.pop().send(request, due)
            else:
                task = asyncio.get_running_loop().create_task(self._open(request, due))
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)

    async def _open(self, request: bytes, due: float) -> None:
        try:
            _, outgoing = await asyncio.get_running_loop().create_connection(
                lambda: Outgoing(self._acknowledged), self._host, self._port
            )
        except OSError as error:
            self._acknowledged(None, type(error).__name__, due)
            return
        outgoing.send(request, due)

    def _acknowledged(self, outgoing: "Outgoing | None", status: str, due: float) -> None:
        self.heard.statuses[status] += 1
        self.heard.acks.append(time.perf_counter() - due)
        if outgoing is not None:
            if self._keep_alive:
                self._idle.append(outgoing)
            else:
                outgoing.close()
        self._free += 1
        self._pump()

    def _request(self, body: bytes) -> bytes:
        stamp = b"%d" % time.time()
        digest = hmac.digest(SECRET.encode(), stamp + b"." + body, "sha256").hex().encode()
        close = b"" if self._keep_alive else b"Connection: close\r\n"
        delivery = str(uuid.uuid4()).encode()
        return _HEAD % (self._path, delivery, stamp, digest, close, len(body), body)

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer to a call."""
        _, found, place = path.partition("/conversations/")
        number, _, end = place.partition("?")[0].partition("/")
        talk = self.talks.get(int(number)) if found and number.isdigit() else None
        said: dict[str, Any] = json.loads(body) if body else {}
        act = _ACTS.get((method, end), "")
        if (method, end) == ("POST", "messages"):
            act = "note" if said.get("private") else "reply"
        elif end == "toggle_status":
            act = str(said["status"])
        scene = self._scenes.get((act, talk.status)) if talk is not None else None
        if talk is None or scene is None or scene.answer is None:
            if not path.endswith("/api") and number != "0":  # it asks what it may do
                self.heard.unknown[f"{method} {end}"] += 1
            return 404, b'{"error":"Resource could not be found"}'
        self.heard.calls[act] += 1
        now = time.perf_counter()
        text = str(said.get("content") or "")
        content = inside(text)
        attributes = json.dumps(said.get("content_attributes") or {}).encode()
        self._ids += act in ("reply", "note")
        if act == "reply":
            talk.last, talk.text, talk.attributes = self._ids, content, attributes
        values = self._values(talk) | {"note": content, "note_attributes": attributes}
        if act in ("open", "pending"):
            talk.status = act
        self._follow(scene.webhooks, talk, values, now)
        if act == "reply" and not goes_on(said.get("content_attributes")):
            self.said(talk, text, now)
        return 200, scene.answer.fill(values)


def goes_on(attributes: dict[str, Any] | None) -> bool:
    """Return whether it is a later one of the messages that one reply was cut into."""
    trace = (attributes or {}).get("chatcrew")
    return isinstance(trace, dict) and trace.get("bubble", [1])[0] > 1


def _moment(now: float) -> dict[str, bytes]:
    spelled = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
    return {
        "unix": b"%d" % now,
        "precise": b"%.6f" % now,
        "iso": f"{spelled}.{int(now % 1 * 1000):03d}Z".encode(),
    }
