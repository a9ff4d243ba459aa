"""What a correction is about: the question that was answered, without whose it was; pure."""

import re
from collections.abc import Sequence

from chatcrew.messages import AuthorKind, Fate, Line, clean_text, own_words
from chatcrew.privacy import veil
from chatcrew.proposals._case import figures

MOST = 300
"""Characters of a question."""

_PLACEHOLDER = re.compile(r"\[[^\]\s]{1,24}_\d+\]")


def question_before(lines: Sequence[Line], message_id: int, *, after: int = 0) -> str:
    """Return what the customer asked before a message: his last words that nobody had answered.

    Args:
        lines: of the conversation, oldest first.
        message_id: of the reply.
        after: of what the bot had said before it, which may be deleted by now.
    """
    asked: list[str] = []
    for line in reversed([one for one in lines if after < one.message_id < message_id]):
        if line.author.kind is AuthorKind.CUSTOMER:
            asked.append(own_words(line))
        elif line.author.kind.answers and asked:
            break
    return plain(" ".join(reversed(asked)))[:MOST].strip()


def plain(text: str) -> str:
    """Return a text on one line without the personal data that can be told from words."""
    return " ".join(_PLACEHOLDER.sub(" ", veil(clean_text(text))).split())


def tidy(text: str) -> str:
    """Return an answer as a file may hold it: its own lines, no other blanks or signs."""
    rows = (" ".join(row.split()) for row in clean_text(text).splitlines())
    return "\n".join(rows).strip()


def corrects(draft: str, sent: str, fate: Fate) -> bool:
    """Return whether an edited draft was wrong in a figure or link, not only in its wording."""
    return fate is Fate.EDITED and bool(set(figures(sent)) ^ set(figures(draft)))
