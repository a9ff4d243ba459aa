"""Values of entities as people write them, for replies and for the team's notes."""

import re
from collections.abc import Callable, Mapping
from datetime import date

import phonenumbers

_LONGEST = 120
_SIGNS = {"BRL": "R$", "USD": "US$", "EUR": "€"}


def shown(kind: str, value: str) -> str:
    """Return an entity's or a slot's value as people write it.

    Free text comes back on one line, without braces and not too long: a customer may have written
    anything there.

    Args:
        kind: an entity's kind, or ``text``.
        value: as ``Entity.value`` gives it, or the customer's words.
    """
    written = _WRITTEN.get(kind)
    if written is not None and suits(kind, value):
        return written(value)
    flat = " ".join(re.sub(r"[{}<>%]", " ", value).split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rstrip() + "…"


def suits(kind: str, value: str) -> bool:
    """Return whether ``value`` has the form of a slot of ``kind``.

    It was told when the files may have said another kind: a reload does not ask again at once.
    """
    form = _FORMS.get(kind)
    return form is None or re.fullmatch(form, value) is not None


def _digits(pattern: str, length: int) -> Callable[[str], str]:
    def written(value: str) -> str:
        return pattern.format(*value) if len(value) == length else value

    return written


def _document(value: str) -> str:
    return _WRITTEN["cpf" if len(value) == _CPF else "cnpj"](value)


def _date(value: str) -> str:
    return date.fromisoformat(value).strftime("%d/%m/%Y")


def _money(value: str) -> str:
    currency, amount = value.split(" ", 1)
    whole, cents = amount.split(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{_SIGNS.get(currency, currency)} {grouped},{cents}"


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


_CPF = 11
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_FORMS: Mapping[str, str] = {
    "cpf": r"\d{11}",
    "cnpj": r"[0-9A-Z]{14}",
    "document": r"\d{11}|[0-9A-Z]{14}",
    "cep": r"\d{8}",
    "phone": r"\+\d{6,15}",
    "email": r"[^@\s]+@[^@\s]+",
    "date": _DAY,
    "past_date": _DAY,
    "money": r"[A-Z]{3} \d+\.\d{2}",
}
_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "cpf": _digits("{}{}{}.{}{}{}.{}{}{}-{}{}", _CPF),
    "cnpj": _digits("{}{}.{}{}{}.{}{}{}/{}{}{}{}-{}{}", 14),
    "cep": _digits("{}{}{}{}{}-{}{}{}", 8),
    "document": _document,
    "date": _date,
    "past_date": _date,
    "money": _money,
    "phone": _phone,
}
