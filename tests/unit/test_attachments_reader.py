"""One reader over scripted ears and eyes: what is read, what is not, and how often."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from chatcrew.attachments import MAX_FILES, AttachmentReader, MemoryReadings, Senses
from chatcrew.clock import SystemClock
from chatcrew.errors import ModelError, ModelUnavailable
from chatcrew.ids import ConversationId
from chatcrew.messages import Attachment, Reading, SentFile, SpeechRequest, Transcript, Unread
from chatcrew.tenancy.model import AttachmentPolicy, Bot, Persona, Secret, Tenant
from chatcrew.testing import ScriptedModel
from chatcrew.testing.files import ogg, pdf, png

TENANT = Tenant("shop/acme", "pt-BR", "America/Sao_Paulo", Persona("Ana", "Acme", "leve"))
BOT = Bot("bot", "acme", 1, "http://chat", 7, Secret("env:X"))
TALK = ConversationId("acme", "bot", 7)


@dataclass
class Files:
    """Where files come from: bytes by address."""

    data: dict[str, bytes]
    fetched: list[str] = field(default_factory=list)

    async def get(self, url: str, *, chatwoot: str, max_bytes: int) -> bytes | str:
        """Return a file, within the limit."""
        self.fetched.append(url)
        found = self.data.get(url, b"")
        return "too_big" if len(found) > max_bytes else found or "download"


@dataclass
class Ears:
    """Hears what the test says, after a wait that the test ends."""

    says: str | ModelError = "oi"
    heard: list[SpeechRequest] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def transcribe(self, request: SpeechRequest) -> Transcript:
        """Return what is said, as soon as it may."""
        self.heard.append(request)
        await self.open.wait()
        if isinstance(self.says, ModelError):
            raise self.says
        return Transcript(self.says)


class Desk:
    """A reader and everything it is made of."""

    def __init__(self, data: dict[str, bytes], *, store: MemoryReadings | None = None) -> None:
        self.files = Files(data)
        self.ears = Ears()
        self.ears.open.set()
        self.eyes = ScriptedModel(default="Um recibo.")
        self.store = store or MemoryReadings(SystemClock())
        self.reader = AttachmentReader(
            self.store,
            downloads=self.files,
            senses=Senses(self.ears, self.eyes, "whisper-1", "gpt-4o-mini", max_mb=0.01),
            clock=SystemClock(),
        )

    async def read(
        self, *files: SentFile, budget: float = 5.0, **policy: object
    ) -> list[Reading | Unread]:
        """Read the files of one burst."""
        return await self.reader.read(
            files,
            tenant=replace(TENANT, attachments=AttachmentPolicy(**policy)),
            bot=BOT,
            conversation=TALK,
            turn_id="t1",
            language="pt-BR",
            budget=budget,
        )


def sent(kind: str, url: str | None = "u", *, number: int = 1, size: int | None = None) -> SentFile:
    """Return a file of a message."""
    return SentFile(880, 0, Attachment(kind, url, size=size, id=number))


async def test_the_same_content_is_heard_once_by_everybody_at_once() -> None:
    """Two workers and four turns with the very same recording make one call."""
    one = Desk({"u": ogg()})
    other = Desk({"u": ogg()}, store=one.store)
    one.ears.open.clear()
    turns = [
        asyncio.create_task(desk.read(sent("audio", number=n)))
        for n, desk in enumerate((one, one, other, other))
    ]
    async with asyncio.timeout(5):
        while not one.ears.heard:
            await asyncio.sleep(0)
    one.ears.open.set()

    found = await asyncio.gather(*turns)

    assert found == [[Reading("oi", "transcribed")]] * 4
    assert len(one.ears.heard) + len(other.ears.heard) == 1


async def test_a_worker_that_dies_after_the_transcript_leaves_it_to_the_next() -> None:
    """The turn is claimed again, by another process: nobody listens twice, nor downloads."""
    killed = Desk({"u": ogg()})
    await killed.read(sent("audio"))
    after = Desk({"u": ogg()}, store=killed.store)

    assert await after.read(sent("audio")) == [Reading("oi", "transcribed")]
    assert after.ears.heard == []
    assert after.files.fetched == []


async def test_who_leaves_in_the_middle_lets_the_next_begin_at_once() -> None:
    """A turn that is cancelled holds nothing back."""
    desk = Desk({"u": ogg()})
    desk.ears.open.clear()
    turn = asyncio.create_task(desk.read(sent("audio")))
    async with asyncio.timeout(5):
        while not desk.ears.heard:
            await asyncio.sleep(0)
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    desk.ears.open.set()

    assert await desk.read(sent("audio")) == [Reading("oi", "transcribed")]


@pytest.mark.parametrize(
    ("file", "data", "policy", "why"),
    [
        (sent("audio"), ogg(), {"audio": False}, "off"),
        (sent("image"), png(), {"image": False}, "off"),
        (sent("file"), pdf("oi"), {"file": False}, "off"),
        (sent("file"), png(), {"image": False}, "off"),
        (sent("file"), pdf(""), {"image": False}, "off"),
        (sent("audio", size=10_001), ogg(), {}, "too_big"),
        (sent("audio"), ogg() + bytes(10_000), {}, "too_big"),
        (sent("audio"), ogg(61), {"max_seconds": 60.0}, "too_long"),
        (sent("audio"), b"<html>404</html>", {}, "type"),
        (sent("image"), ogg(), {}, "type"),
        (sent("file"), b"PK\3\4" + bytes(9), {}, "type"),
        (sent("video"), bytes(9), {}, "video"),
        (sent("audio"), b"", {}, "download"),
        (sent("audio", None), ogg(), {}, "download"),
        (sent("file"), b"%PDF-1.4 broken", {}, "unreadable"),
    ],
)
async def test_what_is_not_read_says_why(
    file: SentFile, data: bytes, policy: dict[str, object], why: str
) -> None:
    """Each reason has words of its own for the customer and the team; nobody is paid."""
    desk = Desk({"u": data})

    (found,) = await desk.read(file, **policy)

    assert isinstance(found, Unread)
    assert found.why == why
    assert (desk.ears.heard, desk.eyes.requests) == ([], [])


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("no_model", "no_model"),
        ("model_not_found", "no_model"),
        ("other", "no_model"),
        ("unavailable", "model_down"),
        ("insufficient_quota", "model_down"),
        ("content_filter", "unreadable"),
        ("timeout", "late"),
    ],
)
async def test_what_a_model_s_failure_means(kind: str, why: str) -> None:
    """An endpoint that has no such thing is one that cannot hear; the next try may succeed."""
    desk = Desk({"u": ogg()})
    desk.ears.says = ModelUnavailable("no", kind=kind)

    assert await desk.read(sent("audio")) == [Unread(why)]

    desk.ears.says = "agora sim"
    assert await desk.read(sent("audio")) == [Reading("agora sim", "transcribed")]


async def test_without_any_model_nothing_is_fetched_that_one_would_have_to_read() -> None:
    """Whoever waits for "I cannot hear" need not wait for a download; documents are read."""
    desk = Desk({"u": ogg(), "t": b"texto"})
    desk.reader = AttachmentReader(
        desk.store,
        downloads=desk.files,
        senses=Senses(desk.ears, desk.eyes, "", "", able=lambda: False),
        clock=SystemClock(),
    )

    found = await desk.read(sent("audio"), sent("image", number=2), sent("file", "t", number=3))

    assert found == [Unread("no_model"), Unread("no_model"), Reading("texto", "extracted")]
    assert desk.files.fetched == ["t"]


async def test_silence_in_a_recording_is_no_reading() -> None:
    """A pocket that called says nothing to answer."""
    desk = Desk({"u": ogg()})
    desk.ears.says = ""

    assert await desk.read(sent("audio")) == [Unread("unreadable")]


async def test_a_slow_file_does_not_keep_the_others() -> None:
    """Within the budget each file is read for itself; the order is that of the burst."""
    desk = Desk({"a": ogg(), "t": b"texto"})
    desk.ears.open.clear()

    found = await desk.read(sent("audio", "a"), sent("file", "t", number=2), budget=0.2)

    assert found == [Unread("late"), Reading("texto", "extracted")]


async def test_no_burst_opens_more_files_than_a_message_may_have() -> None:
    """The rest is named, not opened."""
    many = [sent("file", "t", number=n) for n in range(MAX_FILES + 2)]
    desk = Desk({"t": b"texto"})

    found = await desk.read(*many)

    assert found[-2:] == [Unread("too_many")] * 2
    assert len(desk.files.fetched) == MAX_FILES


async def test_a_scan_is_looked_at_page_by_page() -> None:
    """Its first pages are drawn and seen in one call; the rest is said to be unread."""
    desk = Desk({"u": pdf("", "", "", "")})

    (found,) = await desk.read(sent("file"))

    assert found == Reading("Um recibo.\n[páginas não lidas: 1]", "described")
    shown = desk.eyes.requests[0].messages[-1]["content"]
    assert [part["type"] for part in shown] == ["text", "image_url", "image_url", "image_url"]
    assert all("data:image/png" in part["image_url"]["url"] for part in shown[1:])


async def test_a_table_of_a_spreadsheet_is_read_in_its_own_encoding() -> None:
    """What Excel writes in Brazil is no UTF-8."""
    desk = Desk({"u": "Preço;Ação\r\n10;Pão".encode("cp1252")})

    assert await desk.read(sent("file")) == [Reading("Preço;Ação\n10;Pão", "extracted")]
