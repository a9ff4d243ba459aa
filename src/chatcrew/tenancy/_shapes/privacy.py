"""The shape of ``privacy:``: what of customers' data no provider may read."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from chatcrew.tenancy._shapes.shape import Shape
from chatcrew.tenancy.vocabulary import PRIVATE_KINDS, PrivateKind


def _as_kinds(value: object) -> object:
    """Let a word stand for every kind, or for none."""
    words: dict[object, list[str]] = {"all": list(PRIVATE_KINDS), "none": []}
    return words.get(value, value) if isinstance(value, str) else value


Kinds = Annotated[
    list[PrivateKind],
    BeforeValidator(_as_kinds, json_schema_input_type=list[PrivateKind] | Literal["all", "none"]),
]


class PrivacyShape(Shape):
    """What leaves the house as a placeholder only, such as [CPF_1]."""

    mask: Kinds | None = Field(None, description="Kinds of personal data, or all, or none.")
