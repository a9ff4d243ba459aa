"""The shape of an intent: what customers say, what is asked of them, and what is done about it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.shape import Name, Shape, Tag, Text
from chatcrew.tenancy.vocabulary import Priority, SlotKind

Action = Literal["reply", "handoff", "route", "crew"]
Button = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class SlotShape(Shape):
    """Something the intent has to know before it acts."""

    name: Name = Field(description="Stable name; replies may hold it in braces.")
    kind: SlotKind = Field(description="What it must be; text takes any words.")
    ask: list[Text] = Field(
        min_length=1, max_length=2, description="The question, and how it is asked a second time."
    )
    help: Text | None = Field(
        None, description="Said where the customer asks back why it is needed or where it stands."
    )


class IntentShape(Shape):
    """Something a customer says that is answered before any model."""

    name: Name = Field(description="Stable name; the built-in of the same name is replaced.")
    phrases: list[Text] = Field(
        min_length=1, description="Examples; case and accents do not matter."
    )
    keywords: list[Text] = Field(
        [], description="Words of this intent and no other; they make a guess surer."
    )
    unlike: list[Text] = Field(
        [], description="What looks like it and is not: a message that holds one is not this."
    )
    action: Action = Field(
        description="reply, handoff (to people), route (to a function) or crew (it answers)."
    )
    replies: list[Text] = Field([], description="Wordings; one is chosen per conversation.")
    route: Name | None = Field(None, description="Function to switch to, for action route.")
    whole: bool = Field(default=False, description="The phrase must be the whole message.")
    buttons: list[Button] = Field(
        [], max_length=10, description="Titles offered with the reply (at most 20 characters each)."
    )
    slots: list[SlotShape] = Field(
        [], max_length=6, description="What is asked of the customer first, in this order."
    )
    labels: list[Tag] = Field([], max_length=10, description="Put on the conversation.")
    priority: Priority | None = Field(
        None, description="Given to the conversation, unless it has a higher one."
    )
    tool: Name | None = Field(
        None, description="Where the business has this tool, the crew answers in its place."
    )


class VipShape(Shape):
    """Whose conversations go ahead of others."""

    labels: list[Tag] = Field([], description="Labels of the conversation, any of them.")
    attributes: dict[str, Text] = Field(
        {}, description="Custom attributes of the contact with these values, any of them."
    )
