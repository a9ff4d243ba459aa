"""The shape of ``people``: how bot and people work as one team."""

from pydantic import Field

from chatcrew.tenancy._shapes.abuse import AbuseShape
from chatcrew.tenancy._shapes.distribution import DistributionShape
from chatcrew.tenancy._shapes.feedback import FeedbackShape
from chatcrew.tenancy._shapes.handoff import HandoffShape
from chatcrew.tenancy._shapes.inactivity import InactivityShape
from chatcrew.tenancy._shapes.opening import OpeningShape
from chatcrew.tenancy._shapes.shape import Shape
from chatcrew.tenancy._shapes.takeover import TakeoverShape
from chatcrew.tenancy._shapes.waiting import WaitingShape


class PeopleShape(Shape):
    """How bot and people work as one team."""

    opening: OpeningShape | None = Field(None, description="When people are at work.")
    takeover: TakeoverShape | None = Field(
        None, description="What the bot does once people have taken a conversation over."
    )
    handoff: HandoffShape | None = Field(
        None, description="When the bot gives a conversation to people, and how."
    )
    distribution: DistributionShape | None = Field(
        None, description="Which person a conversation is given to."
    )
    waiting: WaitingShape | None = Field(
        None, description="What happens while a customer waits for people."
    )
    inactivity: InactivityShape | None = Field(
        None, description="What happens when a customer falls silent."
    )
    abuse: AbuseShape | None = Field(
        None, description="What the bot does about floods, repeats and endless messages."
    )
    feedback: FeedbackShape | None = Field(
        None, description="Who is told what customers complain about."
    )
