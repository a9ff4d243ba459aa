"""What stands for a value: ``[CPF_1]``, and how models bend it on its way back."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from chatcrew.privacy._places import holds
from chatcrew.privacy._span import KINDS

MARK: Final = "mark"
"""Kind of what somebody typed that reads like one of our placeholders."""

_NAMES: Final = {
    **{kind: kind for kind in (*KINDS, MARK)},
    "cartao": "card",
    "cartão": "card",
    "tarjeta": "card",
    "telefone": "phone",
    "teléfono": "phone",
    "telefono": "phone",
    "celular": "phone",
    "e-mail": "email",
    "correo": "email",
    "endereco": "address",
    "endereço": "address",
    "direccion": "address",
    "dirección": "address",
    "passaporte": "passport",
    "pasaporte": "passport",
}
"""Our names, and those that a model may translate them into."""

_NAME: Final = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_OPEN, _CLOSE = r"[\[\N{FULLWIDTH LEFT SQUARE BRACKET}]", r"[\]\N{FULLWIDTH RIGHT SQUARE BRACKET}]"
_PADDING: Final = r"[\s*`]{0,3}"


def _like(before: str, after: str) -> re.Pattern[str]:
    """Return what reads like one: in brackets, or bare between ``before`` and ``after``."""
    bracketed = (
        rf"{_OPEN}{_PADDING}(?P<inner>{_NAME})(?:\\?[_\s-]){{0,2}}(?P<first>\d{{1,4}})"
        rf"(?P<letter>[a-z])?{_PADDING}{_CLOSE}"
    )
    bare = rf"{before}(?P<bare>{_NAME})\\?_(?P<second>\d{{1,4}})(?P<other>[a-z])?{after}"
    return re.compile(f"{bracketed}|{bare}", re.IGNORECASE)


_BENT: Final = _like(r"(?<!\w)", r"(?!\w)")
_TYPED: Final = _like("", "")
"""Looser than what is put back, so that nothing typed can ever be taken for ours."""
_HINT: Final = re.compile(r"_\d|[\[\N{FULLWIDTH LEFT SQUARE BRACKET}][^\]]{0,60}\d")
"""Stands in every text with a placeholder, and is found much faster than one."""
_BEGINNINGS: Final = ("_", "[", "\N{FULLWIDTH LEFT SQUARE BRACKET}")
"""With one of these begins what ``_HINT`` finds, and they are found much faster still."""


def written(kind: str, number: int, spelling: int) -> str:
    """Return the placeholder of a value: ``[CPF_1]``, in its second spelling ``[CPF_1b]``."""
    letter = "" if not spelling else chr(ord("a") + spelling)
    return f"[{kind.upper()}_{number}{letter}]"


@lru_cache(maxsize=512)
def typed(text: str) -> tuple[tuple[int, int], ...]:
    """Return where ``text`` reads like a placeholder.

    Read once: a conversation's earlier messages come again with every call.
    """
    if not holds(text, _BEGINNINGS) or _HINT.search(text) is None:
        return ()  # nearly every text: to search it for all the names costs a tenth of a turn
    return tuple(match.span() for match in _TYPED.finditer(text))


def replace(text: str, put: Callable[[str], str | None]) -> str:
    """Return ``text`` with what ``put`` gives for each placeholder; None leaves it as it is."""

    def one(match: re.Match[str]) -> str:
        name = match["inner"] or match["bare"]
        number = match["first"] or match["second"]
        letter = (match["letter"] or match["other"] or "").lower()
        kind = _NAMES.get(name.lower(), name.lower())
        told = put(f"[{kind.upper()}_{int(number)}{letter}]")
        return match.group() if told is None else told

    return _BENT.sub(one, text)
