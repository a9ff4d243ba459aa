"""What of a model's answer may be used: nothing it refused, and nothing half said."""

import json
import re
from dataclasses import replace

from chatcrew.errors import ModelRefused
from chatcrew.messages import ModelAnswer

_END = re.compile(r"([.!?…]+)[\"'”’»)\]*_~`]*(?=\s|$)")
_TITLE = re.compile(
    r"(?:\b(?:dr|dra|drs|sr|sra|srs|srta|prof|profa|av|rua|tel|ex|obs|pág|art|núm|nro|cód|apto|"
    r"mr|mrs|ms|st|vs|min|máx|aprox|[^\W\d_])|\bn[º°ª])$",
    re.IGNORECASE,
)
"""A full stop behind one of these ends no sentence; a single letter is an initial."""
_ITEM = re.compile(r"(?:^|\n)\s*\d{1,3}$")


def usable(answer: ModelAnswer) -> ModelAnswer:
    """Return ``answer``; one that was cut off only with its whole sentences and whole calls.

    Raises:
        ModelRefused: the model, or the provider's filter, said no: its words are about itself, in
            a tone that is not the business's, or stop in the middle.
    """
    if answer.finish_reason == "content_filter":
        raise ModelRefused("the model refused, or its answer was filtered", kind="content_filter")
    if not cut(answer):
        return answer
    calls = tuple(one for one in answer.tool_calls if _is_object(one.arguments))
    return replace(answer, text=sentences(answer.text), tool_calls=calls)


def cut(answer: ModelAnswer) -> bool:
    """Return whether the answer ended at a bound (``max_tokens``, context) and not by itself."""
    return answer.finish_reason == "length"


def sentences(text: str) -> str:
    """Return ``text`` up to the end of its last whole sentence, which may be nothing."""
    for end in reversed(list(_END.finditer(text))):
        if _ends(text, end):
            return text[: end.end()]
    return ""


def _ends(text: str, end: re.Match[str]) -> bool:
    """Return whether a sentence is over here: "Dr.", "1." of a list and "R$ 1." are not it."""
    before = text[: end.start()]
    if not any(char.isalnum() for char in before):
        return False
    word = before.rsplit(maxsplit=1)[-1] if before and not before[-1].isspace() else ""
    if end.end() == len(text) and not _closed(word, full_stop=end[1] == "."):
        return False
    if end[1] != ".":
        return True
    return bool(word) and _TITLE.search(before) is None and _ITEM.search(before) is None


def _closed(word: str, *, full_stop: bool) -> bool:
    """Return whether the last word of all is whole: an address or a figure could go on."""
    if full_stop:
        return not any(char.isdigit() or char in "./@:" for char in word)
    return "/" not in word


def _is_object(arguments: str) -> bool:
    """Return whether a call's arguments came to their end."""
    try:
        return isinstance(json.loads(arguments), dict)
    except ValueError:
        return False
