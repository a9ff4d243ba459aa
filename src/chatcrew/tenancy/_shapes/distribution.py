"""The shape of ``people.distribution``."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chatcrew.tenancy._shapes.shape import Name, Shape, Tag, Text

Method = Literal["chatwoot", "round_robin", "load", "performance", "share"]
Available = Literal["online", "busy", "offline"]
_WHOLE = 100


class SpecialtyShape(Shape):
    """Conversations of one kind and who has them; of several kinds that are named one is enough."""

    topics: list[Name] = Field([], description="Intents.")
    labels: list[Tag] = Field([], description="Labels of the conversation.")
    functions: list[Name] = Field([], description="Functions of the bot that had it.")
    reasons: list[Text] = Field([], description="Why it goes to people, such as urgent.")
    team: Text | None = Field(None, description="Chatwoot's team, by name or id.")
    agents: list[Text] = Field([], description="People, by e-mail, name or id.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Accept what says both for which conversations and whose they are."""
        if not (self.topics or self.labels or self.functions or self.reasons):
            raise PydanticCustomError("specialty_of_nothing", "no kind")
        if self.team is None and not self.agents:
            raise PydanticCustomError("specialty_of_nobody", "no one")
        return self


class PartShape(Shape):
    """A share of the conversations and whose it is."""

    percent: int = Field(ge=1, le=100, description="Of all conversations; all parts make 100.")
    team: Text | None = Field(None, description="Chatwoot's team, by name or id.")
    agent: Text | None = Field(None, description="A person, by e-mail, name or id.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        """Accept one owner."""
        if (self.team is None) == (self.agent is None):
            raise PydanticCustomError("part_of_one", "one owner")
        return self


class DistributionShape(Shape):
    """Which person a conversation is given to."""

    method: Method | None = Field(
        None, description="How one is chosen; chatwoot: Chatwoot's own assignment chooses."
    )
    previous: bool | None = Field(
        None, description="Who served the customer before comes first, whatever the method."
    )
    team: Text | None = Field(None, description="Where no specialty says another; by name or id.")
    specialties: list[SpecialtyShape] | None = Field(
        None, max_length=40, description="The first that fits says among whom is chosen."
    )
    shares: list[PartShape] | None = Field(
        None, max_length=40, description="Parts of method share; left out: equal ones."
    )
    availability: list[Available] | None = Field(
        None, min_length=1, description="States in which somebody is given conversations."
    )
    per_agent: int | None = Field(
        None, ge=1, le=1000, description="Open conversations that one person has at most."
    )
    per_team: int | None = Field(
        None, ge=1, le=10000, description="Open conversations that a team has at most."
    )
    people_first: Literal["greet", "answer"] | None = Field(
        None, description="What the bot does in inboxes where people come first."
    )
    while_closed: Literal["bot", "people"] | None = Field(
        None, description="Who comes first there outside opening hours."
    )
    closed_label: Tag | None = Field(
        None, description="Label of what comes to people outside opening hours."
    )

    @model_validator(mode="after")
    def _shared(self) -> Self:
        """Accept parts that make a whole."""
        whole = sum(part.percent for part in self.shares or ())
        if self.shares and whole != _WHOLE:
            raise PydanticCustomError("shares_sum", "no whole", {"sum": whole})
        return self
