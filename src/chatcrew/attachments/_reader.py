"""Reads what customers send, each file once: download, look what it is, hear, see or extract."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chatcrew.attachments._download import Downloads
from chatcrew.attachments._port import Owned, Readings
from chatcrew.attachments._senses import Errand, Senses, Sensing
from chatcrew.attachments._sniffing import Media, sniff
from chatcrew.cache import Flights
from chatcrew.clock import Clock
from chatcrew.ids import ConversationId
from chatcrew.messages import Reading, SentFile, Unread
from chatcrew.tenancy.model import AttachmentPolicy, Bot, Tenant

MAX_FILES = 15
"""Files of one burst that are opened; Chatwoot lets a message have as many."""

_AT_ONCE = 5
_MEGABYTE = 1_000_000
_LOOK_AGAIN = 0.3
_LONGEST_READING = 20_000

_FAMILIES = {"audio": "audio", "image": "image", "video": "video"}
_STORIES = frozenset({"story_mention", "ig_story", "ig_post", "ig_reel", "share"})


class AttachmentReader:
    """Satisfies ``hub.ports.Attachments``.

    Args:
        readings: what was read before.
        downloads: gets files.
        senses: hears and sees.
        clock: measures budgets.
        observe: told the kind of each file and what became of it.
    """

    def __init__(
        self,
        readings: Readings,
        *,
        downloads: Downloads,
        senses: Senses,
        clock: Clock,
        observe: Callable[[str, str], None] = lambda kind, end: None,
    ) -> None:
        self._readings = readings
        self._downloads = downloads
        self._senses = senses
        self._clock = clock
        self._observe = observe
        self._sensing = Sensing(senses, clock)
        self._flights = Flights[Reading | Unread]()

    async def known(
        self, files: Sequence[SentFile], *, tenant: str, conversation: ConversationId
    ) -> Mapping[str, Reading]:
        """Return what was read before, by ``SentFile.ref``; opens nothing.

        Raises:
            StoreError: storage is away.
        """
        refs = [file.ref for file in files]
        return await self._readings.of(conversation.account, refs, tenant=tenant)

    async def read(
        self,
        files: Sequence[SentFile],
        *,
        tenant: Tenant,
        bot: Bot,
        conversation: ConversationId,
        turn_id: str,
        language: str,
        budget: float,
    ) -> list[Reading | Unread]:
        """Return what each file says, or why nobody read it, in the order given.

        Raises:
            StoreError: storage is away.
        """
        until = self._clock.monotonic() + budget
        errand = Errand(tenant, bot, conversation, turn_id, language, until)
        known = await self.known(files, tenant=tenant.key, conversation=conversation)
        slots = asyncio.Semaphore(_AT_ONCE)

        async def one(place: int, file: SentFile) -> Reading | Unread:
            if file.ref in known:
                return known[file.ref]
            if place >= MAX_FILES:
                return Unread("too_many")
            async with slots:
                found = await self._bounded(file, errand)
            end = found.why if isinstance(found, Unread) else found.how
            self._observe(file.attachment.kind, end)
            return found

        tasks = [asyncio.create_task(one(n, file)) for n, file in enumerate(files)]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def aclose(self) -> None:
        """End what is being read."""
        await self._flights.aclose()

    async def _bounded(self, file: SentFile, errand: Errand) -> Reading | Unread:
        try:
            async with asyncio.timeout(max(0.0, errand.until - self._clock.monotonic())):
                return await self._read(file, errand)
        except TimeoutError:
            return Unread("late")

    async def _read(self, file: SentFile, errand: Errand) -> Reading | Unread:
        barred = self._barred(file, errand)
        if barred is not None or file.attachment.url is None:
            return barred or Unread("download")
        most = self._most(errand)
        data = await self._downloads.get(
            file.attachment.url,
            chatwoot=errand.bot.base_url,
            max_bytes=int(most * _MEGABYTE),
        )
        if not isinstance(data, bytes):
            return _too_big(most) if data == "too_big" else Unread(data)
        kind = file.attachment.kind
        media = await asyncio.to_thread(sniff, data, audio=kind == "audio")
        refused = _refused(file, media, errand.policy)
        if refused is not None or media is None:
            return refused or Unread("type")
        digest = await asyncio.to_thread(_digest, data)
        found = await self._flights.share(
            f"{errand.tenant.key} {digest}",
            lambda: self._once(data, media, digest, errand),
            joined=lambda: None,
        )
        if isinstance(found, Reading):
            await self._readings.saw(Owned(errand.tenant.key, errand.conversation, file), digest)
        return found

    def _barred(self, file: SentFile, errand: Errand) -> Unread | None:
        """Say why a file is not even fetched, by what its message says of it; or None."""
        if not _wanted(file.attachment.kind, errand.policy):
            return Unread("off")
        if file.attachment.kind == "video":
            return Unread("video")
        if file.attachment.kind in ("audio", "image") and not self._senses.able():
            return Unread("no_model")
        most = self._most(errand)
        return _too_big(most) if (file.attachment.size or 0) > most * _MEGABYTE else None

    def _most(self, errand: Errand) -> float:
        return errand.policy.max_mb or self._senses.max_mb

    async def _once(
        self, data: bytes, media: Media, digest: str, errand: Errand
    ) -> Reading | Unread:
        """Read a content that nobody has read, or wait for who is at it in another process."""
        tenant = errand.tenant.key
        while True:
            left = errand.until - self._clock.monotonic()
            if left <= 0:
                return Unread("late")
            claimed = await self._readings.claim(tenant, digest, seconds=left + 1.0)
            if isinstance(claimed, Reading):
                return claimed
            if claimed:
                break
            await self._clock.sleep(_LOOK_AGAIN)
        kept = False
        try:
            found = await self._sensing.read(data, media, errand)
            if isinstance(found, Reading):
                found = replace(found, text=found.text[:_LONGEST_READING])
                await self._readings.keep(tenant, digest, found)
                kept = True
            return found
        finally:
            if not kept:
                await self._readings.give_up(tenant, digest)


def _too_big(most: float) -> Unread:
    return Unread("too_big", f"{most:g} MB")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _wanted(kind: str, policy: AttachmentPolicy) -> bool:
    if kind == "audio":
        return policy.audio
    if kind == "image" or kind in _STORIES:
        return policy.image
    return policy.file


def _refused(file: SentFile, media: Media | None, policy: AttachmentPolicy) -> Unread | None:
    """Say why a file is not read by what it turned out to be, or None."""
    if media is None:
        return Unread("type")
    declared = _FAMILIES.get(file.attachment.kind)
    if media.kind == "video":
        return Unread("video")
    if declared is not None and media.kind != declared:
        return Unread("type")
    if not {"audio": policy.audio, "image": policy.image}.get(media.kind, policy.file):
        return Unread("off")
    return None
