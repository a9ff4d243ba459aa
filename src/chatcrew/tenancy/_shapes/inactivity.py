"""The shapes of ``people.inactivity``: nudge, close, and the approved template."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chatcrew.tenancy._shapes.shape import DURATION, Shape, Text

Duration = Annotated[str, StringConstraints(pattern=DURATION)]
TemplateName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=512)]
TemplateLanguage = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
Parameter = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]


class MessageTemplateShape(Shape):
    """A message that WhatsApp has approved, sent where the window for free text is closed."""

    name: TemplateName = Field(description="As approved, such as retomar_conversa.")
    language: TemplateLanguage = Field(description="As approved, such as pt_BR.")
    text: Text = Field(
        max_length=1024,
        description="The approved body, with {{1}} and so on: what people read in Chatwoot.",
    )
    category: Literal["UTILITY", "MARKETING"] | None = Field(None, description="As approved.")
    params: dict[Parameter, Text] | None = Field(
        None,
        description="Values of the body's parameters; {nome}, {saudacao} and {empresa} are filled"
        " in.",
    )


class InactivityShape(Shape):
    """What happens when a customer falls silent after the bot's answer."""

    nudge_after: Duration | None = Field(
        None, description="After how long the bot asks once whether he is still there: 30m, 2h."
    )
    close_after: Duration | None = Field(
        None, description="After how long the conversation is resolved: 12h, 2d."
    )
    in_hours: bool | None = Field(
        None, description="Only in opening hours; else at the next opening."
    )
    template: MessageTemplateShape | None = Field(
        None, description="Sent instead where the channel's window for free text is closed."
    )
