"""A question as what is looked for: its own words, what else they are called, and slips."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chatcrew.intents import words
from chatcrew.knowledge._analysis import root, stem, table, weight

SYNONYM = 0.75
"""What another word for the same thing weighs beside the word itself."""
NEAR = 0.35
DERIVED = 0.85
"""What a word of the same family weighs."""
SLIP = 0.8
_MOST_WORDS = 48
_MOST_SLIPS = 8
_MOST_VARIANTS = 40

Nearest = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question asks for.

    Attributes:
        weight: beside its rarity.
        variants: what each key that may stand for it weighs, 0..1; the literal one weighs 1.
    """

    weight: float
    variants: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Groups:
    words: Mapping[str, Mapping[str, float]]
    phrases: Mapping[tuple[str, ...], Mapping[str, float]]
    longest: int


def terms(text: str, *, known: Callable[[str], bool], nearest: Nearest) -> tuple[Term, ...]:
    """Return what ``text`` asks for.

    Args:
        text: the customer's words.
        known: whether a key stands in any passage.
        nearest: the known stem that a mistyped one is read as, or None.
    """
    said = words(text)[:_MOST_WORDS]
    groups = _groups()
    found: list[Term] = []
    slips = 0
    stems = tuple(stem(word) for word in said)
    for at in range(len(said)):
        for size in range(groups.longest, 1, -1):
            also = groups.phrases.get(stems[at : at + size])
            if also is not None:
                found.append(Term(1.0, also))
                break
    for word, key in zip(said, stems, strict=True):
        weighs = weight(word)
        if not weighs:
            continue
        variants = {key: 1.0, root(word): DERIVED}
        for other, likeness in groups.words.get(key, {}).items():
            variants[other] = max(variants.get(other, 0.0), likeness)
        if not any(map(known, variants)) and slips < _MOST_SLIPS:
            slips += 1
            if (near := nearest(key)) is not None:
                variants[near] = SLIP
                for other, likeness in groups.words.get(near, {}).items():
                    variants.setdefault(other, likeness * SLIP)
        found.append(Term(weighs, variants))
    return tuple(found)


@lru_cache(maxsize=1)
def _groups() -> _Groups:
    """Return what each word and each phrase is also called, by stems."""
    single: dict[str, dict[str, float]] = {}
    phrases: dict[tuple[str, ...], dict[str, float]] = {}
    for mark, members in table():
        if mark == "=":
            continue
        likeness = NEAR if mark == "~" else SYNONYM
        for member in members:
            others = [one for one in members if one != member]
            if len(member) == 1:
                known = single.setdefault(stem(member[0]), {})
            else:
                known = phrases.setdefault(tuple(stem(word) for word in member), {})
            for other in others:
                _add(known, other, likeness)
    return _Groups(single, phrases, max(map(len, phrases), default=1))


def _add(known: dict[str, float], other: tuple[str, ...], likeness: float) -> None:
    said = [word for word in other if weight(word)]
    if not said:
        return
    # Words of a phrase mean it only together
    share = likeness if len(other) == 1 else likeness * 0.75 / len(said) ** 0.5
    for word in said:
        shared = share * weight(word)
        for key, factor in ((stem(word), 1.0), (root(word), DERIVED)):
            known[key] = max(known.get(key, 0.0), shared * factor)
