"""The shape of ``people.takeover``."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.shape import DURATION, Shape

Duration = Annotated[str, StringConstraints(pattern=DURATION)]


class TakeoverShape(Shape):
    """What the bot does once people have taken a conversation over."""

    resume_after: Duration | None = Field(
        None,
        description="After so long without a public word of people the bot comes back by itself.",
    )
    take_back: bool | None = Field(
        None, description="Then it also takes back what is open or a person's; else it says so."
    )
    reopened: Literal["owner", "bot", "people"] | None = Field(
        None, description="Who goes on when a customer writes into a resolved conversation."
    )
    snoozed: Literal["people", "bot"] | None = Field(
        None, description="Who goes on when he writes into a snoozed one that no person owns."
    )
    unsend: bool | None = Field(
        None, description="Delete a reply that a person was quicker than, in web chats."
    )
