"""The shape of a YAML document of a ``knowledge`` folder: entries as under a tenant's ``faq``."""

from pydantic import Field

from chatcrew.tenancy._shapes.days import Day
from chatcrew.tenancy._shapes.domain import FaqShape
from chatcrew.tenancy._shapes.shape import Shape, Text


class EntryShape(FaqShape):
    """One knowledge entry, which may hold until a day only."""

    expires: Day | None = Field(None, description="Last day on which it holds: 2026-12-31.")


class EntriesShape(Shape):
    """A YAML document."""

    title: Text | None = Field(None, description="What it is about; else the file's name says it.")
    expires: Day | None = Field(None, description="Last day on which all of it holds: 2026-12-31.")
    faq: list[EntryShape] = Field(description="Knowledge entries.", min_length=1)
