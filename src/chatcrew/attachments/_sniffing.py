"""What a file really is, told by its first bytes: nobody's word for it is believed."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["audio", "image", "pdf", "text", "video"]


@dataclass(frozen=True, slots=True)
class Media:
    """What a file is.

    Attributes:
        kind: what can be done with it.
        type: media type, as a model's endpoint wants to read it.
        extension: of a file of this type, without the dot.
    """

    kind: Kind
    type: str
    extension: str


_OGG = Media("audio", "audio/ogg", "ogg")
_MP3 = Media("audio", "audio/mpeg", "mp3")
_M4A = Media("audio", "audio/mp4", "m4a")
_WAV = Media("audio", "audio/wav", "wav")
_WEBM = Media("audio", "audio/webm", "webm")
_FLAC = Media("audio", "audio/flac", "flac")
_AAC = Media("audio", "audio/aac", "aac")
_AMR = Media("audio", "audio/amr", "amr")
_MP4 = Media("video", "video/mp4", "mp4")
_MKV = Media("video", "video/webm", "webm")
_PDF = Media("pdf", "application/pdf", "pdf")
_TEXT = Media("text", "text/plain", "txt")

_FIRST = (
    (b"OggS", _OGG),
    (b"ID3", _MP3),
    (b"fLaC", _FLAC),
    (b"#!AMR", _AMR),
    (b"\x89PNG\r\n\x1a\n", Media("image", "image/png", "png")),
    (b"\xff\xd8\xff", Media("image", "image/jpeg", "jpg")),
    (b"GIF87a", Media("image", "image/gif", "gif")),
    (b"GIF89a", Media("image", "image/gif", "gif")),
)
_RIFF = {
    b"WAVE": _WAV,
    b"WEBP": Media("image", "image/webp", "webp"),
    b"AVI ": Media("video", "video/x-msvideo", "avi"),
}
_VIDEO_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_PROBE = 1_000_000
"""Bytes looked through for a video track, at either end of the file."""

_TEXT_PROBE = 4096
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks: half of what such a text holds are zero bytes."""
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


def sniff(data: bytes, *, audio: bool = False) -> Media | None:
    """Return what ``data`` is, or None where it is nothing that is read here.

    Args:
        data: the whole file.
        audio: Chatwoot calls it a recording; decides for containers that may hold either.
    """
    known = next((media for magic, media in _FIRST if data.startswith(magic)), None)
    if known is not None:
        return known
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[:4] == b"\x1a\x45\xdf\xa3":  # EBML: browsers record voice into WebM
        return _WEBM if audio else _MKV
    if data[4:8] == b"ftyp":
        return _mp4(data, audio=audio)
    return _loose(data)


def _loose(data: bytes) -> Media | None:
    """Return what a file is that has no mark at its very beginning."""
    if data[:2] in _UTF16:
        return _TEXT
    # PDF 2.0, 7.5.2: readers look for the header within the first 1,024 bytes
    if b"%PDF-" in data[:1024]:
        return _PDF
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:  # MPEG audio's frame sync
        return _AAC if data[1] & 0xF6 == 0xF0 else _MP3
    return _TEXT if is_text(data) else None


def is_text(data: bytes) -> bool:
    """Return whether ``data`` begins like text of any usual encoding; an empty file is none."""
    if not data:
        return False
    if data[:2] in _UTF16:
        return True
    head = data[:_TEXT_PROBE]
    return not any(byte in _CONTROLS for byte in head)


def _mp4(data: bytes, *, audio: bool) -> Media | None:
    brand = data[8:12]
    if brand in (b"avif", b"heic", b"heix", b"mif1"):
        # A phone's own format: no model's endpoint takes it
        return None
    if audio or brand in (b"M4A ", b"M4B "):
        return _M4A
    looked = data[:_PROBE] + data[-_PROBE:]
    return _MP4 if _VIDEO_TRACK.search(looked) or brand != b"isom" else _M4A


def seconds(data: bytes, media: Media) -> float:
    """Return how long a recording is by its own header, in seconds; 0 where that does not tell."""
    if media is _OGG:
        return _ogg_seconds(data)
    if media is _WAV:
        return _wav_seconds(data)
    if media is _M4A:
        return _m4a_seconds(data)
    return 0.0


def _ogg_seconds(data: bytes) -> float:
    """RFC 3533: the last page's granule position; RFC 7845: Opus counts 48,000 a second."""
    last = data.rfind(b"OggS")
    page = data[last + 6 : last + 14]
    if last < 0 or len(page) < 8:
        return 0.0
    position = int.from_bytes(page, "little", signed=True)
    head = data.find(b"OpusHead", 0, 4096)
    if head >= 0:
        rate, skip = 48_000, int.from_bytes(data[head + 10 : head + 12], "little")
    elif (vorbis := data.find(b"\x01vorbis", 0, 4096)) >= 0:
        rate, skip = int.from_bytes(data[vorbis + 12 : vorbis + 16], "little"), 0
    else:
        return 0.0
    return max(0.0, (position - skip) / rate) if rate and position > 0 else 0.0


def _wav_seconds(data: bytes) -> float:
    rate = int.from_bytes(data[28:32], "little")  # bytes a second
    return (len(data) - 44) / rate if rate and len(data) > 44 else 0.0


def _m4a_seconds(data: bytes) -> float:
    """ISO 14496-12, 8.2.2: the movie header has time scale and duration."""
    place = data.find(b"mvhd")
    if place < 0 or len(data) < place + 36:
        return 0.0
    if data[place + 4] == 1:
        scale, length = data[place + 24 : place + 28], data[place + 28 : place + 36]
    else:
        scale, length = data[place + 16 : place + 20], data[place + 20 : place + 24]
    per_second = int.from_bytes(scale, "big")
    return int.from_bytes(length, "big") / per_second if per_second else 0.0
