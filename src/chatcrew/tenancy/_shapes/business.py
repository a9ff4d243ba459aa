"""The shapes of what a business decides: rules with type and dates, plans with prices."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from chatcrew.tenancy._shapes.days import Day
from chatcrew.tenancy._shapes.shape import Shape, Text

RuleType = Literal["rule", "policy", "promotion", "safety"]
Currency = Literal["BRL", "USD", "EUR"]
Period = Literal["once", "session", "day", "week", "month", "year"]


class RuleShape(Shape):
    """One rule; a plain sentence stands for a map with nothing but ``text``."""

    text: Text = Field(description="The sentence the crew must keep to.")
    type: RuleType = Field("rule", description="What kind of rule it is.")
    keywords: list[Text] = Field(
        [], description="Given to the crew only where the talk holds one; left out: always."
    )
    from_: Day | None = Field(None, alias="from", description="First day on which it holds.")
    until: Day | None = Field(None, description="Last day on which it holds.")


def _as_rule(value: object) -> object:
    """Let a sentence stand for a rule of nothing else."""
    return {"text": value} if isinstance(value, str) else value


Rule = Annotated[RuleShape, BeforeValidator(_as_rule, json_schema_input_type=Text | RuleShape)]


class PlanShape(Shape):
    """One plan, package or service with its price: data, so that no model makes it up."""

    name: Text = Field(description="As customers read it.")
    price: float | None = Field(None, ge=0, description="In full units; left out: on request.")
    currency: Currency = Field("BRL", description="Of the price.")
    period: Period = Field("once", description="What the price is paid for.")
    features: list[Text] = Field([], description="What is included.")
    ideal_for: Text | None = Field(None, description="Whom it suits.")
    recommended: bool = Field(default=False, description="The one to suggest in doubt.")
