"""Placeholders for values, the same value always the same one, and the vault that knows them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from chatcrew.privacy import _placeholders
from chatcrew.privacy._detect import ALL, detect
from chatcrew.privacy._span import Span

_SPELLINGS: Final = 26
_SHORTEST_KNOWN: Final = 6
"""A shorter value, such as a card's code, is a quantity elsewhere."""
_SHORTEST_GLUED: Final = 9
"""From this length on a known value is hidden inside of other signs too: no chance put it there."""

Value = tuple[str, str]
"""Kind and value in one spelling."""


@dataclass(frozen=True, slots=True)
class Vault:
    """What the placeholders of one request stand for; it never leaves the process.

    Attributes:
        texts: what was written, by placeholder (``[CPF_1]``).
    """

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.texts)

    def kind(self, placeholder: str) -> str:
        """Return the kind a placeholder is of."""
        return placeholder[1:].rpartition("_")[0].lower()


def mask(text: str, kinds: Collection[str] = ALL) -> tuple[str, Vault]:
    """Return ``text`` with placeholders for what identifies people, and what these stand for.

    ``restore`` gives back the very text. What reads like a placeholder of ours in ``text`` gets one
    itself, so that nobody can make another value appear by writing its name.
    """
    masker = Masker(kinds)
    masked = masker.mask_all([text])[0]
    return masked, masker.vault


def restore(text: str, vault: Vault, kinds: Collection[str] | None = None) -> str:
    """Return ``text`` with every placeholder of ``vault`` replaced by what it stands for.

    Models bend them: brackets lost or doubled, small letters, blanks, bold, translated names.

    Args:
        text: what came back.
        vault: of the request.
        kinds: those that may be seen; the others keep their placeholder. None: all.
    """

    def put(placeholder: str) -> str | None:
        said = vault.texts.get(placeholder)
        kind = vault.kind(placeholder)
        seen = kinds is None or kind in kinds or kind == _placeholders.MARK
        return said if seen else (placeholder if said is not None else None)

    return _placeholders.replace(text, put) if len(vault) else text


class Masker:
    """Masks the texts of one request, numbered in the order in which values are first found.

    Args:
        kinds: what is masked.
        public: values that everybody may know, such as the business's own telephone.
        shown: values that count like others, but are not masked: found on the way in what is
            public, so that the numbers of the other ones stay what they were.
    """

    def __init__(
        self,
        kinds: Collection[str] = ALL,
        *,
        public: Collection[Value] = (),
        shown: Collection[Value] = (),
    ) -> None:
        self._kinds = frozenset(kinds)
        self._public = Public(public)
        self._shown = Public(shown)
        self._numbers: dict[Value, int] = {}
        self._counts: dict[str, int] = {}
        self._spellings: dict[Value, list[str]] = {}
        self._texts: dict[str, str] = {}
        self._known: dict[str, Value] = {}

    @property
    def vault(self) -> Vault:
        """What the placeholders given so far stand for."""
        return Vault(dict(self._texts))

    @property
    def hides(self) -> bool:
        """Whether any value got a placeholder."""
        return any(not one.startswith("[MARK_") for one in self._texts)

    def mask_all(self, texts: Iterable[str], *, ours: Collection[int] = ()) -> list[str]:
        """Return the texts masked; a value found in one is masked in all of them.

        Args:
            texts: in the order in which they were said.
            ours: places of texts that may hold placeholders of this very request: what a model
                wrote, and what a tool answered that got one.
        """
        listed, found = list(texts), list[list[tuple[Span, Value]]]()

        def put(place: int) -> str:
            return self._put(listed[place], found[place], ours=place in ours)

        for place, text in enumerate(listed):
            known = len(self._known)
            found.append(self._learn(text))
            # As if it were the last: names given so far stay, whatever is said after it
            for one in range(place + 1) if len(self._known) > known else (place,):
                put(one)
        return [put(place) for place in range(len(listed))]

    def _learn(self, text: str) -> list[tuple[Span, Value]]:
        """Number what ``text`` holds; return what of it is to be masked."""
        hidden = []
        for span in detect(text, self._kinds):
            value = self._value(span)
            if self._public.holds(value):
                continue
            self._number(value)
            if self._shown.holds(value):
                continue
            hidden.append((span, value))
            said = text[span.start : span.end]
            self._placeholder(value, said)
            for spelt in (said, span.value):
                if len(spelt) >= _SHORTEST_KNOWN:
                    self._known.setdefault(spelt.lower(), value)
        return hidden

    def _value(self, span: Span) -> Value:
        """Return what a span says, under the kind that it was first found as."""
        for kind in span.kinds:
            if (kind, span.value) in self._numbers:
                return kind, span.value
        return span.kinds[0], span.value

    def _number(self, value: Value) -> int:
        number = self._numbers.get(value)
        if number is None:
            self._counts[value[0]] = self._counts.get(value[0], 0) + 1
            number = self._numbers[value] = self._counts[value[0]]
        return number

    def _put(self, text: str, spans: list[tuple[Span, Value]], *, ours: bool) -> str:
        places = [(span.start, span.end, value) for span, value in spans]
        for start, end, value in self._seen_again(text):
            if all(end <= first or last <= start for first, last, _ in places):
                places.append((start, end, value))
        parts, at = [], 0
        for start, end, value in sorted(places):
            parts += [self._unlike_ours(text[at:start], ours=ours)]
            parts += [self._placeholder(value, text[start:end])]
            at = end
        return "".join([*parts, self._unlike_ours(text[at:], ours=ours)])

    def _unlike_ours(self, rest: str, *, ours: bool) -> str:
        """Return what lies between values, with nothing that could be taken for a placeholder."""
        parts, at = [], 0
        for start, end in _placeholders.typed(rest):
            name = rest[start:end]
            if ours and name in self._texts:
                continue
            parts += [rest[at:start], self._placeholder((_placeholders.MARK, name), name)]
            at = end
        return "".join([*parts, rest[at:]])

    def _seen_again(self, text: str) -> Iterable[tuple[int, int, Value]]:
        """Yield where known values stand that nothing around them gives away."""
        # In the order in which they were learnt, so that what is said later changes nothing before
        folded = text.lower() if text.isascii() else None
        for spelt, value in self._known.items():
            if _is_absent(spelt, text, folded):
                continue
            pattern = re.escape(spelt)
            if len(spelt) < _SHORTEST_GLUED:
                pattern = rf"(?<![^\W_]){pattern}(?![^\W_])"
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield *match.span(), value

    def _placeholder(self, value: Value, text: str) -> str:
        number = self._number(value)
        spellings = self._spellings.setdefault(value, [])
        if text not in spellings:
            if len(spellings) == _SPELLINGS:
                # more spellings than letters: what is written counts as another value
                return self._placeholder((value[0], f"{value[1]} {text}"), text)
            spellings.append(text)
        placeholder = _placeholders.written(value[0], number, spellings.index(text))
        self._texts[placeholder] = text
        return placeholder


def _is_absent(spelt: str, text: str, folded: str | None) -> bool:
    """Return whether a known value stands in ``text`` for certain not, however it is cased there.

    Asked for each value in each text: to search for it by a pattern takes a thousand times as long,
    and of a few hundred values each would have to be made anew.
    """
    if spelt.upper() == spelt:
        return spelt not in text
    return folded is not None and spelt.isascii() and spelt not in folded


class Public:
    """Values that are no secret, asked for in any of their spellings.

    Args:
        values: kind and value, as ``values`` gives them.
    """

    def __init__(self, values: Collection[Value] = ()) -> None:
        self._values = frozenset(values)
        self._phones = tuple(value for kind, value in self._values if kind == "phone")

    def holds(self, value: Value) -> bool:
        """Return whether ``value`` is public; a telephone also without its area code."""
        if value in self._values:
            return True
        kind, said = value
        return kind == "phone" and any(
            one.endswith(said) or said.endswith(one) for one in self._phones
        )


def values(texts: Iterable[str]) -> frozenset[Value]:
    """Return every value in ``texts``, under each of its kinds."""
    return frozenset(
        (kind, span.value) for text in texts for span in detect(text) for kind in span.kinds
    )
