"""What a file is, by its bytes alone."""

import struct

import pytest

from chatcrew.attachments._sniffing import seconds, sniff
from chatcrew.testing.files import ogg, pdf, png


def mp4(brand: bytes, *, handler: bytes = b"soun", scale: int = 1000, length: int = 7500) -> bytes:
    """Return the beginning of an MPEG-4 file with one track and its movie header."""
    header = b"mvhd" + bytes(12) + struct.pack(">II", scale, length) + bytes(80)
    track = b"hdlr" + bytes(8) + handler + bytes(12)
    return b"\0\0\0\x18ftyp" + brand + bytes(8) + header + track


def wav(length: float) -> bytes:
    """Return silence of this length, 8 kHz, 16 bit, mono."""
    data = bytes(int(length * 16_000))
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16)
    return head + struct.pack("<HHIIHH", 1, 1, 8_000, 16_000, 2, 16) + b"data\0\0\0\0" + data


@pytest.mark.parametrize(
    ("data", "audio", "kind", "media_type"),
    [
        (ogg(), True, "audio", "audio/ogg"),
        (b"ID3\x04" + bytes(20), True, "audio", "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(20), True, "audio", "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + bytes(20), True, "audio", "audio/aac"),
        (mp4(b"M4A "), False, "audio", "audio/mp4"),
        (mp4(b"isom"), True, "audio", "audio/mp4"),
        (mp4(b"isom", handler=b"vide"), False, "video", "video/mp4"),
        (wav(1), True, "audio", "audio/wav"),
        (b"\x1a\x45\xdf\xa3" + bytes(20), True, "audio", "audio/webm"),
        (b"\x1a\x45\xdf\xa3" + bytes(20), False, "video", "video/webm"),
        (png(), False, "image", "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(20), False, "image", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", False, "image", "image/webp"),
        (b"GIF89a" + bytes(9), False, "image", "image/gif"),
        (pdf("oi"), False, "pdf", "application/pdf"),
        (b"\n\n" + pdf("oi"), False, "pdf", "application/pdf"),
        ("preço;qtd\n".encode("cp1252"), False, "text", "text/plain"),
        ("olá".encode("utf-16"), False, "text", "text/plain"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(
    data: bytes, audio: bool, kind: str, media_type: str
) -> None:
    """Whatever name or type somebody gave it."""
    found = sniff(data, audio=audio)

    assert found is not None
    assert (found.kind, found.type) == (kind, media_type)


@pytest.mark.parametrize(
    "data", [b"", b"MZ\x90\0\3" + bytes(60), b"PK\3\4" + bytes(60), mp4(b"heic"), b"\x7fELF\2\1"]
)
def test_what_nobody_here_reads_is_nothing(data: bytes) -> None:
    """Programs, archives and a phone's own picture format."""
    assert sniff(data) is None


@pytest.mark.parametrize(
    ("data", "length"),
    [(ogg(3.0), 3.0), (ogg(0.5), 0.5), (wav(2), 2.0), (mp4(b"M4A "), 7.5), (b"ID3" + bytes(9), 0)],
)
def test_a_recording_tells_its_length_where_its_format_does(data: bytes, length: float) -> None:
    """Seconds are what is paid for, and what the limit is about."""
    media = sniff(data, audio=True)

    assert media is not None
    assert seconds(data, media) == pytest.approx(length, abs=0.01)
