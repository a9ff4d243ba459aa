"""A place in flattened text that reads as something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """What one kind's rules found.

    Attributes:
        kind: ``cpf``, ``date`` and so on.
        value: in one spelling, whatever the customer's was.
        start: where it begins in the flattened text.
        end: where it ends.
        valid: it can be what it looks like.
        told: its shape or a word before it says which kind it is.
    """

    kind: str
    value: str
    start: int
    end: int
    valid: bool = True
    told: bool = True
