"""A tapped or typed option of our last message (S1-39): WhatsApp sends a tap back as plain text."""

import re
from collections.abc import Sequence

from chatcrew.intents._fold import fold
from chatcrew.intents._typos import MIN_LETTERS, one_slip

_NUMBER = re.compile(
    r"(?:(?:a |o )?(?:opcao|alternativa|numero|item|option|number|n|no) )?(\d{1,2})(?: por favor)?"
)
_LISTED = re.compile(r"^(\d{1,2})\. (\S.*?)\s*$")
_SHORTEST_CUT = 8
"""A title cut by the channel is recognised from this many letters on."""


def chosen(text: str, offered: Sequence[str]) -> str | None:
    """Return the title in ``offered`` that ``text`` means, or None.

    A title counts with other case, accents and emoji, cut off by the channel, or with one slip of
    the thumb; ``1``, ``1.``, ``opção 1`` count by position.
    """
    if not offered:
        return None
    said = fold(text)
    number = _NUMBER.fullmatch(said)
    if number is not None:
        place = int(number.group(1))
        return offered[place - 1] if 1 <= place <= len(offered) else None
    bare = re.sub(r"^\d{1,2} ", "", said)
    titles = [(fold(title), title) for title in offered]
    for folded, title in titles:
        if folded and folded in (said, bare):
            return title
    near = [title for folded, title in titles if _nearly(bare, folded)]
    return near[0] if len(near) == 1 else None


def _nearly(said: str, title: str) -> bool:
    if len(said) >= _SHORTEST_CUT and title.startswith(said):
        return True
    return len(title) >= MIN_LETTERS and one_slip(said, title)


def listed(text: str) -> tuple[str, ...]:
    """Return the options that ``text`` ends with as lines ``1. …``, ``2. …``; else none."""
    found: list[tuple[int, str]] = []
    for line in reversed(text.strip().splitlines()):
        numbered = _LISTED.match(line.strip())
        if numbered is None:
            break
        found.insert(0, (int(numbered[1]), numbered[2]))
    in_order = [number for number, _ in found] == list(range(1, len(found) + 1))
    return tuple(title for _, title in found) if in_order and len(found) > 1 else ()
