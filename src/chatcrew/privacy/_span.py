"""A place in a text that identifies somebody."""

from dataclasses import dataclass
from typing import Final

KINDS: Final = (
    "cpf",
    "cnpj",
    "rg",
    "cnh",
    "passport",
    "card",
    "phone",
    "email",
    "pix",
    "address",
)
"""Every kind there is; ``rg`` stands for all numbers of registers that have no check of ours."""


@dataclass(frozen=True, slots=True)
class Span:
    """One value.

    Attributes:
        kinds: what it is, the likeliest first: a telephone that is a Pix key is both.
        value: in one spelling, so that the same value is known again.
        start: where it begins in the text as written.
        end: where it ends.
    """

    kinds: tuple[str, ...]
    value: str
    start: int
    end: int
