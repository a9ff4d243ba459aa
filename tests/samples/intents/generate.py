"""Draw labelled messages from the patterns beside this file: ``generate.py LANGUAGE FOLDER``."""

import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

HERE = Path(__file__).parent
_PART = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")
_ACTIONS = (
    "cancel",
    "track",
    "change",
    "return",
    "pay for",
    "book",
    "confirm",
    "repeat",
    "rate",
    "share",
    "hide",
    "print",
    "export",
    "renew",
    "pause",
)
_THINGS = (
    "order",
    "subscription",
    "appointment",
    "invoice",
    "ticket",
    "flight",
    "delivery",
    "account",
    "card",
    "reservation",
)


def spell(pattern: str, draw: random.Random) -> str:
    """Return one line of a pattern: ``(a|b)`` is one of them, ``[a|b]`` one of them or nothing."""
    while (found := _PART.search(pattern)) is not None:
        choices = (found[1] if found[1] is not None else found[2]).split("|")
        part = draw.choice(choices) if found[1] is not None or draw.random() < 0.5 else ""
        pattern = pattern[: found.start()] + part + pattern[found.end() :]
    return " ".join(pattern.split())


def drawn(language: str, *, each: int, seed: int = 4) -> list[tuple[str, str]]:
    """Return up to ``each`` different lines per intent, as (text, intent)."""
    draw = random.Random(seed)
    patterns = yaml.safe_load((HERE / f"{language}.yaml").read_text(encoding="utf-8"))["train"]
    found: list[tuple[str, str]] = []
    for intent, own in patterns.items():
        lines = dict.fromkeys(spell(own[n % len(own)], draw) for n in range(each * 8))
        found += [(line, intent) for line in list(lines)[:each]]
    return found


def by_hand(language: str) -> list[tuple[str, str]]:
    """Return the lines that were written by hand, out of scope ones as ``oos``."""
    loaded = yaml.safe_load((HERE / f"{language}.yaml").read_text(encoding="utf-8"))
    lines = [(line, intent) for intent, own in loaded["test"].items() for line in own]
    return lines + [(line, "oos") for line in loaded["oos"]]


def many(*, each: int, seed: int = 4) -> Iterator[tuple[str, str]]:
    """Yield lines of 150 intents (15 actions on 10 things), to measure time with."""
    draw = random.Random(seed)
    leads = (
        "i want to",
        "please",
        "can you",
        "how do i",
        "help me",
        "i need to",
        "is it possible to",
        "we would like to",
        "hello could you",
        "where do i",
        "let me",
        "i was trying to",
    )
    ends = (
        "",
        "today",
        "as soon as possible",
        "for my mother",
        "number 4711",
        "from last week",
        "that i made yesterday",
        "before friday",
        "without a fee",
        "in the app",
        "on the website",
    )
    for action in _ACTIONS:
        for thing in _THINGS:
            lines: dict[str, None] = {}
            while len(lines) < each:
                the = draw.choice(("the", "my", "our", "this", "a"))
                old = draw.choice(("", "last", "new", "first", "second", "old"))
                lead, end = draw.choice(leads), draw.choice(ends)
                lines[" ".join(f"{lead} {action} {the} {old} {thing} {end}".split())] = None
            yield from ((line, f"{action.replace(' ', '_')}_{thing}") for line in lines)


def main(language: str, folder: str) -> None:
    """Write ``train.jsonl`` and ``test.jsonl``."""
    for name, lines in (("train", drawn(language, each=100)), ("test", by_hand(language))):
        rows = (
            json.dumps({"text": text, "intent": intent}, ensure_ascii=False)
            for text, intent in lines
        )
        Path(folder, f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
