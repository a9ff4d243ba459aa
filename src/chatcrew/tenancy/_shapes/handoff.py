"""The shape of ``people.handoff``."""

from pydantic import Field

from chatcrew.tenancy._shapes.shape import Name, Shape, Tag, Text
from chatcrew.tenancy.vocabulary import Priority


class GivenShape(Shape):
    """What a conversation gets that is given to people for a reason."""

    labels: list[Tag] | None = Field(
        None, max_length=10, description="Put on the conversation; those of people stay."
    )
    priority: Priority | None = Field(
        None, description="Given to the conversation unless it has a higher one."
    )
    team: int | None = Field(None, ge=1, description="Chatwoot's id of the team that gets it.")
    agent: int | None = Field(None, ge=1, description="Chatwoot's id of the person who gets it.")


class TriggerShape(GivenShape):
    """One reason to call people."""

    enabled: bool | None = Field(
        None, description="false: people are not called for it; the bot says honestly what it can."
    )


class AskedShape(TriggerShape):
    """The customer asks for a person."""

    phrases: list[Text] | None = Field(
        None, max_length=200, description="Wordings beside the built-in ones of three languages."
    )


class LowEvidenceShape(TriggerShape):
    """Nothing that the business knows answers the customer."""

    strict: bool | None = Field(
        None,
        description="Also where a model has an answer that rests on nothing that was found; "
        "left out: no.",
    )
    confidence: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="For strict: chance from which a guessed intent counts as known; "
        "left out: 0.7.",
    )


class ToolFailedShape(TriggerShape):
    """A tool fails again and again in one turn."""

    retries: int | None = Field(
        None, ge=0, le=5, description="Failures of one tool in a turn that are put up with (2)."
    )


class LongShape(TriggerShape):
    """The talk leads nowhere."""

    messages: int | None = Field(
        None,
        ge=4,
        le=500,
        description="Messages of customer and bot beyond which people get it; left out: 20.",
    )


class MoodShape(TriggerShape):
    """The customer is very dissatisfied."""

    below: float | None = Field(
        None,
        ge=-1.0,
        le=0.0,
        description="Mood from -1 to 0 at which people are called; left out: -0.7.",
    )


class AlarmShape(TriggerShape):
    """A word that nobody but people should answer."""

    words: list[Text] | None = Field(
        None,
        max_length=200,
        description="Words or phrases; left out: consumer protection, lawyers, suicide.",
    )


class TopicTriggerShape(TriggerShape):
    """Something only people speak about in this business."""

    words: list[Text] | None = Field(
        None, max_length=200, description="Words or phrases by which it is known."
    )
    intents: list[Name] | None = Field(
        None, max_length=50, description="Names of intents that are about it."
    )


class CostShape(TriggerShape):
    """The talk has cost too much."""

    usd: float | None = Field(
        None, gt=0, description="US dollars of model calls in one talk; left out: any."
    )


class LoopShape(TriggerShape):
    """The same again."""

    answers: int | None = Field(
        None,
        ge=0,
        le=10,
        description="Instead of the same answer for this many-th time; 0: never; left out: 3.",
    )
    questions: int | None = Field(
        None,
        ge=0,
        le=10,
        description="At the same message for this many-th time; 0: never; left out: 3.",
    )


class HandoffShape(Shape):
    """When the bot gives a conversation to people, and how."""

    choice: bool | None = Field(
        None, description="The first greeting offers the customer bot or person; left out: no."
    )
    asked: AskedShape | None = Field(None, description="The customer asks for a person.")
    evidence: LowEvidenceShape | None = Field(
        None, description="Nothing that the business knows answers the customer."
    )
    tool: ToolFailedShape | None = Field(None, description="A tool fails again and again.")
    long: LongShape | None = Field(None, description="The talk is long.")
    mood: MoodShape | None = Field(None, description="The customer is very dissatisfied.")
    alarm: AlarmShape | None = Field(None, description="The customer says an alarm word.")
    topics: dict[Name, TopicTriggerShape] | None = Field(
        None, max_length=50, description="What only people speak about, by a short name."
    )
    vip: TriggerShape | None = Field(
        None, description="The customer is a VIP (see vip); left out: not called for it."
    )
    cost: CostShape | None = Field(None, description="The talk costs too much.")
    loop: LoopShape | None = Field(None, description="The same answer or message again.")
    attachment: TriggerShape | None = Field(None, description="A file that nobody could read.")
    grounding: TriggerShape | None = Field(
        None, description="The answer held what stands in no source."
    )
    model: TriggerShape | None = Field(None, description="No model answered, or it refused.")
    called: GivenShape | None = Field(
        None, description="A role called people, or promised them; it is always obeyed."
    )
