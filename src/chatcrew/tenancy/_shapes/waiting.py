"""The shape of ``people.waiting``."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chatcrew.tenancy._shapes.shape import Shape, TagOrNone


class WaitingStepShape(Shape):
    """One step of a wait."""

    after: float = Field(
        gt=0, le=10_080, description="Minutes of opening time since the wait began."
    )
    do: Literal["announce", "reroute", "return"] = Field(
        description="Tell the team again, ask another person or team, or give it back to the bot."
    )


def _in_order(value: list[WaitingStepShape]) -> list[WaitingStepShape]:
    """Accept steps that come one after the other; nothing comes after the bot has it again."""
    for before, after in pairwise(value):
        if after.after <= before.after:
            raise PydanticCustomError("steps_order", "order", {"word": f"{after.after:g}"})
        if before.do == "return":
            raise PydanticCustomError("steps_return", "return", {"word": "return"})
    return value


class WaitingShape(Shape):
    """What happens while a customer waits for people."""

    steps: Annotated[list[WaitingStepShape], AfterValidator(_in_order)] | None = Field(
        None,
        max_length=8,
        description="What is done, in order; left out: announce after 5, reroute after 15, "
        "announce after 60. []: nothing.",
    )
    daily: int | None = Field(
        None,
        ge=0,
        le=30,
        description="Days on which the team is told once more after the last step; left out: 5.",
    )
    answer: float | None = Field(
        None,
        ge=0,
        le=10_080,
        description="Minutes of opening time until the team is told of a customer who wrote again "
        "to people who already have the conversation; 0: never; left out: 60.",
    )
    label: TagOrNone | None = Field(
        None, description="Label of a conversation that waits too long; '': none."
    )
    resolve_within: float | None = Field(
        None,
        ge=0,
        le=100_800,
        description="Minutes of opening time until the team is told of a conversation that it "
        "got and has not resolved; 0: never; left out: 1440, which is 24 hours.",
    )
    resolve_label: TagOrNone | None = Field(
        None, description="Label of a conversation that is not resolved by then; '': none."
    )
    estimate: bool | None = Field(
        None,
        description="Customers are told how long it usually takes, once enough is known; "
        "left out: yes.",
    )
