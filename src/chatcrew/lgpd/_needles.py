"""What to look for when somebody is looked for, and whether a text holds it, however written."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chatcrew.lgpd._views import views
from chatcrew.privacy import Flat, Value, detect

_IDENTIFYING: Final = frozenset({"cpf", "rg", "cnh", "passport", "card", "phone", "email", "pix"})
_NUMBERS: Final = frozenset({"cpf", "card", "phone", "rg", "cnh"})
_LONGEST_TEXTS: Final = 40
_TEXT: Final = 40
"""From this length on a sentence is one person's own: two people do not type it alike."""
_FEWEST_DIGITS: Final = 8
_RUN: Final = re.compile(r"\d(?:[\s.\-()/_+*,]{0,3}\d)+")
_BLANKS: Final = re.compile(r"\s+")
_AT: Final = re.compile(r"\s*(?:\(at\)|\[at\]|\barroba\b|@)\s*")
_DOT: Final = re.compile(r"\s*(?:\(dot\)|\[dot\]|\bponto\b)\s*")


@dataclass(frozen=True, slots=True)
class Needle:
    """One thing to look for.

    Attributes:
        kind: ``phone``, ``email``, ``cpf``, ``name``, ``text``, or another of ``privacy.KINDS``.
        value: digits where it is a number, else flattened text.
    """

    kind: str
    value: str


def identity(contact: Mapping[str, Any]) -> frozenset[Needle]:
    """Return what a contact as snapshots keep it (name, phone, email, attributes) is known by."""
    found: set[Needle] = set()
    for kind in ("phone", "email"):
        if isinstance(said := contact.get(kind), str):
            found |= given(kind, said)
    if isinstance(name := contact.get("name"), str):
        flat = _calm(name)
        # One word is anybody's name; a telephone in its place is no name
        if len(flat.split()) > 1 and not any(char.isdigit() for char in flat):
            found.add(Needle("name", flat))
        found |= mentioned([name])
    attributes = contact.get("attributes")
    values = attributes.values() if isinstance(attributes, Mapping) else ()
    return frozenset(found | mentioned(str(one) for one in values))


def mentioned(texts: Iterable[str], *, public: Collection[Value] = ()) -> frozenset[Needle]:
    """Return what ``texts`` say that identifies somebody, but for what is public anyway."""
    return frozenset(
        _needle(span.kinds[0], span.value)
        for text in texts
        for span in detect(text, _IDENTIFYING)
        if not any((kind, span.value) in public for kind in span.kinds)
    )


def sentences(texts: Iterable[str]) -> frozenset[Needle]:
    """Return those of somebody's sentences that nobody else would write so, the longest first."""
    flat = {_calm(text) for text in texts}
    own = sorted((one for one in flat if len(one) >= _TEXT), key=len, reverse=True)
    return frozenset(Needle("text", one) for one in own[:_LONGEST_TEXTS])


def given(kind: str, written: str) -> frozenset[Needle]:
    """Return what is looked for where somebody names a ``phone``, ``email`` or ``cpf``."""
    if kind == "email":
        return (
            frozenset({Needle("email", _mail(written).strip())}) if written.strip() else frozenset()
        )
    label = "tel " if kind == "phone" else f"{kind} "
    found = {_needle(kind, one.value) for one in detect(label + written, {kind})}
    digits = re.sub(r"\D", "", Flat.of(written).text)
    if not found and len(digits) >= _FEWEST_DIGITS:
        found = {_needle(kind, digits)}
    return frozenset(found)


class Searcher:
    """Says which needles stand in a text, in whatever spelling and encoding.

    Args:
        needles: what is looked for.
    """

    def __init__(self, needles: Collection[Needle]) -> None:
        self._numbers = [(needle.kind, form) for needle in needles for form in _spellings(needle)]
        self._words = [
            (needle.kind, needle.value)
            for needle in needles
            if needle.kind not in _NUMBERS and needle.value
        ]

    def __bool__(self) -> bool:
        return bool(self._numbers or self._words)

    def kinds(self, text: str) -> frozenset[str]:
        """Return the kinds of needles that ``text`` holds."""
        found: set[str] = set()
        for view in views(text):
            flat = Flat.of(view).text
            found.update(kind for kind, value in self._words if self._said(kind, value, flat))
            if self._numbers:
                runs = [re.sub(r"\D", "", run) for run in _RUN.findall(flat)]
                found.update(
                    kind
                    for kind, (number, alone) in self._numbers
                    if any(run == number if alone else number in run for run in runs)
                )
        return frozenset(found)

    @staticmethod
    def _said(kind: str, value: str, flat: str) -> bool:
        if kind == "email":
            return value in flat or value in _mail(flat)
        return value in flat or value in _BLANKS.sub(" ", flat)


def _needle(kind: str, value: str) -> Needle:
    return Needle(kind, re.sub(r"\D", "", value) if kind in _NUMBERS else _calm(value))


def _spellings(needle: Needle) -> list[tuple[str, bool]]:
    """Return digits to look for, and whether they count only where no others stand beside them."""
    if needle.kind not in _NUMBERS:
        return []
    digits = needle.value
    if needle.kind != "phone":
        return [(digits, len(digits) <= _FEWEST_DIGITS)] if digits else []
    national = digits[2:] if len(digits) > 11 and digits.startswith("55") else digits
    forms = {national: len(national) < 10}
    if len(national) in (10, 11):
        # Anatel, Resolução 553/2010: mobile numbers got a 9 before their eight digits
        area, local = national[:2], national[2:]
        older = local[1:] if len(local) == 9 and local[0] == "9" else local
        newer = f"9{local}" if len(local) == 8 and local[0] in "6789" else local
        forms |= {area + older: False, area + newer: False, newer: True, older: True}
    return list(forms.items())


def _mail(text: str) -> str:
    return _DOT.sub(".", _AT.sub("@", Flat.of(text).text))


def _calm(text: str) -> str:
    return _BLANKS.sub(" ", Flat.of(text).text).strip()
