"""A trained model: what it learned of the examples, and the rehearsals that say how sure it is."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatcrew.intents._confidence import SIGNS, Confidence, rehearsed
from chatcrew.intents._linear import learn, softmax
from chatcrew.intents._reading import Reader
from chatcrew.intents._terms import Floats, Longs, Row, Rows, Vocabulary

_LOOKS: Final = 80_000
_EPOCHS: Final = (5, 8)
"""How often an example is looked at, at least and at most, so that training many stays bounded."""
_MANY: Final = 3_000
"""From so many examples on, one rehearsal is enough."""
_REHEARSALS: Final = 4
_MOST_TRIED: Final = 1_500
_OUT_OF_SCOPE: Final = 0.25
"""The share of messages that is taken to be none of the intents."""


@dataclass(frozen=True, slots=True)
class _Learned:
    """Weights, and which rows and classes they know of."""

    weights: Floats
    present: Floats
    allowed: Longs


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best two classes of a message, and what speaks for the first.

    Attributes:
        best: the class, -1 where there is none.
        second: the next, -1 where there is none.
        signs: what confidence is computed from.
    """

    best: int
    second: int
    signs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of every intent over a vocabulary, with the examples' own rows beside them."""

    names: tuple[str, ...]
    vocabulary: Vocabulary
    rows: Rows
    bounds: Longs
    learned: _Learned
    confidence: Confidence

    def rank(self, text: str, favour: Mapping[str, float]) -> Ranked:
        """Return the best two intents of ``text``; ``favour`` adds to the scores of some."""
        row = self.vocabulary.row(self.vocabulary.reader.terms(text))
        extra = np.zeros(self.learned.weights.shape[1], dtype=np.float32)
        for at, name in enumerate(self.names):
            extra[at] = favour.get(name, 0.0)
        return _rank(row, self.learned, self.rows, self.bounds, len(self.names), extra)


def train(examples: Sequence[tuple[str, str]], aside: Sequence[str]) -> Model:
    """Return a model of ``examples`` (text, intent), of which there is at least one.

    Args:
        examples: what customers say, and which intent it is.
        aside: messages known to be none of the intents.
    """
    names = tuple(dict.fromkeys(name for _, name in examples))
    number = {name: at for at, name in enumerate(names)}
    texts = [text for text, _ in examples] + list(aside)
    given = [number[name] for _, name in examples] + [len(names)] * len(aside)
    order = sorted(range(len(texts)), key=given.__getitem__)
    labels = np.asarray([given[at] for at in order], dtype=np.int64)
    reader = Reader.of(texts)
    read = [reader.terms(texts[at]) for at in order]
    vocabulary = Vocabulary.of(reader, read)
    rows = Rows.of([vocabulary.row(one) for one in read])
    classes = len(names) + bool(aside)
    bounds = np.searchsorted(labels, np.arange(classes + 1)).astype(np.int64)
    learned = _learn(rows, labels, np.arange(len(rows)), len(vocabulary), classes)
    confidence = _rehearse(rows, labels, bounds, len(vocabulary), len(names))
    return Model(names, vocabulary, rows, bounds, learned, confidence)


def _learn(rows: Rows, labels: Longs, chosen: Longs, terms: int, classes: int) -> _Learned:
    epochs = min(max(_LOOKS // len(chosen), _EPOCHS[0]), _EPOCHS[1])
    weights = learn(rows, labels, chosen, terms=terms, classes=classes, epochs=epochs)
    present = np.zeros(classes, dtype=np.float32)
    present[labels[chosen]] = 1
    allowed = np.zeros(len(rows), dtype=np.int64)
    allowed[chosen] = 1
    return _Learned(weights, present, allowed)


def _rehearse(rows: Rows, labels: Longs, bounds: Longs, terms: int, real: int) -> Confidence:
    """Try models that were not told some intents at all, and of the others not every example.

    What such a model says of an intent it never heard of is what the real one will say of a message
    out of scope, and the real rate of its errors shows on the examples it was not told.
    """
    signs: list[tuple[float, ...]] = []
    right: list[float] = []
    strange: list[bool] = []
    for hidden, chosen, tried in _plans(labels, bounds, real):
        learned = _learn(rows, labels, chosen, terms, len(bounds) - 1)
        heard = np.zeros(terms, dtype=bool)
        heard[rows.entries(chosen)[0]] = True
        for at in tried:
            row = _as_heard(rows, int(at), heard)
            ranked = _rank(row, learned, rows, bounds, real, None)
            if ranked.best < 0:
                continue
            label = int(labels[at])
            signs.append(ranked.signs)
            right.append(float(ranked.best == label))
            strange.append(label in hidden or label == real)
    out = np.asarray(strange, dtype=bool)
    inside, outside = int((~out).sum()), int(out.sum())
    weight = np.ones(len(signs))
    if outside and inside:
        weight[out] = inside / outside * _OUT_OF_SCOPE / (1 - _OUT_OF_SCOPE)
    return rehearsed(np.asarray(signs).reshape(-1, SIGNS), np.asarray(right), weight)


def _plans(labels: Longs, bounds: Longs, real: int) -> Iterator[tuple[set[int], Longs, Longs]]:
    """Yield which intents are hidden, which rows are learned from, and which are tried."""
    if real < 2:
        return
    draw = np.random.default_rng(0)
    shuffled = draw.permutation(real)
    place = np.arange(len(labels)) - bounds[labels]
    for turn in range(1 if len(labels) >= _MANY else min(_REHEARSALS, real)):
        hidden = {int(one) for one in shuffled[turn::_REHEARSALS]}
        strange = np.isin(labels, list(hidden))
        held = (place % (_REHEARSALS + 1) == turn + 1) & ~strange
        chosen = np.flatnonzero(~strange & ~held)
        tried = np.flatnonzero(strange | held)
        if len(tried) > _MOST_TRIED:
            tried = np.sort(draw.choice(tried, _MOST_TRIED, replace=False))
        if len(chosen) and len(tried):
            yield hidden, chosen, tried


def _as_heard(rows: Rows, at: int, heard: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> Row:
    """Return an example as it looks to a model that does not know all of its terms."""
    here = slice(int(rows.starts[at]), int(rows.starts[at + 1]))
    ids, values = rows.ids[here], rows.values[here]
    kept = heard[ids]
    left = values[kept]
    known = float(left @ left)
    return Row(ids[kept], left / np.float32(math.sqrt(known)) if known else left, known)


def _rank(
    row: Row, learned: _Learned, rows: Rows, bounds: Longs, real: int, extra: Floats | None
) -> Ranked:
    if not len(row.ids):
        return Ranked(-1, -1, ())
    # Not ``@``, for which the linear algebra library may wake threads
    scores = np.einsum("i,ij->j", row.values, learned.weights[row.ids])
    if extra is not None:
        scores = scores + extra
    chances = softmax(scores, learned.present)
    scores = np.where(learned.present > 0, scores, -np.inf)[:real]
    order = np.argsort(-scores, kind="stable")[:2]
    best = int(order[0])
    if not np.isfinite(scores[best]):
        return Ranked(-1, -1, ())
    second = int(order[1]) if len(order) > 1 and np.isfinite(scores[order[1]]) else -1
    chance = min(max(float(chances[best]), 1e-4), 1 - 1e-4)
    message = np.zeros(learned.weights.shape[0], dtype=np.float32)
    message[row.ids] = row.values
    near = _nearest(message, best, learned, rows, bounds)
    next_near = _nearest(message, second, learned, rows, bounds) if second >= 0 else 0.0
    margin = float(scores[best] - scores[second]) if second >= 0 else 0.0
    # Of one class alone, the chance says nothing
    odds = math.log(chance / (1 - chance)) if second >= 0 else 0.0
    return Ranked(
        best,
        second,
        (1.0, odds, min(margin, 10.0), float(scores[best]), near, near - next_near, row.known),
    )


def _nearest(message: Floats, label: int, learned: _Learned, rows: Rows, bounds: Longs) -> float:
    """Return the cosine (0..1) of the message and the example of ``label`` most like it."""
    first, last = int(bounds[label]), int(bounds[label + 1])
    starts = rows.starts[first : last + 1]
    here = slice(int(starts[0]), int(starts[-1]))
    sums = np.concatenate(([0.0], np.cumsum(message[rows.ids[here]] * rows.values[here])))
    cosines = sums[starts[1:] - starts[0]] - sums[starts[:-1] - starts[0]]
    return float((cosines * learned.allowed[first:last]).max(initial=0.0))
