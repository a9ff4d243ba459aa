"""Which numbers are somebody's telephone: Brazilian ones as they are typed, foreign ones with +."""

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers

from chatcrew.privacy._runs import Window

# Anatel, Plano Geral de Códigos Nacionais: the area codes there are.
_AREAS: Final = re.compile(
    r"1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9]",
)
_SHAPES: Final = frozenset(
    {
        (11,),
        (10,),
        (2, 9),
        (2, 8),
        (2, 5, 4),
        (2, 4, 4),
        (2, 1, 4, 4),
        (2, 1, 8),
        (7, 4),
        (6, 4),
        (2, 3, 3, 3),
        (2, 5, 2, 2),
        (3, 4, 4),
    }
)
_LOCAL: Final = frozenset({(5, 4), (4, 4), (1, 4, 4)})
_AREA_DIGITS: Final = 3
_COUNTRY: Final = "55"
_SAID: Final = frozenset({"phone", "number", "pix"})
_HEAD: Final = re.compile(r"\+ ?\(?$|\($|(?<!\d)00 ?$")
_LONGEST_HEAD: Final = 4
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Dialled:
    """A telephone number.

    Attributes:
        value: digits without country (Brazil) and trunk prefix, or ``+`` and all of them.
        start: where it begins, with its sign and bracket.
    """

    value: str
    start: int


def dialled(window: Window, label: str) -> Dialled | None:
    """Return the telephone that a window is, None where it is none.

    What nothing tells the meaning of is one only with its area code, or with the dash before the
    last four digits. Service numbers (0800, 4004) are nobody's own.
    """
    if not _joined(window, label):
        return None
    near = max(0, window.start - _LONGEST_HEAD)
    head = _HEAD.search(window.text[near : window.start])
    start = near + head.start() if head else window.start
    plus = head is not None and head.group()[0] in "+0"
    digits, sizes = window.digits, window.sizes
    if plus and not digits.startswith(_COUNTRY):
        return Dialled(f"+{digits}", start) if _is_foreign(digits) else None
    bracket = head is not None and head.group().endswith("(") and ")" in "".join(window.gaps)
    told = label in _SAID or plus or bracket
    digits, sizes, foreign = _national(digits, sizes)
    if label == "order" and not (plus or bracket or foreign):
        return None
    if len(digits) in (10, 11):
        fits = _AREAS.match(digits) is not None and _is_line(digits[2:], told=told)
        return Dialled(digits, start) if fits and (told or sizes in _SHAPES) else None
    if len(digits) not in (8, 9) or not _is_line(digits, told=told):
        return None
    dashed = sizes in _LOCAL and bool(window.gaps) and window.gaps[-1].strip() == "-"
    years = sizes == (4, 4) and all(_YEAR.fullmatch(digits[at : at + 4]) for at in (0, 4))
    said = label == "phone" or (label in {"number", "pix"} and len(digits) == 9)
    return Dialled(digits, start) if said or (dashed and not years) else None


def _joined(window: Window, label: str) -> bool:
    """Return whether the groups belong to one telephone: a slash only follows the area code."""
    area, *rest = window.gaps or ("",)
    if any("/" in gap for gap in rest) or ("/" in area and window.sizes[0] > _AREA_DIGITS):
        return False
    return label == "phone" or not any("," in gap for gap in window.gaps)


def _national(digits: str, sizes: tuple[int, ...]) -> tuple[str, tuple[int, ...], bool]:
    """Return digits and groups without 55, 0055 or a trunk's 0, and whether the country stood."""
    for prefix, foreign in (("0055", True), (_COUNTRY, True), ("0", False)):
        rest = digits.removeprefix(prefix)
        if rest != digits and len(rest) in (10, 11) and _AREAS.match(rest):
            left = len(prefix)
            groups = list(sizes)
            while left and groups:
                taken = min(left, groups[0])
                left -= taken
                groups[0] -= taken
                if not groups[0]:
                    groups.pop(0)
            return rest, tuple(groups), foreign
    return digits, sizes, False


def _is_line(local: str, *, told: bool) -> bool:
    """Return whether 8 or 9 digits are a line's: mobile ones have 9 and begin with it."""
    if len(local) == 9:
        return local[0] == "9" and local[1] != "0"
    return local[0] in ("23456789" if told else "2345")


def _is_foreign(digits: str) -> bool:
    if not 8 <= len(digits) <= 15:
        return False
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:  # no such country
        return False
    return phonenumbers.is_possible_number(number)
