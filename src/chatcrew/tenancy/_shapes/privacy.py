"""The shape of ``privacy:``: what is hidden, how long it is kept, how consent is asked."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from chatcrew.tenancy._shapes.shape import Shape
from chatcrew.tenancy.vocabulary import PRIVATE_KINDS, Language, PrivateKind


def _as_kinds(value: object) -> object:
    """Let a word stand for every kind, or for none."""
    words: dict[object, list[str]] = {"all": list(PRIVATE_KINDS), "none": []}
    return words.get(value, value) if isinstance(value, str) else value


Kinds = Annotated[
    list[PrivateKind],
    BeforeValidator(_as_kinds, json_schema_input_type=list[PrivateKind] | Literal["all", "none"]),
]


Question = Annotated[str, StringConstraints(min_length=20, max_length=600)]


def _days(default: int, what: str, *, most: int = 3650) -> int | None:
    """Return the field of a number of days."""
    said = f"Days that {what} is kept; left out: {default}."
    found: int | None = Field(None, ge=1, le=most, description=said)
    return found


class RetentionShape(Shape):
    """Days after which each kind of data is deleted, or only its words are."""

    raw: int | None = _days(7, "a raw delivery, after the end of its turn,", most=90)
    messages: int | None = _days(365, "what was said")
    memory: int | None = _days(365, "a summary, or a fact that no answer used,")
    attachments: int | None = _days(180, "what was read in a file")
    tools: int | None = _days(90, "what a tool did")
    facts: int | None = _days(1095, "a figure without words")
    exports: int | None = _days(30, "a file of `chatcrew privacy export`")
    audit: int | None = _days(1825, "the audit log (of all businesses the longest)")


class ConsentShape(Shape):
    """How a customer is asked whether what he tells may be kept."""

    text: dict[Language, Question] | None = Field(
        None, description="The question by language; its wording is kept with each answer."
    )


class PrivacyShape(Shape):
    """What of customers' data leaves the house, how long it is kept, how they are asked."""

    mask: Kinds | None = Field(
        None, description="Kinds of personal data that leave as a placeholder, or all, or none."
    )
    retention: RetentionShape | None = Field(None, description="How long each kind is kept.")
    consent: ConsentShape | None = Field(
        None, description="How customers are asked where `memory.consent` is `required`."
    )
