"""What a plain scalar of YAML means: the core schema of YAML 1.2.2, chapter 10.3."""

import re
from collections.abc import Callable, Mapping

_WORDS: Mapping[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (re.compile(r"[-+]?[0-9]{1,30}"), int),
    (re.compile(r"0o[0-7]{1,30}"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]{1,30}"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?"), float),
)
_FIRST = frozenset("0123456789+-." + "".join(word[0] for word in _WORDS if word))
"""What a scalar that is not text can begin with."""


def scalar(text: str) -> object:
    """Return what a plain scalar means by the core schema of YAML 1.2.2, chapter 10.3.2.

    A whole number of more than 30 digits is read as a float: nothing here is that large.
    """
    if text and text[0] not in _FIRST:
        return text  # nearly every scalar is plain text, and a file has thousands
    if text in _WORDS:
        return _WORDS[text]
    for pattern, convert in _NUMBERS:
        if pattern.fullmatch(text):
            return convert(text)
    return text
