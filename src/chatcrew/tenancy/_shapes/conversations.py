"""The shape of ``config/domains/<domain>/<tenant>.tests.yaml``: conversations that must go well."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from chatcrew.tenancy._shapes.shape import Name, Shape, Text


def _listed(value: object) -> object:
    """Let one text stand for a list of one."""
    return [value] if isinstance(value, str) else value


_TEXT_OR_TEXTS = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "array", "items": {"type": "string", "minLength": 1}},
        ]
    }
)
Texts = Annotated[list[Text], BeforeValidator(_listed), _TEXT_OR_TEXTS]


class LineShape(Shape):
    """One message of the customer and what must come of it."""

    says: Texts = Field(
        min_length=1, description="What the customer writes; several texts come one upon the other."
    )
    intent: Name | None = Field(
        None, description="The intent it must be; none: a model must read it. Left out: any."
    )
    tool: Name | None = Field(None, description="A tool that must be called.")
    arguments: dict[str, Any] | None = Field(
        None, description="With what the scripted model calls the tool."
    )
    contains: Texts = Field([], description="Fragments that the reply must hold.")
    lacks: Texts = Field([], description="Fragments that the reply must not hold.")
    handoff: bool | None = Field(
        None, description="Whether people must be called; left out: no matter."
    )
    told: Texts = Field([], description="Fragments that the model must be given to read.")
    model: Texts = Field(
        [], description="What the scripted model says, one text per task, if the turn reaches it."
    )


class ConversationShape(Shape):
    """One conversation, from its first message on."""

    name: Text = Field(description="What it shows, in the words of who reads the result.")
    channel: Name | None = Field(None, description="Left out: whatsapp.")
    customer: list[LineShape] = Field(min_length=1, description="Turn by turn.")


class ConversationsShape(Shape):
    """Conversation tests of one tenant."""

    conversations: list[ConversationShape] = Field(description="In any order.")
