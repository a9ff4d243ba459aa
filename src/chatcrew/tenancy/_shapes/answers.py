"""The shape of ``answers:``, which says how long answers are given again."""

from pydantic import Field

from chatcrew.tenancy._shapes.shape import Shape


class AnswersShape(Shape):
    """Answers that may be given again to the next customer who asks the same."""

    keep_minutes: int | None = Field(
        None, ge=0, le=1440, description="How long an answer is kept; 0: none is."
    )
    other_words: bool | None = Field(
        None,
        description="A question in other words may find it, where the business's own prove that.",
    )
