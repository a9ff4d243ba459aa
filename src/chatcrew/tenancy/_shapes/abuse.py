"""The shape of ``people.abuse``."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.shape import DURATION, Label, Shape, Text

Duration = Annotated[str, StringConstraints(pattern=DURATION)]


class AbuseShape(Shape):
    """What the bot does about floods, repeats and endless messages."""

    enabled: bool | None = Field(
        None, description="Look at all; the wish not to be written to is obeyed in any case."
    )
    day: int | None = Field(
        None, ge=10, le=400, description="Messages of a customer in 24 hours that are no flood yet."
    )
    minute: int | None = Field(
        None, ge=5, le=200, description="Messages of a customer in a minute that are no flood yet."
    )
    repeats: bool | None = Field(
        None, description="Notice who sends the same message again and again."
    )
    longest: int | None = Field(
        None, ge=500, le=4000, description="Characters of one burst that are read whole."
    )
    then: Literal["slow", "handoff", "answer"] | None = Field(
        None,
        description="slow: answer, but seldom; handoff: give to people; answer: only the notice.",
    )
    every: Duration | None = Field(None, description="Time between two answers in a flood: 2m, 1h.")
    label: Label | None = Field(None, description="Put on the conversation in a flood.")
    opt_out: list[Text] | None = Field(
        None,
        description="Phrases that ask not to be written to, beside the built-in ones.",
    )
    opt_out_label: Label | None = Field(None, description="Put on the conversation then.")
