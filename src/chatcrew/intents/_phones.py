"""Telephone numbers, Brazilian ones by Anatel's plan, others by E.164."""

import re
from collections.abc import Iterator
from typing import Final

from chatcrew.intents._found import Found

_NUMBER = re.compile(
    r"(?<![\w.,/@+-])(\+ ?)?\(?\d{1,4}\)?(?:[ .-]{0,2}\(?\d{1,5}\)?){1,6}(?![\w@]|[,/]\w)"
)
_SHAPED = re.compile(r"[()+]|\d{4,5}-\d{4}$")
_SAID = re.compile(
    r"\b(?:tel|telefone|fone|cel|celular|whats|whatsapp|zap|ligar|liga|ligue|numero|phone|mobile"
    r"|call)\W{0,3}(?:\w{1,10}\W{1,3}){0,3}$"
)
_LOOK_BACK: Final = 40

# Anatel, Resolution 749/2022 (numbering plan): the national codes in use.
_AREAS: Final = re.compile(
    r"1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9]"
)
_NATIONAL = re.compile(r"(?:0(?:\d\d)?)?(\d\d)(9\d{8}|[2-5]\d{7})")
_FREE = re.compile(r"0[358]00\d{6,7}")
# ITU-T E.164, list of assigned country codes: those of one and two digits, and the zones whose
# codes have three.
_CODES = re.compile(
    r"1|7|20|27|30|31|32|33|34|36|39|40|41|43|44|45|46|47|48|49|51|52|53|54|55|56|57|58|60|61|62|63"
    r"|64|65|66|81|82|84|86|90|91|92|93|94|95|98|2[1-6]\d|29\d|3[578]\d|42\d|5[09]\d|6[7-9]\d"
    r"|8[58]\d|9[679]\d"
)


def phones(text: str, *, region: str) -> Iterator[Found]:
    """Yield telephone numbers as ``+5511987654321``; a free one (0800) as it is dialled.

    Without ``+`` a number is read by the plan of ``region``, of which only BR's is known here. One
    without its area code is found, and not valid.
    """
    for found in _NUMBER.finditer(text):
        written = found.group()
        digits = re.sub(r"\D", "", written)
        if not 8 <= len(digits) <= 15:
            continue
        told = _SHAPED.search(written) is not None or (
            _SAID.search(text[max(0, found.start() - _LOOK_BACK) : found.start()]) is not None
        )
        value = international(digits) if found[1] else _national(digits, region)
        if value is not None:
            yield Found("phone", value, *found.span(), told=told)
        elif told:
            yield Found("phone", digits, *found.span(), valid=False)


def international(digits: str) -> str | None:
    """Return ``digits`` (with their country's code) as E.164, or None if they cannot be."""
    code = _CODES.match(digits)
    if code is None or not 8 <= len(digits) <= 15:
        return None
    if code.group() == "55":
        return _national(digits[2:], "BR")
    if code.group() == "1" and not re.fullmatch(r"1[2-9]\d\d[2-9]\d{6}", digits):
        return None
    return f"+{digits}"


def _national(digits: str, region: str) -> str | None:
    if region != "BR":
        return None
    if _FREE.fullmatch(digits):
        return digits
    if len(digits) in (12, 13) and digits.startswith("55"):
        digits = digits[2:]
    found = _NATIONAL.fullmatch(digits)
    if found is None or not _AREAS.fullmatch(found[1]):
        return None
    return f"+55{found[1]}{found[2]}"
