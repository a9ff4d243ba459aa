"""Terms as numbers: TF-IDF rows of a tenant's examples, and of a message beside them."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from chatcrew.intents._reading import FAMILIES, Reader

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

_WEIGHTS: Final = (1.0, 0.4, 0.9)
"""How much words, pairs and pieces count against each other (tuned on tests/samples/intents)."""

_MANY = 2_000
"""From so many examples on, pairs and pieces that occur once only cost memory."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text by the terms that it shares with the examples.

    Attributes:
        ids: known terms, each once.
        values: their weights; the row has length 1, or is empty where nothing is known.
        known: how much of the text is known terms, 0..1.
    """

    ids: Ints
    values: Floats
    known: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of the examples with their inverse document frequencies."""

    reader: Reader
    ids: dict[str, int]
    weights: list[float]
    unknown: float

    @classmethod
    def of(cls, reader: Reader, read: Sequence[Sequence[Sequence[str]]]) -> "Vocabulary":
        """Count the terms of the examples (each as read: a list per family)."""
        counts: list[Counter[str]] = [Counter() for _ in range(FAMILIES)]
        for families in read:
            for counter, terms in zip(counts, families, strict=True):
                counter.update(terms)
        least = 2 if len(read) >= _MANY else 1
        total = len(read)
        ids: dict[str, int] = {}
        weights: list[float] = []
        for family, counter in enumerate(counts):
            for term, count in counter.items():
                if family and count < least:
                    continue
                ids[f"{family}{term}"] = len(weights)
                weights.append(math.log((1 + total) / (1 + count)) + 1)
        return cls(reader, ids, weights, math.log(1 + total) + 1)

    def __len__(self) -> int:
        """Return how many terms there are."""
        return len(self.weights)

    def row(self, families: Sequence[Sequence[str]]) -> Row:
        """Return the row of a text as read."""
        ids: list[int] = []
        values: list[float] = []
        known = 0.0
        whole = 0.0
        for family, terms in enumerate(families):
            if not terms:
                continue
            here = [at for term in terms if (at := self.ids.get(f"{family}{term}")) is not None]
            squares = sum(self.weights[at] ** 2 for at in here)
            share = _WEIGHTS[family] ** 2
            whole += share
            if here:
                known += share * squares / (squares + (len(terms) - len(here)) * self.unknown**2)
                scale = _WEIGHTS[family] / math.sqrt(squares)
                ids += here
                values += [self.weights[at] * scale for at in here]
        row = np.asarray(values, dtype=np.float32)
        length = math.sqrt(float(row @ row))
        return Row(
            np.asarray(ids, dtype=np.int32),
            row / np.float32(length) if length else row,
            known / whole if whole else 0.0,
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """Many rows in one block (compressed sparse rows)."""

    starts: Longs
    ids: Ints
    values: Floats

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Rows":
        """Join ``rows``, of which there is at least one."""
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(row.ids) for row in rows], out=starts[1:])
        return cls(
            starts,
            np.concatenate([row.ids for row in rows]),
            np.concatenate([row.values for row in rows]),
        )

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.starts) - 1

    def dense(self, chosen: Longs) -> tuple[Ints, Floats]:
        """Return which terms the chosen rows have, and those rows over these terms."""
        ids, values, owner = self.entries(chosen)
        terms, places = np.unique(ids, return_inverse=True)
        block = np.zeros((len(chosen), len(terms)), dtype=np.float32)
        block[owner, places] = values
        return terms, block

    def entries(self, chosen: Longs) -> tuple[Ints, Floats, Longs]:
        """Return terms and values of the chosen rows, each with its row's place in ``chosen``."""
        first = self.starts[chosen]
        lengths = self.starts[chosen + 1] - first
        at = np.repeat(first - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
        return self.ids[at], self.values[at], np.repeat(np.arange(len(chosen)), lengths)
