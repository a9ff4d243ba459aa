"""Signed webhooks of customers' messages, each one new, made before the clock runs."""

import hmac
import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SAMPLE = Path("tests/samples/chatwoot/payloads/message_created-whatsapp-text.json")
_MESSAGE, _CONVERSATION, _TEXT = 900_000_001, 900_000_002, "@@text@@"

TEXT = "Oi, boa tarde! Vocês atendem no sábado? ({number})"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose messages they are.

    Attributes:
        account_id: Chatwoot's account.
        inbox_id: Chatwoot's inbox.
        bot_id: the agent bot that owns each conversation.
        secret: signs.
        path: of the webhook's URL.
    """

    account_id: int
    inbox_id: int
    bot_id: int
    secret: str
    path: str


class Messages:
    """Makes the wire form of webhooks from the sample of Chatwoot 4.16.2.

    Args:
        sender: whose messages they are.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        filled = _fill(json.loads(_SAMPLE.read_text("utf-8")), sender)
        self._template = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))

    def body(self, message_id: int, conversation: int, *, text: str | None = None) -> bytes:
        """Return the body of one customer's message."""
        said = json.dumps(text or TEXT.format(number=message_id), ensure_ascii=False)[1:-1]
        return (
            self._template.replace(str(_MESSAGE), str(message_id))
            .replace(str(_CONVERSATION), str(conversation))
            .replace(_TEXT, said)
            .encode()
        )

    def signed(
        self, message_id: int, conversation: int, *, text: str | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Return headers and body of one webhook, signed now."""
        body = self.body(message_id, conversation, text=text)
        stamp = str(int(time.time()))
        digest = hmac.digest(self._sender.secret.encode(), f"{stamp}.".encode() + body, "sha256")
        headers = {
            "Accept": "*/*",
            "User-Agent": "rest-client/2.1.0",
            "Content-Type": "application/json",
            "X-Chatwoot-Delivery": str(uuid.uuid4()),
            "X-Chatwoot-Timestamp": stamp,
            "X-Chatwoot-Signature": f"sha256={digest.hex()}",
        }
        return headers, body

    def request(self, message_id: int, conversation: int) -> bytes:
        """Return a webhook as the whole HTTP/1.1 request."""
        headers, body = self.signed(message_id, conversation)
        lines = [f"POST {self._sender.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _fill(sample: dict[str, Any], sender: Sender) -> dict[str, Any]:
    """Put the sender's ids into the sample, and marks where each message differs."""
    sample["account"] = {"id": sender.account_id, "name": "benchmark"}
    sample["content"] = _TEXT
    sample["id"] = _MESSAGE
    sample["inbox"]["id"] = sender.inbox_id
    sample["source_id"] = f"wamid.{_MESSAGE}"
    sample["created_at"] = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    sample["sender"]["id"] = _CONVERSATION
    sample["sender"]["account"] = sample["account"]
    conversation = sample["conversation"]
    conversation["id"] = _CONVERSATION
    conversation["inbox_id"] = sender.inbox_id
    conversation["updated_at"] = time.time()
    conversation["account"] = sample["account"]
    conversation["contact_inbox"] |= {"contact_id": _CONVERSATION, "inbox_id": sender.inbox_id}
    conversation["meta"]["sender"]["id"] = _CONVERSATION
    conversation["meta"]["assignee"]["id"] = sender.bot_id
    for row in conversation["messages"]:
        row |= {
            "id": _MESSAGE,
            "content": _TEXT,
            "processed_message_content": _TEXT,
            "account_id": sender.account_id,
            "inbox_id": sender.inbox_id,
            "conversation_id": _CONVERSATION,
            "source_id": f"wamid.{_MESSAGE}",
            "sender_id": _CONVERSATION,
        }
        row["sender"]["id"] = _CONVERSATION
    return sample
