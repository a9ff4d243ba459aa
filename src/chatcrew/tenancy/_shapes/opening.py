"""The shape of ``people.opening``."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chatcrew.tenancy._feasts import known_day
from chatcrew.tenancy._shapes.shape import Shape, Text
from chatcrew.tenancy._weekly import spans, weekly


def _weekly(value: str) -> str:
    """Accept days with their times."""
    if weekly(value) is None:
        raise PydanticCustomError("bad_opening", "no times", {"word": value})
    return value


def _times(value: str) -> str:
    """Accept times of one day."""
    if spans(value) is None:
        raise PydanticCustomError("bad_hours", "no times", {"word": value})
    return value


def _named_day(value: str) -> str:
    """Accept a day, each year's day, or a range of days."""
    if not known_day(value):
        raise PydanticCustomError("bad_holiday", "no day", {"word": value})
    return value


WeeklyTimes = Annotated[Text, AfterValidator(_weekly)]
Times = Annotated[Text, AfterValidator(_times)]
NamedDay = Annotated[str, AfterValidator(_named_day)]


class OpeningShape(Shape):
    """When people are at work, in the business's time zone."""

    times: list[WeeklyTimes] | None = Field(
        None, description="Such as 'mon-fri 08:00-12:00, 13:00-18:00', 'sáb 08:00-12:00'."
    )
    national: Literal["BR"] | None = Field(
        None, description="Country whose national holidays are kept."
    )
    holidays: dict[NamedDay, Text] | None = Field(
        None, description="Closed days with their names: '2026-04-03', '12-25', a range with '/'."
    )
    special: dict[NamedDay, list[Times]] | None = Field(
        None, description="Other times on a day, such as '12-24': ['08:00-12:00']; []: closed."
    )
    out_of_office: Literal["bot", "chatwoot"] | None = Field(
        None, description="Who tells customers outside of them when people are back."
    )
