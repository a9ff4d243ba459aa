"""The shape of ``attachments:``, which of a customer's files are opened."""

from pydantic import Field

from chatcrew.tenancy._shapes.models import ModelName
from chatcrew.tenancy._shapes.shape import Shape
from chatcrew.tenancy._values.attachments import LARGEST_MB


class AttachmentsShape(Shape):
    """Which files are opened, and within which limits."""

    audio: bool | None = Field(None, description="Voice notes are written down; left out: yes.")
    image: bool | None = Field(
        None, description="Pictures and scanned documents are looked at; left out: yes."
    )
    file: bool | None = Field(None, description="PDFs and text files are read; left out: yes.")
    max_mb: float | None = Field(
        None,
        gt=0,
        le=LARGEST_MB,
        description="Largest file in MB; left out: CHATCREW_ATTACHMENT_MB.",
    )
    max_seconds: float | None = Field(
        None, gt=0, le=7200, description="Longest recording in seconds; left out: 600."
    )
    wait: float | None = Field(
        None,
        gt=0,
        le=60,
        description="Seconds that reading may add to the deadline of an answer; left out: 20.",
    )
    transcription_model: ModelName | None = Field(
        None, description="Model that hears; left out: CHATCREW_TRANSCRIPTION_MODEL."
    )
    vision_model: ModelName | None = Field(
        None, description="Model that sees; left out: CHATCREW_VISION_MODEL."
    )
