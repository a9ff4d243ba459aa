"""What a business wants read of what its customers send."""

from dataclasses import dataclass

LARGEST_MB = 40
"""Chatwoot takes no larger file (config/storage: its own limit)."""


@dataclass(frozen=True, slots=True)
class AttachmentPolicy:
    """Which files are opened, and within which limits.

    Attributes:
        audio: voice notes and other recordings are written down.
        image: pictures are looked at, and so are scanned documents.
        file: PDFs and text files are read.
        max_mb: megabytes beyond which no file is opened; None: what the settings say.
        max_seconds: seconds beyond which no recording is written down.
        wait: seconds that reading may add to the deadline of a turn.
        transcription_model: model that hears; "": what the settings say.
        vision_model: model that sees; "": what the settings say.
    """

    audio: bool = True
    image: bool = True
    file: bool = True
    max_mb: float | None = None
    max_seconds: float = 600.0
    wait: float = 20.0
    transcription_model: str = ""
    vision_model: str = ""
