"""The shape of ``limits``: what a business lets its bot use."""

from typing import Annotated, Literal

from pydantic import Field

from chatcrew.tenancy._shapes.shape import Name, Shape

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Amount = Annotated[float, Field(ge=0, le=1_000_000)]


class RateShape(Shape):
    """How often models are called."""

    minute: Count | None = Field(None, description="In any 60 seconds; 0: no limit.")
    hour: Count | None = Field(None, description="In an hour of the clock; 0: no limit.")
    day: Count | None = Field(None, description="From midnight to midnight; 0: no limit.")


class MoneyShape(Shape):
    """How much model calls may cost, in the currency of the limits."""

    day: Amount | None = Field(None, description="From midnight to midnight; 0: no limit.")
    month: Amount | None = Field(None, description="In a month of the calendar; 0: no limit.")


class BoundShape(Shape):
    """What one role, or all roles of a function, may use."""

    calls: RateShape | None = Field(None, description="Model calls.")
    tokens: Count | None = Field(
        None, description="Tokens a day, request and answer together; 0: no limit."
    )
    money: MoneyShape | None = Field(None, description="What they may cost.")


class ContactRateShape(Shape):
    """How often one customer is answered; what he writes beyond it is answered together."""

    minute: Annotated[int, Field(ge=2, le=60)] | None = Field(
        None, description="Answers in any 60 seconds; left out: 20."
    )
    hour: Count | None = Field(None, description="Answers in any 60 minutes; 0: no limit.")
    day: Count | None = Field(None, description="Answers in any 24 hours; 0: no limit.")


class BusinessLimitsShape(BoundShape):
    """What a business lets its bot use; beyond it no model is called."""

    currency: Literal["USD", "BRL"] | None = Field(
        None, description="Of all money here; BRL needs `exchange` in models.yaml. Left out: USD."
    )
    roles: dict[Name, BoundShape] | None = Field(
        None, max_length=40, description="Limits of single roles beside it, by name."
    )
    functions: dict[Name, BoundShape] | None = Field(
        None, max_length=20, description="Limits of functions beside it, by name."
    )
    contact: ContactRateShape | None = Field(None, description="Answers to one customer.")
    concurrency: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        None, description="Model calls at once, of all workers together; left out or 0: no limit."
    )
    warn: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None, description="Percent of a limit at which people are told; left out: 80."
    )
