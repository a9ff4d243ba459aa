"""What intents know of a conversation: the last one, and how far its questions have come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chatcrew.messages._clean import clean_text


@dataclass(frozen=True, slots=True)
class Filled:
    """How far the questions of an intent have come; plain values, so that it can be kept as JSON.

    Attributes:
        values: what is known, by slot.
        asked: how often each slot was asked for.
        refused: which the customer will not or cannot tell.
        later: which the customer put off; they are asked for after the others.
        waiting: the slot that was asked for last.
        invalid: the slots whose answer in the last message was wrong, as its check digits were.
        wrong: such answers as they were written, by slot, until a right one comes.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    waiting: str | None = None
    invalid: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """What intents know of the present episode; the next one begins with nothing (S1-24).

    Attributes:
        intent: name of the last intent that a message was, or None.
        filled: what that intent has learned and still asks for.
        collected: what was put into the contact, or told people beside it, by its kind.
        consent: ``asked``, ``given`` or ``refused`` with the version of the text after a colon; ""
            where nobody asked whether the customer may be remembered.
    """

    intent: str | None = None
    filled: Filled = field(default_factory=Filled)
    collected: Mapping[str, str] = field(default_factory=dict)
    consent: str = ""


_NOTHING = Topic()
"""Nearly every conversation's."""


def topic_to_json(topic: Topic) -> dict[str, Any] | None:
    """Return ``topic`` as a clean JSON object, None where there is nothing to tell."""
    if topic is _NOTHING or topic == _NOTHING:
        return None
    filled = topic.filled
    return {
        "intent": topic.intent,
        "values": {name: clean_text(value) for name, value in filled.values.items()},
        "asked": dict(filled.asked),
        "refused": list(filled.refused),
        "later": list(filled.later),
        "waiting": filled.waiting,
        "invalid": list(filled.invalid),
        "wrong": {name: clean_text(text) for name, text in filled.wrong.items()},
        "collected": {kind: clean_text(value) for kind, value in topic.collected.items()},
        "consent": topic.consent,
    }


def topic_from_json(value: Mapping[str, Any] | None) -> Topic:
    """Return the topic that ``topic_to_json`` wrote."""
    if value is None:
        return _NOTHING
    filled = Filled(
        values=value["values"],
        asked=value["asked"],
        refused=tuple(value["refused"]),
        later=tuple(value["later"]),
        waiting=value["waiting"],
        invalid=tuple(value["invalid"]),
        wrong=value["wrong"],
    )
    # What was kept before these two were known has none of them
    return Topic(value["intent"], filled, value.get("collected", {}), value.get("consent", ""))
