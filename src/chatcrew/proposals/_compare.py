"""What a person made of the bot's words: sent them, changed them, or said something else; pure."""

import re
from difflib import SequenceMatcher

from chatcrew.messages import Fate

EDITED = 0.5
"""How alike two texts are at least (share of equal words, in order) for one to be the other's."""

_MARKS = re.compile(r"[*_~`>#\u200b]+|^\s*[-•]\s+", re.MULTILINE)
_SIGNATURE = re.compile(r"\n\s*--\s*\n.*\Z", re.DOTALL)
_MOST = 2_000
"""Words that are compared; a longer text is a draft of nothing."""


def fate_of(draft: str, sent: str) -> tuple[Fate, float]:
    """Return what ``sent`` makes of ``draft``, and how alike they are, 0 to 1.

    Marks, capitals, spaces and a signature change nothing: whoever copies from a note loses them.
    """
    ours, theirs = _words(draft), _words(sent)
    if ours == theirs:
        return Fate.SENT, 1.0
    likeness = round(SequenceMatcher(None, ours, theirs, autojunk=False).ratio(), 3)
    return (Fate.EDITED if likeness >= EDITED else Fate.IGNORED), min(likeness, 0.999)


def _words(text: str) -> list[str]:
    plain = _MARKS.sub("", _SIGNATURE.sub("", text.replace("\r\n", "\n")))
    return plain.casefold().split()[:_MOST]
