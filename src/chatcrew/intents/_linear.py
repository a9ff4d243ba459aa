"""Softmax regression over sparse rows, in numpy: quick to learn, quicker to ask."""

from typing import Final

import numpy as np

from chatcrew.intents._terms import Floats, Ints, Longs, Rows

# Tuned on the lines of tests/samples/intents that no pattern makes.
_BATCH: Final = 16
_RATE: Final = 0.25
_CENTRE: Final = 20.0
_SMOOTH: Final = 0.2

_ALONE: Final = 200_000
"""OpenBLAS multiplies on one thread up to 262,144 multiplications (interface/gemm.c)."""


def learn(
    rows: Rows, labels: Longs, chosen: Longs, *, terms: int, classes: int, epochs: int
) -> Floats:
    """Return the weights (terms by classes) that tell the labels of the chosen rows apart.

    Learning begins at the mean row of each class, which is what few examples allow, and goes on by
    gradient steps with a rate of its own for each term (Duchi et al., Adaptive Subgradient Methods,
    JMLR 2011). Labels are softened (Szegedy et al., 2016), else the few words an intent's examples
    share would decide alone. The same input gives the same weights.

    Args:
        rows: the examples.
        labels: the class of each row.
        chosen: which rows may be learned from.
        terms: how many there are.
        classes: how many there are; one without a chosen row is never preferred.
        epochs: how often each row is looked at.
    """
    draw = np.random.default_rng(0)
    weights = np.zeros((terms + 1, classes), dtype=np.float32)  # the last row is for padding
    weights[:-1] = _centres(rows, labels, chosen, terms=terms, classes=classes)
    seen = np.full(terms + 1, 1e-8, dtype=np.float32)
    present = np.zeros(classes, dtype=np.float32)
    present[labels[chosen]] = 1
    soft = _SMOOTH * present / present.sum()
    order = draw.permutation(chosen)
    batches = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
    blocks = [_tiled(rows, batch, padding=terms, classes=classes) for batch in batches]
    for _ in range(epochs):
        for which in draw.permutation(len(batches)):
            ids, tiles = blocks[which]
            own = weights[ids]
            scores = (tiles @ own.reshape(len(tiles), -1, classes)).sum(axis=0)
            wrong = softmax(scores, present) - soft
            wrong[np.arange(len(wrong)), labels[batches[which]]] -= 1 - _SMOOTH
            change = (tiles.transpose(0, 2, 1) @ wrong).reshape(len(ids), classes)
            seen[ids] += 10 * np.square(change).mean(axis=1)
            change *= (_RATE / np.sqrt(seen[ids]))[:, None]
            own -= change
            weights[ids] = own
    return weights[:-1]


def _tiled(rows: Rows, batch: Longs, *, padding: int, classes: int) -> tuple[Ints, Floats]:
    """Return the terms of a batch and its rows over them, cut into tiles of equal width.

    A product of bigger matrices would be spread over threads by the linear algebra library, and
    these, waiting in a loop for each other, take many times as long where cores are busy.
    """
    ids, block = rows.dense(batch)
    width = min(max(1, _ALONE // (len(batch) * classes)), max(1, len(ids)))
    count = -(-len(ids) // width)
    wide = np.zeros((len(batch), count * width), dtype=np.float32)
    wide[:, : len(ids)] = block
    padded = np.full(count * width, padding, dtype=np.int32)
    padded[: len(ids)] = ids
    tiles = wide.reshape(len(batch), count, width).transpose(1, 0, 2)
    return padded, np.ascontiguousarray(tiles)


def softmax(scores: Floats, present: Floats) -> Floats:
    """Return the chances of each row's classes; where ``present`` is 0 instead of 1, none."""
    chances: Floats = np.exp(scores - scores.max(axis=-1, keepdims=True)) * present
    chances /= chances.sum(axis=-1, keepdims=True) + np.float32(1e-30)
    return chances


def _centres(rows: Rows, labels: Longs, chosen: Longs, *, terms: int, classes: int) -> Floats:
    """Return the mean row of each class, less what all have in common."""
    ids, values, owner = rows.entries(chosen)
    own = labels[chosen]
    share = _CENTRE / np.maximum(np.bincount(own, minlength=classes), 1)
    at = ids.astype(np.int64) * classes + own[owner]
    sums = np.bincount(at, weights=values * share[own[owner]], minlength=terms * classes)
    centres = sums.reshape(terms, classes).astype(np.float32)
    centres -= centres.mean(axis=1, keepdims=True)
    return centres
