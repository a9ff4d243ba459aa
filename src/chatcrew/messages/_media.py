"""What was read in a file that somebody sent, and what a spoken word is asked of a model."""

from dataclasses import dataclass, field
from typing import Literal

from chatcrew.messages._lines import Attachment
from chatcrew.messages._models import Usage

How = Literal["transcribed", "described", "extracted"]
WhyUnread = Literal[
    "off", "too_big", "too_long", "type", "video", "download", "no_model", "model_down",
    "unreadable", "late", "too_many",
]  # fmt: skip
"""Why a file was not read: switched off by the business; beyond its limits; of a kind nobody reads
here; not to be had; no model that could; the model failed; nothing to be made of it; no time left;
beyond the number that one burst may bring."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """One attachment that has to be opened to know what it says.

    Attributes:
        message_id: Chatwoot's id of its message.
        position: its place among the message's attachments.
        attachment: what the message says about it.
    """

    message_id: int
    position: int
    attachment: Attachment

    @property
    def ref(self) -> str:
        """What it is known by within an account, the same in every delivery of its message."""
        known = self.attachment.id
        return f"a{known}" if known is not None else f"m{self.message_id}.{self.position}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says.

    Attributes:
        text: its words, or what is to be seen in it.
        how: transcribed from speech, described by a model that sees, or extracted as it stands.
    """

    text: str
    how: How


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was not read.

    Attributes:
        why: which of the reasons.
        limit: the limit it is beyond, as people write it ("20 MB", "5 min"), or "".
    """

    why: WhyUnread
    limit: str = ""


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """One recording to be written down.

    Attributes:
        tenant: who pays.
        model: the model's configured name.
        data: the file.
        media_type: of the file, such as ``audio/ogg``.
        language: what is probably spoken, as ISO 639-1, or "".
        seconds: how long it is, as far as its own header says; 0 where nobody knows.
        budget: seconds left.
        turn_id: which turn pays, or None.
    """

    tenant: str
    model: str
    data: bytes = field(repr=False)
    media_type: str
    language: str = ""
    seconds: float = 0.0
    budget: float = 30.0
    turn_id: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording.

    Attributes:
        text: the words.
        usage: seconds or tokens, as the provider counted them.
    """

    text: str
    usage: Usage = field(default_factory=Usage)
