"""``docs/attachments.md``, in both languages: every format is read as it says."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import yaml

from chatcrew.attachments import AttachmentReader, MemoryReadings, Senses
from chatcrew.chatwoot._lines import read_line
from chatcrew.clock import SystemClock
from chatcrew.hub import files
from chatcrew.hub.texts import DEFAULTS
from chatcrew.ids import ConversationId
from chatcrew.messages import Line, Reading, SpeechRequest, Transcript, WhyUnread, spoken
from chatcrew.tenancy._shapes.domain import DomainShape
from chatcrew.tenancy._shapes.models import ModelsShape
from chatcrew.tenancy.model import Bot, Persona, Secret, Tenant
from chatcrew.testing import ScriptedModel
from chatcrew.testing.files import ogg, pdf, png

ROOT = Path(__file__).parents[2]
PAGES = ("docs/attachments.md", "docs/attachments.pt-BR.md")
TENANT = Tenant("shop/acme", "pt-BR", "America/Sao_Paulo", Persona("Ana", "Acme", "leve"))
BOT = Bot("bot", "acme", 1, "http://chat", 7, Secret("env:X"))
HEARD, SEEN = "Vocês abrem no sábado?", "Um recibo da farmácia."

M4A = b"\0\0\0\x18ftypM4A " + bytes(40)
PLACE = {"coordinates_lat": -23.5, "coordinates_long": -46.6, "fallback_title": "Praça Exemplo"}
CARD = {"fallback_title": "+5511900000004", "meta": {"firstName": "Carlos", "lastName": "Exemplo"}}
LINK = {"fallback_title": "Promoção", "data_url": "https://shop.example/p/1"}

SAMPLES: list[tuple[str, bytes, dict[str, object]]] = [
    ("voz.ogg", ogg(), {}),
    ("a.mp3", b"ID3\x04" + bytes(40), {}),
    ("a.m4a", M4A, {}),
    ("a.wav", b"RIFF\0\0\0\0WAVEfmt " + bytes(40), {}),
    ("a.webm", b"\x1a\x45\xdf\xa3" + bytes(40), {}),
    ("foto.png", png(), {}),
    ("figurinha.webp", b"RIFF\0\0\0\0WEBPVP8 " + bytes(40), {}),
    ("nota.pdf", pdf("Pedido 4711 pago"), {}),
    ("scan.pdf", pdf(""), {}),
    ("recado.txt", "Chego às 15h".encode(), {}),
    ("lista.csv", "produto;qtd".encode("cp1252"), {}),
    ("", b"", PLACE),
    ("", b"", CARD),
    ("", b"", LINK),
    ("", b"", {}),
]
"""A file for each row of the table of formats, in its order; places and cards hold none."""


class Ears:
    """Hears the example."""

    async def transcribe(self, request: SpeechRequest) -> Transcript:
        """Return it."""
        return Transcript(HEARD)


class Files:
    """Where the samples come from."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    async def get(self, url: str, *, chatwoot: str, max_bytes: int) -> bytes | str:
        """Return the sample."""
        return self.data or "download"


def rows(page: str, name: str) -> list[list[str]]:
    """Return the cells of a table, without its head."""
    text = (ROOT / page).read_text("utf-8").split(f"<!-- table: {name} -->\n\n", 1)[1]
    lines = text.split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def example(page: str, name: str) -> object:
    """Return what a block of YAML says."""
    text = (ROOT / page).read_text("utf-8").split(f"<!-- example: {name} -->\n\n```yaml\n", 1)[1]
    return yaml.safe_load(text.split("```", 1)[0])


async def read(line: Line, data: bytes) -> Line:
    """Return a message as the turn has it once its file was read."""
    reader = AttachmentReader(
        MemoryReadings(SystemClock()),
        downloads=Files(data),
        senses=Senses(Ears(), ScriptedModel(default=SEEN), "whisper-1", "seeing"),
        clock=SystemClock(),
    )
    sent = files.to_open([line])
    found = await reader.read(
        sent,
        tenant=TENANT,
        bot=BOT,
        conversation=ConversationId("acme", "bot", 1),
        turn_id="t1",
        language="pt-BR",
        budget=20.0,
    )
    said = {f.ref: one.text for f, one in zip(sent, found, strict=True) if isinstance(one, Reading)}
    return files.filled(line, said)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("number", range(len(SAMPLES)))
async def test_each_format_is_read_as_the_page_says(page: str, number: int) -> None:
    """From the webhook's own shape of an attachment to the line that the crew reads."""
    _, kind, shown = rows(page, "formats")[number]
    name, data, more = SAMPLES[number]
    address = f"https://chat.example/rails/active_storage/blobs/redirect/x/{name}"
    row = {"id": 1, "file_type": kind.strip("`"), "data_url": name and address, **more}
    line = read_line(
        {"attachments": [row]}, message_id=5, conversation={}, agent_bot_id=7, contact_id=1
    )

    assert spoken(await read(replace(line, text=""), data)) == shown.strip("`")


@pytest.mark.parametrize("page", PAGES)
def test_every_format_of_the_table_has_its_sample(page: str) -> None:
    """A new row needs a file that proves it."""
    assert len(rows(page, "formats")) == len(SAMPLES)


@pytest.mark.parametrize("page", PAGES)
def test_every_reason_and_its_text_is_named(page: str) -> None:
    """Who looks at the metric or words a text finds it here."""
    found = {row[0].strip("`"): re.findall(r"`(\w+)`", row[2]) for row in rows(page, "unread")}

    assert set(found) == set(get_args(WhyUnread))
    assert {key for keys in found.values() for key in keys} < set(DEFAULTS)
    for why, keys in found.items():
        assert keys == [files.KEYS[why]] if why in files.KEYS else len(keys) == 3


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_are_files_that_load(page: str) -> None:
    """Every key is one of the shape's."""
    shape = DomainShape.model_validate(example(page, "yaml"))
    assert shape.attachments is not None
    assert shape.attachments.file is False

    models = example(page, "models")
    models["models"]["whisper-1"]["price"]["as_of"] = "2026-11-20"  # our loader reads no dates
    assert ModelsShape.model_validate(models).models["whisper-1"].price.minute == 0.006
