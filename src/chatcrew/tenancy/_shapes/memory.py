"""The shapes of what a business remembers: of customers, of what they tell, of episodes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.shape import ATTRIBUTE, DURATION, Shape

Duration = Annotated[str, StringConstraints(pattern=DURATION)]
Attribute = Annotated[str, StringConstraints(pattern=ATTRIBUTE)]


class MemoryShape(Shape):
    """What is remembered of a customer from one conversation to the next."""

    enabled: bool | None = Field(None, description="Remember customers at all.")
    consent: Literal["implied", "required"] | None = Field(
        None, description="required: nothing is kept until the customer has agreed."
    )
    keep_days: int | None = Field(
        None, ge=1, le=3650, description="Days after which a fact is forgotten by itself."
    )
    extract_every: int | None = Field(
        None, ge=1, le=100, description="Messages of the customer between two extractions."
    )
    attribute: Attribute | None = Field(
        None, description="Custom attribute of the contact that says that the customer agreed."
    )


class CollectShape(Shape):
    """What customers mention of themselves that goes into their contact in Chatwoot."""

    name: bool | None = Field(None, description="Names, only where clearly stated as one's own.")
    email: bool | None = Field(None, description="E-mail addresses.")
    phone: bool | None = Field(None, description="Telephone numbers that their country's plan has.")
    document: bool | None = Field(None, description="CPFs with right check digits.")


class EpisodesShape(Shape):
    """What a resolved conversation is when the customer writes into it again."""

    reopen: Literal["new", "continue"] | None = Field(
        None, description="new: a fresh start; continue: the same talk goes on."
    )
    continue_within: Duration | None = Field(
        None, description="How long after its end a talk may be continued: 90m, 24h, 7d."
    )
