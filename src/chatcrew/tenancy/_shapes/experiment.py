"""The shape of ``experiment``: two personas of one business, compared."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.days import Day
from chatcrew.tenancy._shapes.shape import Shape, Text

TrialName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?$", max_length=40)
]


class VariantShape(Shape):
    """What differs from `persona` for those who meet this one."""

    name: Text | None = Field(None, description="The bot's name; left out: as in `persona`.")
    tone: Text | None = Field(None, description="Its tone; left out: as in `persona`.")
    style: Text | None = Field(None, description="How it writes; left out: as in `persona`.")


class ExperimentShape(Shape):
    """Two personas; which one a customer meets stays the same while the experiment lasts."""

    name: TrialName = Field(
        description="What it is called; a new name divides customers anew. Letters a-z, digits, -."
    )
    start: Day | None = Field(None, description="First day; left out: at once.")
    stop: Day | None = Field(None, description="Last day; left out: until it is taken out.")
    share: Annotated[int, Field(ge=1, le=99)] | None = Field(
        None, description="Percent of customers who meet `b`; left out: 50."
    )
    a: VariantShape | None = Field(None, description="One persona; left out: `persona` as it is.")
    b: VariantShape | None = Field(None, description="The other one.")
