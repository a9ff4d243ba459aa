"""One outbox part becomes one call to Chatwoot."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from chatcrew.chatwoot import ChatwootClient
from chatcrew.messages import ActKind, StoredPart

_Act = Callable[[ChatwootClient, StoredPart], Awaitable[int | None]]


async def perform(client: ChatwootClient, part: StoredPart) -> int | None:
    """Do what the part says; return the id of the message it created, if it creates one.

    Raises:
        ChatwootError: see its subclasses; ``maybe_done`` says whether the effect is in doubt.
    """
    return await _ACTS[part.kind](client, part)


def _attributes(part: StoredPart) -> dict[str, Any]:
    """Return the part's content attributes with our tag and trace in them.

    They come back in our own echo webhook (contract §2.4) and are what a read-back looks for.
    """
    trace = {**part.payload.get("trace", {}), "tag": part.tag}
    given: Mapping[str, Any] = part.payload.get("content_attributes", {})
    return {**given, "chatcrew": trace}


async def _message(client: ChatwootClient, part: StoredPart) -> int | None:
    return await client.create_message(
        part.conversation.number,
        part.payload["content"],
        content_type=part.payload.get("content_type", "text"),
        content_attributes=_attributes(part),
    )


async def _note(client: ChatwootClient, part: StoredPart) -> int | None:
    return await client.create_message(
        part.conversation.number,
        part.payload["content"],
        private=True,
        content_attributes=_attributes(part),
    )


async def _status(client: ChatwootClient, part: StoredPart) -> None:
    await client.toggle_status(part.conversation.number, part.payload["status"])


async def _labels(client: ChatwootClient, part: StoredPart) -> None:
    await client.add_labels(part.conversation.number, part.payload["add"])


async def _assignment(client: ChatwootClient, part: StoredPart) -> None:
    await client.assign(part.conversation.number, **part.payload)


async def _custom_attributes(client: ChatwootClient, part: StoredPart) -> None:
    await client.set_custom_attributes(part.conversation.number, part.payload["set"])


async def _priority(client: ChatwootClient, part: StoredPart) -> None:
    await client.set_priority(part.conversation.number, part.payload["priority"])


_ACTS: Mapping[ActKind, _Act] = {
    ActKind.MESSAGE: _message,
    ActKind.NOTE: _note,
    ActKind.STATUS: _status,
    ActKind.LABELS: _labels,
    ActKind.ASSIGNMENT: _assignment,
    ActKind.ATTRIBUTES: _custom_attributes,
    ActKind.PRIORITY: _priority,
}
