"""What a business wants hidden from whoever computes for it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from chatcrew.privacy._detect import ALL
from chatcrew.privacy._mask import Value, mask


@dataclass(frozen=True, slots=True)
class Policy:
    """What leaves the house only as a placeholder.

    Attributes:
        kinds: of ``KINDS``; empty: nothing is hidden.
        public: values that everybody may know: the business's own telephone, address, CNPJ.
    """

    kinds: Collection[str] = ALL
    public: frozenset[Value] = frozenset()


_IN_LOGS: Final = ALL - {"pix"}
"""A random key is a UUID, as the id of a turn is."""


def veil(text: str, kinds: Collection[str] = _IN_LOGS) -> str:
    """Return ``text`` with placeholders that nobody will ever put back: for logs and traces."""
    return mask(text, kinds)[0]
