"""CPF, CNPJ, payment cards and telephones as they are typed, by check digits, plan and context."""

import re
from collections.abc import Iterator
from typing import Final

from chatcrew.privacy import _labels
from chatcrew.privacy._dialled import dialled
from chatcrew.privacy._documents import is_cnpj, is_cpf
from chatcrew.privacy._places import holds, matches
from chatcrew.privacy._runs import Window, windows
from chatcrew.privacy._span import Span

_CPF_SHAPES: Final = {(11,), (3, 3, 3, 2), (9, 2), (3, 3, 5), (1,) * 11}
_CNPJ_SHAPES: Final = {(14,), (2, 3, 3, 4, 2), (2, 3, 3, 6), (8, 4, 2), (8, 6), (12, 2)}
_CARD_SHAPES: Final = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8)}
_CARD_LENGTHS: Final = range(13, 20)
# ISO/IEC 7812 prefixes of the brands that Brazilian shops take (Visa, Mastercard, Amex, Diners,
# Discover, Hipercard, Elo, JCB).
_BRANDS: Final = re.compile(
    r"4|5[0-5]|2(?:2[2-9]|[3-6]\d|7[01]|720)|3[47]|3(?:0[0-5]|[68])|6(?:011|4|5|0)|35|63"
)
_LETTERED: Final = re.compile(
    r"(?<![a-z\d])[a-z\d]{2}[. ]?[a-z\d]{3}[. ]?[a-z\d]{3}(/?) ?[a-z\d]{4}[- ]?\d{2}(?![a-z\d])"
)
_LETTERED_END: Final = re.compile(r"\d\d(?![a-z\d])(?:(?<=[a-z\d]{4}\d\d)|(?<=[a-z\d]{4}[- ]\d\d))")
_LETTERED_LENGTHS: Final = range(14, 20)
"""Letters and digits, with what may stand between them."""
_CVV: Final = re.compile(r"(?:cvv2?|cvc2?|seguranca)\W{0,4}(?:e |eh |do cartao )?(\d{3,4})(?!\d)")

_CVV_NAMES: Final = ("cvv", "cvc", "seguranca")


def numbers(text: str) -> Iterator[Span]:
    """Yield the numbers of flattened ``text``, left to right; none overlaps another."""
    reached, spoken = 0, 0
    for found in windows(text):
        start = found[0].start
        if start < reached:
            continue
        label = _labels.before(text, start, since=spoken)
        if not label and text[start - 1 : start] in {"/", "="}:
            continue  # a part of a link
        span = next((one for one in (_read(window, label) for window in found) if one), None)
        if span is not None:
            yield span
            reached = spoken = span.end


def lettered(text: str) -> Iterator[Span]:
    """Yield CNPJs with letters, as given since July 2026 (Receita Federal, IN RFB 2.229/2024)."""
    for match in matches(_LETTERED, text, lettered_begins(text)):
        plain = re.sub(r"[^a-z\d]", "", match.group()).upper()
        if plain.isdigit():
            continue
        said = _labels.before(text, match.start()) == "cnpj"
        bare = is_cnpj(plain) and " " not in match.group()
        if match[1] or (any(char.isdigit() for char in plain[:12]) and (said or bare)):
            yield Span(("cnpj",), plain, *match.span())


def lettered_begins(text: str) -> list[int]:
    """Return where a CNPJ with letters can begin: so far before two digits that end a word."""
    ends = (match.end() for match in _LETTERED_END.finditer(text))
    return sorted({end - one for end in ends for one in _LETTERED_LENGTHS if end >= one})


def card_codes(text: str) -> Iterator[Span]:
    """Yield security codes of cards, which stand behind their name."""
    if not holds(text, _CVV_NAMES):
        return
    for match in _CVV.finditer(text):
        yield Span(("card",), f"cvv {match[1]}", *match.span(1))


def _read(window: Window, label: str) -> Span | None:
    """Return what a window is, None where it is nothing of ours."""
    label = label or _labels.after(window.text, window.end)
    kind = _cnpj(window, label) or _card(window, label) or _cpf(window, label)
    value, start = window.digits, window.start
    if kind is None:
        number = dialled(window, label)
        if number is None:
            return None
        kind, value, start = "phone", number.value, number.start
    kinds: tuple[str, ...] = (kind,)
    if label == "pix" or _labels.pix_said(window.text, window.start):
        kinds = (kind, "pix")
    return Span(kinds, value, start, window.end)


def _cnpj(window: Window, label: str) -> str | None:
    said = label in {"cnpj", "document"}
    slashed = window.sizes == (2, 3, 3, 4, 2) and "/" in window.gaps[2]
    if len(window.digits) == 14 and is_cnpj(window.digits):
        usual = window.sizes in _CNPJ_SHAPES and not _ordered(window, label)
        return "cnpj" if said or slashed or usual else None
    near = label == "cnpj" and 12 <= len(window.digits) <= 15
    return "cnpj" if slashed or near else None


def _cpf(window: Window, label: str) -> str | None:
    count = len(window.digits)
    dashed = window.sizes == (3, 3, 3, 2) and window.marked
    if count == 11 and is_cpf(window.digits):
        if label in {"cpf", "document", "pix"} or dashed:
            return "cpf"
        if label == "phone" or window.sizes not in _CPF_SHAPES:
            return None
        return None if _ordered(window, label) else "cpf"
    if dashed and label != "order":
        return "cpf"
    return "cpf" if label == "cpf" and 9 <= count <= 12 else None


def _card(window: Window, label: str) -> str | None:
    count = len(window.digits)
    if count not in _CARD_LENGTHS or any("/" in gap or "," in gap for gap in window.gaps):
        return None
    if label == "card":
        return "card"
    good = _luhn(window.digits) and _BRANDS.match(window.digits) is not None
    if window.sizes in _CARD_SHAPES:
        # a slip of the finger in four groups of four still is a card's number
        four = window.sizes == (4, 4, 4, 4) and _BRANDS.match(window.digits) is not None
        return "card" if good or (four and label != "order") else None
    return "card" if good and len(window.sizes) == 1 and count > 13 and label != "order" else None


def _ordered(window: Window, label: str) -> bool:
    return label == "order" and _labels.called_an_order(window.text, window.start)


def _luhn(digits: str) -> bool:
    """Return whether the check digit fits (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (1 + place % 2)
        total += number - 9 * (number > 9)
    return total % 10 == 0
