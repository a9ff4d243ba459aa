"""The shape of ``people.feedback``."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.shape import Label, Shape, TagOrNone
from chatcrew.tenancy.vocabulary import FeedbackSignal

Clock = Annotated[str, StringConstraints(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$")]


class DigestShape(Shape):
    """When and where supervisors read what went badly in a week."""

    conversation: int | None = Field(
        None,
        ge=1,
        description="Chatwoot's number of the conversation that gets it as a private note; "
        "left out: none.",
    )
    bot: Label | None = Field(
        None, description="Which bot of the mapping writes it; left out: the first by name."
    )
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = Field(
        None, description="Day of the week; left out: mon."
    )
    at: Clock | None = Field(
        None, description="Time of day where the business is; left out: 09:00."
    )


class FeedbackShape(Shape):
    """Who is told what customers complain about."""

    signals: list[FeedbackSignal] | None = Field(
        None, max_length=4, description="Which signals are noticed and kept; left out: all."
    )
    label: TagOrNone | None = Field(
        None,
        description="Put on the conversation where the customer is dissatisfied with the bot; "
        '"": none; left out: feedback-negativo.',
    )
    note: bool | None = Field(
        None, description="A private note says so in the conversation at once; left out: no."
    )
    keep_days: int | None = Field(
        None, ge=1, le=3650, description="Days after which a signal is forgotten; left out: 180."
    )
    digest: DigestShape | None = Field(
        None, description="What supervisors read once a week as a note."
    )
