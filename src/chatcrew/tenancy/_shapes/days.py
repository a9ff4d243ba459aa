"""Days in files: one form that everybody reads alike, such as 2026-11-05."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


def _day(value: str) -> str:
    """Accept a day in the one form that everybody reads alike."""
    try:
        if date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise PydanticCustomError("bad_day", "not a day")


Day = Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
