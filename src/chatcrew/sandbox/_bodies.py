"""The JSON the page may send."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """Refuses unknown keys."""

    model_config = ConfigDict(extra="forbid")


class CustomerMessage(Body):
    """What the phone sends: a text, a made-up file, or the choice of a button."""

    text: str | None = Field(default=None, min_length=1, max_length=4096)
    file: Literal["voice", "photo", "location"] | None = None
    chosen: int | None = None
    inbox: int | None = Field(default=None, description="Left out: the page's first.")


class AgentMessage(Body):
    """What the operator writes: a public reply or a private note."""

    text: str = Field(min_length=1, max_length=10_000)
    private: bool = False
