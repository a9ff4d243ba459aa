"""The conversation test of a correction: it must fail before it and pass after; pure."""

import re
from collections.abc import Sequence

from chatcrew.proposals._port import Content, Kind
from chatcrew.proposals._yaml import quoted, scalar

MOST = 3
"""Fragments of a kind in one test."""

RULED = "Tenho uma dúvida, você pode me ajudar?"
"""What the customer of a rule's test says, where what he said was no model's matter."""

_USUAL = "whatsapp"
_FIGURE = re.compile(
    r"https?://[^\s)>\]]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:R\$|US\$|€)\s?\d[\d.,]*\d|(?:R\$|US\$|€)\s?\d"
    r"|\d{1,2}h\d{2}|\d{1,2}:\d{2}|\d{1,2}h\b"
    r"|\d[\d.,/-]*\d%?|\d%?"
)
_MARKS = re.compile(r"[*_~`\[\]()#<>|]")
_WORDS = 8
_MODEL = frozenset({"crewai", "compiled", "fast"})


def figures(text: str) -> list[str]:
    """Return prices, times, numbers, links and addresses of a text, in order, each once."""
    return list(dict.fromkeys(one.rstrip(".,;:") for one in _FIGURE.findall(text)))


def wanted(answer: str, reply: str) -> list[str]:
    """Return fragments of the right answer that tell it from what was said.

    Figures that are new, else the beginning of its first sentence that was not said.
    """
    known = _folded(reply)
    new = [one for one in figures(answer) if _folded(one) not in known]
    if new:
        return new[:MOST]
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", answer):
        run = re.split(_MARKS, " ".join(sentence.split()))
        longest = " ".join(max(run, key=len).split()[:_WORDS])
        if longest and _folded(longest) not in known:
            return [longest]
    return [" ".join(_MARKS.split(answer)[0].split()[:_WORDS]) or answer[:60]]


def unwanted(answer: str, reply: str) -> list[str]:
    """Return figures of what was said that the right answer has not; no single digits."""
    right = _folded(answer)
    wrong = [one for one in figures(reply) if len(one) > 2 and _folded(one) not in right]
    return wrong[:MOST]


def case_lines(name: str, kind: Kind, content: Content) -> list[str]:
    """Return the test of a correction as lines of an item of ``conversations``."""
    rows = [f"name: {scalar(name)}"]
    if content.channel not in ("", "_default", _USUAL):
        rows.append(f"channel: {scalar(content.channel)}")
    rows.append("customer:")
    if kind is Kind.RULE:
        said = content.question if content.way in _MODEL and content.question else RULED
        rows += [
            f"  - says: {scalar(said)}",
            f"    told: {scalar(content.text)}",
            f"    model: {scalar('Claro! Em que posso ajudar?')}",
        ]
        return rows
    rows += [
        f"  - says: {scalar(content.question)}",
        f"    contains: {_listed(wanted(content.text, content.reply))}",
    ]
    if lacks := unwanted(content.text, content.reply):
        rows.append(f"    lacks: {_listed(lacks)}")
    rows.append("    handoff: false")
    return rows


def _listed(fragments: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(one) for one in fragments) + "]"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
