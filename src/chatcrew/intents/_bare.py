"""What bare digits and codes mean where something was just asked for: an answer says no more."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from validate_docbr import CNPJ, CPF

from chatcrew.intents._entities import Entity

_WORDS: Final = re.compile(
    r"^\W*(?:(?:e|é|eh|o|a|meu|minha|n[ºo°.]*|num|numero|número|codigo|código|uns|umas"
    r"|cerca de|is|it|my|the|about|around|r\$)\W+)*",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"\W*(?:reais|real|conto|contos|viu|obrigad[oa])?\W*$", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Za-z]{0,6}[-. ]?\d[\d. -]{0,18}|[A-Za-z]{2,8}-\d{1,10}")
_AMOUNT: Final = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,9})(?:,(\d{2}))?")
_LONGEST: Final = 60
_CEP, _CPF, _CNPJ = 8, 11, 14
_PHONE_WITHOUT_AREA = (8, 9)


def bare(kind: str, text: str) -> Entity | None:
    """Return what a message that is nothing but the answer means for a slot of ``kind``.

    Digits that cannot be right are an answer all the same, and not valid: it is worth asking again.
    None for a message that says anything else, or a kind that its own form tells.
    """
    if len(text) > _LONGEST:
        return None
    said = _TAIL.sub("", _WORDS.sub("", text.strip()))
    read = _READ.get(kind)
    found = read(said) if read is not None and said else None
    if found is None:
        return None
    start = text.find(said)
    return Entity(kind, found[0], said, start, start + len(said), found[1])


def _digits(said: str) -> str | None:
    """Return the digits of what is written in digits and their usual marks alone."""
    return re.sub(r"\D", "", said) if re.fullmatch(r"\+?[\d\s./()-]+", said) else None


def _cep(said: str) -> tuple[str, bool] | None:
    digits = _digits(said)
    return None if digits is None else (digits, len(digits) == _CEP)


def _document(said: str) -> tuple[str, bool] | None:
    digits = _digits(said)
    if digits is None:
        return None
    if len(digits) == _CPF:
        return digits, bool(CPF().validate(digits))
    return digits, len(digits) == _CNPJ and bool(CNPJ().validate(digits))


def _cpf(said: str) -> tuple[str, bool] | None:
    found = _document(said)
    return None if found is None else (found[0], found[1] and len(found[0]) == _CPF)


def _cnpj(said: str) -> tuple[str, bool] | None:
    found = _document(said)
    return None if found is None else (found[0], found[1] and len(found[0]) == _CNPJ)


def _phone(said: str) -> tuple[str, bool] | None:
    """Return a number without its area code as not valid; the rest the entities read."""
    digits = _digits(said)
    return None if digits is None or len(digits) not in _PHONE_WITHOUT_AREA else (digits, False)


def _amount(said: str) -> tuple[str, bool] | None:
    found = _AMOUNT.fullmatch(said)
    if found is None:
        return None
    return f"BRL {found[1].replace('.', '')}.{found[2] or '00'}", True


def _order(said: str) -> tuple[str, bool] | None:
    return (re.sub(r"[. ]", "", said).upper(), True) if _CODE.fullmatch(said) else None


_READ: Final[Mapping[str, Callable[[str], tuple[str, bool] | None]]] = {
    "cep": _cep,
    "cpf": _cpf,
    "cnpj": _cnpj,
    "document": _document,
    "phone": _phone,
    "money": _amount,
    "order_number": _order,
}
