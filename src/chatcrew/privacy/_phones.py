"""Telephone numbers of any country, by the numbering plans of libphonenumber."""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from chatcrew.privacy._found import Found

_NUMBER = re.compile(
    r"(?<![\w.,/@+-])(\+ ?)?\(?\d{1,4}\)?(?:[ .-]{0,2}\(?\d{1,5}\)?){1,6}(?![\w@]|[,/]\w)"
)
_SHAPED = re.compile(r"[()+]|\d{4,5}-\d{4}$")
_SAID = re.compile(
    r"\b(?:tel|telefone|fone|cel|celular|whats|whatsapp|zap|ligar|liga|ligue|numero|phone|mobile"
    r"|call)\W{0,3}(?:\w{1,10}\W{1,3}){0,3}$"
)
_LOOK_BACK: Final = 40

_SUBSCRIBERS: Final = (
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
_SHORTEST_ALONE: Final = 9
"""Fewer digits that nothing tells the meaning of are as often a day or an order's number."""


def phones(text: str, *, region: str) -> Iterator[Found]:
    """Yield telephone numbers as E.164 (``+5511987654321``), checked by their country's plan.

    The plans are libphonenumber's. Without ``+`` a number is read by that of ``region``; what is
    dialled only there (0800, 4004) stays as it is dialled. A number without its area code is found,
    and not valid.
    """
    for found in _NUMBER.finditer(text):
        written = found.group()
        digits = re.sub(r"\D", "", written)
        if not 8 <= len(digits) <= 15:
            continue
        told = _SHAPED.search(written) is not None or (
            _SAID.search(text[max(0, found.start() - _LOOK_BACK) : found.start()]) is not None
        )
        number = _parsed(f"+{digits}" if found[1] else digits, region)
        if number is not None and (told or _speaks_for_itself(number, digits)):
            yield Found("phone", _spelt(number, region), *found.span(), told=told)
        elif told:
            yield Found("phone", digits, *found.span(), valid=False)


def _parsed(digits: str, region: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:  # no such country, code or length
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _speaks_for_itself(number: PhoneNumber, digits: str) -> bool:
    """Return whether bare digits are a customer's number, or begin with the 0 of a service."""
    return len(digits) >= _SHORTEST_ALONE and (
        digits.startswith("0") or phonenumbers.number_type(number) in _SUBSCRIBERS
    )


def _spelt(number: PhoneNumber, region: str) -> str:
    at_home = phonenumbers.country_code_for_region(region) == number.country_code
    if at_home and not phonenumbers.can_be_internationally_dialled(number):
        dialled = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        return phonenumbers.normalize_digits_only(dialled)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
