"""What reads a file once it is known what it is: an ear, an eye, or plain extraction."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chatcrew.attachments import _seeing
from chatcrew.attachments._documents import PdfReader, decoded
from chatcrew.attachments._sniffing import Media, seconds
from chatcrew.clock import Clock
from chatcrew.errors import BudgetExceeded, ModelError
from chatcrew.ids import ConversationId
from chatcrew.messages import Reading, SpeechRequest, Transcript, Unread, WhyUnread
from chatcrew.telemetry import get_logger
from chatcrew.tenancy.model import AttachmentPolicy, Bot, Tenant

_log = get_logger("attachments")

_FAULTS: Mapping[str, WhyUnread] = {
    "timeout": "late",
    "content_filter": "unreadable",
    "context_length": "unreadable",
    "unavailable": "model_down",
    "rate_limit": "model_down",
    "insufficient_quota": "model_down",
    "breaker_open": "model_down",
}
"""What a model's failure means; any other is one that cannot hear or see at all."""


class Hears(Protocol):
    """Writes speech down."""

    async def transcribe(self, request: SpeechRequest) -> Transcript:
        """Return what is said.

        Raises:
            ModelError: nobody could tell.
        """
        ...


@dataclass(frozen=True, slots=True)
class Senses:
    """What reads the files, and what it is called.

    Attributes:
        hears: writes speech down.
        sees: looks at pictures.
        transcription_model: asked where a tenant names none.
        vision_model: likewise.
        max_mb: largest file where a tenant names no limit.
        able: whether any model can be asked; where none can, no recording or picture is fetched.
    """

    hears: Hears
    sees: _seeing.Sees
    transcription_model: str
    vision_model: str
    max_mb: float = 20.0
    able: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class Errand:
    """For whom a file is read.

    Attributes:
        tenant: whose customer sent it.
        bot: whose Chatwoot has it.
        conversation: where it was sent.
        turn_id: which turn pays.
        language: what the customer probably speaks, such as ``pt-BR``.
        until: monotonic second by which it has to be read.
    """

    tenant: Tenant
    bot: Bot
    conversation: ConversationId
    turn_id: str
    language: str
    until: float

    @property
    def policy(self) -> AttachmentPolicy:
        """What the business wants read."""
        return self.tenant.attachments


class Sensing:
    """Hears, sees and extracts.

    Args:
        senses: the models.
        clock: measures budgets.
    """

    def __init__(self, senses: Senses, clock: Clock) -> None:
        self._senses = senses
        self._clock = clock
        self._pdfs = PdfReader()

    async def read(self, data: bytes, media: Media, errand: Errand) -> Reading | Unread:
        """Return what a file says, or why nobody can tell."""
        try:
            if media.kind == "audio":
                return await self._heard(data, media, errand)
            if media.kind == "image":
                return await self._seen([(media.type, data)], errand)
            if media.kind == "pdf":
                return await self._paged(data, errand)
        except ModelError as error:
            _log.warning("attachment.model", kind=media.kind, error=error.kind)
            return Unread(_FAULTS.get(error.kind, "no_model"))
        except BudgetExceeded:
            return Unread("model_down")
        text = await asyncio.to_thread(decoded, data)
        return Reading(text, "extracted") if text else Unread("unreadable")

    async def _heard(self, data: bytes, media: Media, errand: Errand) -> Reading | Unread:
        length = seconds(data, media)
        if length > errand.policy.max_seconds:
            return Unread("too_long", _minutes(errand.policy.max_seconds))
        heard = await self._senses.hears.transcribe(
            SpeechRequest(
                tenant=errand.tenant.key,
                model=errand.policy.transcription_model or self._senses.transcription_model,
                data=data,
                media_type=media.type,
                language=errand.language.partition("-")[0],
                seconds=length,
                budget=self._left(errand),
                turn_id=errand.turn_id,
            )
        )
        return Reading(heard.text, "transcribed") if heard.text else Unread("unreadable")

    async def _seen(
        self, pictures: Sequence[tuple[str, bytes]], errand: Errand
    ) -> Reading | Unread:
        look = _seeing.Look(
            tenant=errand.tenant.key,
            model=errand.policy.vision_model or self._senses.vision_model,
            pictures=pictures,
            budget=self._left(errand),
            turn_id=errand.turn_id,
        )
        request = await asyncio.to_thread(_seeing.request, look)
        answer = await self._senses.sees.complete(request)
        text = answer.text.strip()
        refused = not text or answer.finish_reason == "content_filter"
        return Unread("unreadable") if refused else Reading(text, "described")

    async def _paged(self, data: bytes, errand: Errand) -> Reading | Unread:
        pages = await self._pdfs.read(data)
        if pages.text:
            return Reading(pages.text, "extracted")
        if not pages.pictures:
            return Unread("unreadable")
        if not errand.policy.image:
            return Unread("off")
        found = await self._seen([("image/png", one) for one in pages.pictures], errand)
        more = pages.total - len(pages.pictures)
        if isinstance(found, Reading) and more > 0:
            return replace(found, text=f"{found.text}\n[páginas não lidas: {more}]")
        return found

    def _left(self, errand: Errand) -> float:
        return max(0.0, errand.until - self._clock.monotonic())


def _minutes(seconds_: float) -> str:
    return f"{seconds_ / 60:g} min" if seconds_ >= 60 else f"{seconds_:g} s"
