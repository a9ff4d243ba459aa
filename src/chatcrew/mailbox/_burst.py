"""A turn's stored events as the burst that the turn reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chatcrew.messages import Input, InputKind, Line


@dataclass(frozen=True, slots=True)
class Stored:
    """One event with its history line as it is now; None for what no message brought."""

    event_id: int
    kind: InputKind
    message_id: int | None
    part: int
    received_at: datetime
    line: Line | None
    payload: Mapping[str, Any] = field(default_factory=dict)


def build_burst(events: Iterable[Stored]) -> tuple[Input, ...]:
    """Return the inputs in message order, one for each message.

    Two events of one message (a voice note, then its transcription) are one input with the
    newest text; inputs without a message come first, so that the customer's words end the burst.
    """
    inputs: dict[object, Input] = {}
    for item in sorted(events, key=lambda item: (item.message_id or 0, item.part, item.event_id)):
        place = (item.message_id, item.part) if item.message_id is not None else item.event_id
        known = inputs.get(place)
        if known is None:
            inputs[place] = Input(
                item.event_id, item.kind, item.line, item.received_at, item.payload
            )
        else:
            received_at = max(known.received_at, item.received_at)
            inputs[place] = replace(known, kind=item.kind, received_at=received_at)
    return tuple(inputs.values())
