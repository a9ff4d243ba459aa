"""What everybody saw of the stories, without what differs from run to run: ids, times, ports."""

import difflib
import re
from collections.abc import Sequence

from benchmarks._conform_town import Town
from chatcrew.testing import Conversation, Message

_VARYING = (
    (re.compile(r"https?://127\.0\.0\.1:\d+"), "http://HERE"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "ID"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?"), "DATE"),
    (re.compile(r"\b\d\d/\d\d(/\d{4})?\b"), "DATE"),
    (re.compile(r"\b\d\d:\d\d(:\d\d)?\b"), "TIME"),
    (re.compile(r"\b\d+([.,]\d+)? ?(ms|s|min)\b"), "SPAN"),
)
_OF_A_LIMIT = re.compile(r"⚠️ \*\*\d+%|⛔ \*\*")


def transcript(town: Town) -> list[str]:
    """Return one line for each thing seen, conversation by conversation, and what was done."""
    lines: list[str] = []
    for name, talk in sorted(town.talks.items()):
        lines.append(f"== {name}")
        lines += [_line(message) for message in talk.messages if not _by_the_clock(message)]
        lines += _state(talk)
    strangers = sum(len(one.account.conversations) for one in town.places.values())
    lines.append(f"== {strangers} conversations")
    acted = town.outside.acted
    lines += [f"outside: report {number} made {acted[number]}×" for number in sorted(acted)]
    return lines


def difference(plain: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return what another mode's transcript says otherwise than the plain one; empty: nothing."""
    found = difflib.unified_diff(plain, other, "plain", "here", lineterm="", n=3)
    return list(found)


def _line(message: Message) -> str:
    who = "bot" if message.by_bot else "person" if message.by_person else "system"
    if message.message_type == "incoming":
        who = "customer"
    ours = message.content_attributes.get("chatcrew")
    engine = ours.get("engine") if isinstance(ours, dict) else None
    marks = [
        *(["note"] if message.private else []),
        *([f"by {engine}"] if engine else []),
        *([message.content_type] if message.content_type != "text" else []),
        *(["failed"] if message.status == "failed" else []),
    ]
    shown = f" ({', '.join(marks)})" if marks else ""
    items = [one.get("title") for one in message.content_attributes.get("items") or ()]
    choices = f" {items}" if items else ""
    return f"{who}{shown}: {_steady(message.content or '')!r}{choices}"


def _by_the_clock(message: Message) -> bool:
    """Return whether a look at the counters left it.

    It comes every ten seconds, to the business's newest conversation: where and when differs from
    run to run in one mode already.
    """
    return message.private and _OF_A_LIMIT.match(message.content or "") is not None


def _state(talk: Conversation) -> list[str]:
    owner = talk.assignee_type or "nobody"
    kept = {key: _steady(str(value)) for key, value in sorted(talk.custom_attributes.items())}
    return [
        f"ends {talk.status}, with {owner}, labels {sorted(talk.labels)}, "
        f"priority {talk.priority}, attributes {kept}",
    ]


def _steady(text: str) -> str:
    for pattern, name in _VARYING:
        text = pattern.sub(name, text)
    return text
