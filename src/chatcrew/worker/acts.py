"""One outbox part becomes one call to Chatwoot."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from chatcrew.chatwoot import TAG_KEY, ChatwootClient, LastCheck
from chatcrew.messages import UNLESS_SPOKEN, ActKind, StoredPart
from chatcrew.timers import Timer, Timers

_ALONE = ("followup", "inactivity")
_Act = Callable[[ChatwootClient, StoredPart], Awaitable[object]]


async def perform(client: ChatwootClient, part: StoredPart, *, last_check: LastCheck) -> int | None:
    """Do what the part says; return the id of the message it created, if it creates one.

    Raises:
        ChatwootError: see its subclasses; ``maybe_done`` says whether the effect is in doubt.
        Exception: whatever ``last_check`` raises; nothing was sent then.
    """
    if part.kind in (ActKind.MESSAGE, ActKind.NOTE):
        return await client.create_message(
            part.conversation.number,
            part.payload["content"],
            private=part.kind is ActKind.NOTE,
            content_type=part.payload.get("content_type", "text"),
            content_attributes=_attributes(part),
            template_params=part.payload.get("template_params"),
            last_check=last_check,
        )
    await last_check()
    await _SETS[part.kind](client, part)
    return None


async def leave(timers: Timers, part: StoredPart) -> None:
    """Set the timer that the part says, once however often it is done.

    A follow-up takes the place of the one before it, and so does the timer of a silent customer:
    nobody is asked twice.

    Raises:
        StoreError: storage is away.
    """
    kind = part.payload["kind"]
    timer = Timer(
        key=part.payload.get("key") or part.tag,
        conversation=part.conversation,
        kind=kind,
        due_at=datetime.fromtimestamp(part.payload["due_at"], UTC),
        payload=part.payload["payload"],
    )
    await timers.set(timer, alone=kind in _ALONE)


def pause(part: StoredPart) -> float:
    """Return the seconds that were decided to lie between a part and the one before it."""
    return float(part.payload.get("pause", 0.0))


def _attributes(part: StoredPart) -> dict[str, Any]:
    """Return the part's content attributes with our tag and trace in them.

    They come back in our own echo webhook (contract §2.4) and are what a read-back looks for.
    """
    trace = {**part.payload.get("trace", {}), "tag": part.tag}
    given: Mapping[str, Any] = part.payload.get("content_attributes", {})
    return {**given, TAG_KEY: trace}


async def _status(client: ChatwootClient, part: StoredPart) -> None:
    number, status = part.conversation.number, part.payload["status"]
    if "snoozed_until" in part.payload:
        await client.toggle_status(number, status, snoozed_until=part.payload["snoozed_until"])
    else:
        await client.toggle_status(number, status)


async def _labels(client: ChatwootClient, part: StoredPart) -> None:
    add, remove = part.payload.get("add", ()), part.payload.get("remove", ())
    await client.add_labels(part.conversation.number, add, remove=remove)


async def _assignment(client: ChatwootClient, part: StoredPart) -> None:
    given = {name: value for name, value in part.payload.items() if name != UNLESS_SPOKEN}
    await client.assign(part.conversation.number, **given)


async def _custom_attributes(client: ChatwootClient, part: StoredPart) -> None:
    await client.set_custom_attributes(part.conversation.number, part.payload["set"])


async def _priority(client: ChatwootClient, part: StoredPart) -> None:
    await client.set_priority(part.conversation.number, part.payload["priority"])


async def _contact(client: ChatwootClient, part: StoredPart) -> None:
    await client.update_contact(part.payload["contact_id"], part.payload["set"])


async def _unsend(client: ChatwootClient, part: StoredPart) -> None:
    await client.delete_message(part.conversation.number, part.payload["message_id"])


_SETS: Mapping[ActKind, _Act] = {
    ActKind.STATUS: _status,
    ActKind.LABELS: _labels,
    ActKind.ASSIGNMENT: _assignment,
    ActKind.ATTRIBUTES: _custom_attributes,
    ActKind.PRIORITY: _priority,
    ActKind.CONTACT: _contact,
    ActKind.UNSEND: _unsend,
}
