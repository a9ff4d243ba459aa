"""What Chatwoot says to a bot, act by act: recorded from FakeChatwoot, cheap to send again.

FakeChatwoot builds each body anew, which costs more than what the load wants to measure. So each
act is done once, in a conversation whose ids, times and texts are found again in the bodies.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp

from benchmarks._installation import SECRET, SENDER, TOKEN
from chatcrew.testing import Account, Conversation, FakeChatwoot, WebhookSink

_MOMENT = datetime(2009, 2, 13, 23, 31, 30, tzinfo=UTC)
_CONVERSATION, _CONTACT, _MESSAGES = 770_001, 550_001, 900_000_000
_PHONE = "5581900770001"
_TEXT, _NOTE = "TEXT-OF-THE-MESSAGE", "TEXT-OF-THE-NOTE"
_MARKS = {
    "2009-02-13T23:31:30.000Z": "iso",
    str(_CONVERSATION): "conversation",
    str(_CONTACT): "contact",
    _PHONE: "phone",
    _TEXT: "text",
    _NOTE: "note",
    '{"mark":"attributes"}': "attributes",
    '{"mark":"note"}': "note_attributes",
}
_FOUND = re.compile(
    "|".join(
        [
            *map(re.escape, _MARKS),
            r"1234567890\.\d+",
            r"1234567890",
            r"\b9008\d{5}\b",
            r"wamid\.HBgM[0-9A-F]+",
        ]
    ).encode()
)
"""What stands in a body for an id, a time or a text of the recording."""
_REPLY = {"content": _TEXT, "content_attributes": {"mark": "attributes"}, "private": False}
_WHISPER = {"content": _NOTE, "content_attributes": {"mark": "note"}, "private": True}
_CALLS: dict[str, tuple[str, str, Mapping[str, Any]]] = {
    "reply": ("POST", "messages", {**_REPLY, "message_type": "outgoing"}),
    "note": ("POST", "messages", {**_WHISPER, "message_type": "outgoing"}),
    "labels": ("POST", "labels", {"labels": ["fila"]}),
    "show_labels": ("GET", "labels", {}),
    "priority": ("POST", "toggle_priority", {"priority": "high"}),
    "custom_attributes": ("POST", "custom_attributes", {"custom_attributes": {"a": "b"}}),
    "typing": ("POST", "toggle_typing_status", {"typing_status": "on"}),
    "show": ("GET", "", {}),
    "assign": ("POST", "assignments", {"assignee_id": SENDER.bot_id, "assignee_type": "AgentBot"}),
}
_MOVES: dict[str, tuple[str, str, Mapping[str, Any]]] = {
    "open": ("POST", "toggle_status", {"status": "open"}),
    "pending": ("POST", "toggle_status", {"status": "pending"}),
}
_TURNED = {"pending": "open", "open": "pending"}
_RECEIPTS = (0.3, 0.7, 1.1, 1.5)
"""Seconds after which FakeChatwoot reports how far an outgoing message has come."""


@dataclass(frozen=True, slots=True)
class Template:
    """A body with gaps.

    Attributes:
        event: of Chatwoot, "" for the answer to a call.
        after: seconds after the act.
        pieces: bytes, and names of what fills a gap.
    """

    event: str
    after: float
    pieces: tuple[bytes | str, ...]

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """Return the body with these values."""
        return b"".join([one if type(one) is bytes else values[one] for one in self.pieces])  # type: ignore[index, misc]


@dataclass(frozen=True, slots=True)
class Scene:
    """What follows from one act.

    Attributes:
        answer: to the call; None where a customer acts.
        webhooks: in order.
    """

    answer: Template | None
    webhooks: tuple[Template, ...]


Scenes = dict[tuple[str, str], Scene]
"""By act and the conversation's status: ``first``, ``again`` (a customer) and calls of the API."""


async def record() -> Scenes:
    """Play each act before FakeChatwoot and keep what it sends."""
    scenes: Scenes = {}
    for status in ("pending", "open"):
        async with WebhookSink() as sink, _chatwoot(sink.url) as chatwoot:
            scenes |= await _play(chatwoot, sink, status)
    return scenes


def _chatwoot(url: str) -> FakeChatwoot:
    chatwoot = FakeChatwoot(clock=_Still(), speed=1e6)
    chatwoot.skip_ids(_MESSAGES)
    account = chatwoot.add_account(SENDER.account_id, "benchmark")
    account.next_display_id = _CONVERSATION
    account.add_inbox(SENDER.inbox_id, channel="Channel::Whatsapp")
    bot = account.add_bot(SENDER.bot_id, secret=SECRET, access_token=TOKEN)
    bot.outgoing_url = url
    return chatwoot


async def _play(chatwoot: FakeChatwoot, sink: WebhookSink, status: str) -> Scenes:
    account: Account = chatwoot.accounts[SENDER.account_id]
    inbox = account.inboxes[SENDER.inbox_id]
    contact = account.add_contact(_CONTACT, name="Ana Souza", phone_number=f"+{_PHONE}")
    scenes: Scenes = {}
    talk = await chatwoot.customer_says(inbox, contact, _TEXT)
    scenes["first", status] = await _taken(chatwoot, sink, talk)
    await chatwoot.customer_replies(talk, _TEXT)
    scenes["again", status] = await _taken(chatwoot, sink, talk)
    headers = {"api_access_token": TOKEN}
    async with aiohttp.ClientSession(chatwoot.url, headers=headers) as session:
        if status == "open":
            # as a handoff does it: the bot gives up the conversation with it
            await _call(session, "open")
            await _taken(chatwoot, sink, talk)
        turned = _TURNED[status]
        for act in [*_CALLS, turned]:
            said = await _call(session, act)
            seen = await _taken(chatwoot, sink, talk, receipts=act == "reply")
            scenes[act, status] = Scene(_template("", 0.0, said, talk), seen.webhooks)
    return scenes


async def _call(session: aiohttp.ClientSession, act: str) -> bytes:
    method, end, body = {**_CALLS, **_MOVES}[act]
    place = f"/api/v1/accounts/{SENDER.account_id}/conversations/{_CONVERSATION}/{end}".rstrip("/")
    sent = None if method == "GET" else body
    async with session.request(method, place, json=sent) as answer:
        answer.raise_for_status()
        return await answer.read()


async def _taken(
    chatwoot: FakeChatwoot, sink: WebhookSink, talk: Conversation, *, receipts: bool = False
) -> Scene:
    """Return what was sent since the last look."""
    await chatwoot.idle()
    came = list(sink.received)
    sink.received.clear()
    late = len(_RECEIPTS) if receipts else 0
    delays = [0.0] * (len(came) - late) + list(_RECEIPTS[:late])
    # side by side they arrive in any order: the customer sees the message before its receipts
    came.sort(key=lambda one: one.event == "message_updated")
    return Scene(
        None,
        tuple(
            _template(one.event, delay, one.body, talk)
            for one, delay in zip(came, delays, strict=True)
        ),
    )


def _template(event: str, after: float, body: bytes, talk: Conversation) -> Template:
    newest = str(talk.messages[-1].id).encode() if talk.messages else b""
    pieces: list[bytes | str] = []
    end = 0
    for found in _FOUND.finditer(body):
        pieces.append(body[end : found.start()])
        pieces.append(_gap(found.group(), newest))
        end = found.end()
    return Template(event, after, (*pieces, body[end:]))


def _gap(mark: bytes, newest: bytes) -> str:
    if mark.startswith(b"wamid"):
        return "source"
    if mark.startswith(b"9008"):
        return "message" if mark == newest else "last"
    if mark.startswith(b"1234567890"):
        return "precise" if b"." in mark else "unix"
    return _MARKS[mark.decode()]


def inside(text: str) -> bytes:
    """Return a text as it stands between the quotation marks of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1].encode()


class _Still:
    """A clock that stands: all of a recording is of one moment."""

    now = staticmethod(partial(_MOMENT.replace))

    def monotonic(self) -> float:
        """Return seconds, always the same."""
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Let the others go first."""
        del seconds
        await asyncio.sleep(0)
