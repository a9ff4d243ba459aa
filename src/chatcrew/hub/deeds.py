"""What a reply says that was done, or will be: a bot must not claim what nobody did."""

import re
from collections.abc import Iterable

_DONE = re.compile(
    r"\b(?:cancelei|estornei|reembolsei|apliquei|agendei|marquei|remarquei|desmarquei|reservei|"
    r"alterei|atualizei|liberei|cadastrei|apaguei|exclu[íi]|I\s+(?:have\s+)?(?:cancell?ed|booked|"
    r"refunded|applied|deleted|changed|updated))\b",
    re.IGNORECASE,
)
_WHO = (
    r"(?:pessoa|equipe|atendente|humano|recep[cç][ãa]o|time|colega|especialista|suporte|gerente|"
    r"financeiro|person|team|colleague|human|agent)"
)
_PASSES = re.compile(
    r"\b(?:(?:vou|irei|estou)\s+(?:te\s+|lhe\s+)?(?:transfer\w+|encaminh\w+|pass\w+|cham\w+|"
    r"acion\w+|direcion\w+)|transferi|encaminhei|chamei|acionei|"
    r"I(?:\s+am|'m|\s+will|'ll)\s+(?:transfer\w*|pass\w*|call\w*|connect\w*|hand\w*))\b"
    rf"[^.?!\n]{{0,60}}\b{_WHO}\b[^?\n]{{0,80}}(?:[.!\n]|$)",
    re.IGNORECASE,
)


_STEM = 5


def claimed(text: str, *, results: Iterable[str] = ()) -> str | None:
    """Return the words in which a reply says that it did what nobody did, or None.

    Args:
        text: the reply.
        results: what tools returned; a deed of which one of them speaks was done.
    """
    for found in _DONE.finditer(text):
        stem = found.group().lower().removeprefix("i have ").removeprefix("i ")[:_STEM]
        if not any(stem in one.lower() for one in results):
            return found.group()
    return None


def promises_people(text: str) -> bool:
    """Return whether a reply tells the customer that people go on: then they have to be called.

    A question ("Quer que eu chame uma pessoa?") promises nothing.
    """
    return _PASSES.search(text) is not None
