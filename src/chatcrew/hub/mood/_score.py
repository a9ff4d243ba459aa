"""From words to a mood between -1 and 1; pure, bounded, the same for the same words."""

import math
import re
from typing import Literal, get_args

from chatcrew.hub.mood._lexicon import (
    ASIDE,
    BUT,
    FACES,
    LONGEST,
    NO,
    PHRASES,
    SHORTEST_STEM,
    STEMS,
    STRONGER,
)
from chatcrew.intents import words

Mood = Literal["angry", "dissatisfied", "neutral", "satisfied"]

MOST = 1_500
"""Characters looked at: a mood shows in the first lines."""

_SENTENCE = re.compile(r"[.?!;\n…]+")
_NEAR = 3
"""Words before another that a negation or a strengthening reaches over."""

_NEGATED = -0.6
_ILL = 0.2
_AFTER_BUT, _BEFORE_BUT = 1.3, 0.6
_SHOUTED, _LETTERS_TO_SHOUT, _SHARE_TO_SHOUT = 1.25, 8, 0.7
_CALLED, _MOST_CALLS = 0.1, 3
_SPREAD = 15.0
"""How slowly much feeling comes near to 1: one strong word is 0.6, two are 0.8."""

_ANGRY, _DISSATISFIED, _SATISFIED = -0.7, -0.35, 0.35


def mood(text: str) -> float:
    """Return how satisfied who wrote ``text`` is, from -1 (very dissatisfied) to 1; 0: neutral."""
    text = text[:MOST]
    total = sum(map(_sentence, _SENTENCE.split(text)))
    total += sum(FACES.get(sign, 0.0) for sign in text[:MOST])
    total *= 1 + _CALLED * min(text.count("!"), _MOST_CALLS) if total else 1.0
    return round(total / math.sqrt(total * total + _SPREAD), 3)


def named(value: float) -> Mood:
    """Return a mood by its name."""
    angry, dissatisfied, neutral, satisfied = get_args(Mood)
    if value <= _ANGRY:
        found: Mood = angry
    elif value <= _DISSATISFIED:
        found = dissatisfied
    else:
        found = satisfied if value >= _SATISFIED else neutral
    return found


def _sentence(sentence: str) -> float:
    said = words(sentence)
    turn = next((place for place, word in enumerate(said) if word in BUT), None)
    total, place = 0.0, 0
    while place < len(said):
        length, value = _found(said, place)
        if value:
            value = _weighed(value, said, place, length)
            if turn is not None:
                value *= _AFTER_BUT if place > turn else _BEFORE_BUT
            total += value
        place += length
    return total * _SHOUTED if total < 0 and _shouts(sentence) else total


def _found(said: tuple[str, ...], place: int) -> tuple[int, float]:
    """Return how many words the longest entry here takes, and what it counts; one and 0: none."""
    for length in range(min(LONGEST, len(said) - place), 0, -1):
        here = said[place : place + length]
        value = PHRASES.get(here)
        if value is not None:
            return length, value
        last = here[-1]
        for end in range(len(last), SHORTEST_STEM - 1, -1):
            value = STEMS.get((*here[:-1], last[:end]))
            if value is not None:
                return length, value
    return 1, 0.0


def _weighed(value: float, said: tuple[str, ...], place: int, length: int) -> float:
    before = said[max(0, place - _NEAR) : place]
    after = said[place + length : place + length + 1]
    if value < 0 and not ASIDE.isdisjoint((*before[-2:], *said[place + length :][:2])):
        value *= _ILL
    for word in (*before[-1:], *after):
        value *= STRONGER.get(word, 1.0)
    # "não, foi ótimo" and "nem ... nem" are read as one no
    return value * _NEGATED if any(word in NO for word in before) else value


def _shouts(sentence: str) -> bool:
    letters = [sign for sign in sentence if sign.isalpha()]
    big = sum(sign.isupper() for sign in letters)
    return len(letters) >= _LETTERS_TO_SHOUT and big >= _SHARE_TO_SHOUT * len(letters)
