"""Which of many written texts a reply rests on: by the words that only they can have given it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chatcrew.intents import word_set, words

MOST = 5
"""Cites of one reply; what rests on more is an essay."""

_NUMBER = re.compile(r"\d[\d.,:/-]*\d|\d")
_STEM = 6
"""Letters by which two forms of a word are the same: ``consulta``, ``consultas``."""
_SHORTEST = 3
_HEAVY = 3.0
"""A figure weighs as much as so many words: nobody says it by chance."""
_ASKED = 0.25
"""A word of the customer's own weighs so little: saying it back needs no source."""
_SHARE = 0.2
"""Least part of all that the reply took from somewhere, for a text to be cited beside others."""
_FEWEST = 2.0
"""Least weight a cite rests on: two words of which nothing else speaks, or one figure."""
_NEAR = 0.5
"""Of what gives nearly as much, that is the source of which most was said in the same order."""
_SAME = 0.9
"""What gives so much of the same words says the same."""

_EMPTY = word_set(
    """
    que com para por uma uns umas dos das nos nas aos pelo pela pelos pelas mas mais muito nao sim
    voce voces ele ela eles elas seu sua seus suas meu minha este esta esse essa isso aqui ali tem
    temos sao ser foi era ate sobre quando como qual quais onde tambem pode podem posso aqui agora
    the and for you your are our with this that from have has was were will can not but all any
    ola bom dia boa tarde noite oi hello
    """
)

Words = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Written:
    """Something people wrote that a reply may rest on.

    Attributes:
        kind: ``knowledge``, ``fact``, ``rule``, ``hours``, ``professional``; "" for what is said
            elsewhere (a tool's answer, an earlier message), which is no cite but explains words.
        name: as the admin calls it.
        text: what it says.
        place: ``file:line``, or "" where ``key`` tells it.
        key: its path among the tenant's values.
    """

    kind: str
    name: str
    text: str
    place: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """One thing a reply rests on, with everything that says the same: the best first."""

    written: tuple[Written, ...]
    weight: float


def supports(reply: str, candidates: Sequence[Written], *, asked: str = "") -> tuple[Support, ...]:
    """Return what ``reply`` took its words from, most of them first.

    Each takes words that those before it did not give. Two texts that give nearly the same ones
    are one support: the reply would be the same with either of them.

    Args:
        reply: what the customer reads.
        candidates: all that stood before whoever wrote it.
        asked: the customer's own words.
    """
    found = _found(reply, candidates, _read(asked))
    # "Sim, aceitamos Unimed": all of it said back, and yet it rests on something
    return found or (_found(reply, candidates, frozenset()) if asked else ())


def _found(
    reply: str, candidates: Sequence[Written], theirs: frozenset[str]
) -> tuple[Support, ...]:
    said = _read(reply)
    held = [said & tokens(one.text) for one in candidates]
    weights = _weights(said, held, theirs)
    total = sum(weights.values())
    left, found, runs = frozenset(weights), list[Support](), dict[int, int]()
    while left and len(found) < MOST:
        gains = [sum(weights[word] for word in one & left) for one in held]
        most = max(gains)
        if most < max(_FEWEST, _SHARE * total):
            break
        near = [place for place, gain in enumerate(gains) if gain >= _NEAR * most]
        for place in near:
            runs.setdefault(place, _run(reply, candidates[place].text))
        best = max(near, key=lambda place: (runs[place], gains[place]))
        taken = held[best] & left
        shared = [sum(weights[word] for word in one & taken) for one in held]
        same = [place for place, gain in enumerate(shared) if gain >= _SAME * gains[best]]
        same.sort(key=lambda place: place != best)
        found.append(Support(tuple(candidates[place] for place in same), gains[best]))
        left = left - taken
    return tuple(one for one in found if any(part.kind for part in one.written))


def _weights(
    said: frozenset[str], held: Sequence[frozenset[str]], theirs: frozenset[str]
) -> dict[str, float]:
    """Return what each word of the reply that somebody wrote tells of where it comes from."""
    weights = {}
    for word in said:
        among = sum(word in one for one in held)
        if not among:
            continue
        rare = math.log((1 + len(held)) / among) / math.log(1 + len(held))
        heavy = _HEAVY if word[0].isdigit() else 1.0
        weights[word] = rare * heavy * (_ASKED if word in theirs else 1.0)
    return weights


def _run(reply: str, text: str) -> int:
    """Return how many words of a text, one after the other, stand so in the reply."""
    said, given = words(reply), words(text)
    longest, before = 0, [0] * (len(given) + 1)
    for word in said:
        row = [0] * (len(given) + 1)
        for place, other in enumerate(given, 1):
            if word == other:
                row[place] = before[place - 1] + 1
                longest = max(longest, row[place])
        before = row
    return longest


@lru_cache(maxsize=2048)
def tokens(text: str) -> frozenset[str]:
    """Return what ``_read`` does, kept: what replies rest on is mostly a business's own texts."""
    return _read(text)


def _read(text: str) -> frozenset[str]:
    """Return the words that say something, by their beginnings, and the figures."""
    figures = {_plain(one) for one in _NUMBER.findall(text)}
    plain = _NUMBER.sub(" ", text)
    return frozenset(figures) | {
        word[:_STEM]
        for word in words(plain)
        if len(word) >= _SHORTEST and word not in _EMPTY and not word.isdigit()
    }


def _plain(figure: str) -> str:
    """Return a figure however it is written: ``1.297,00`` is ``1297``, ``08:00`` is ``8``."""
    bare = re.sub(r"[.,:]00$", "", figure)
    return re.sub(r"[.,:/-]", "", bare).lstrip("0") or "0"
