"""No file makes reading fail in a way of its own: every byte string is something or nothing."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chatcrew.attachments._documents import MAX_CHARS, decoded
from chatcrew.attachments._sniffing import seconds, sniff
from chatcrew.messages import Attachment, Author, AuthorKind, Line, mark, own_words, spoken

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MAGIC = st.sampled_from(
    [b"OggS", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x18ftypM4A ", b"%PDF-", b"\xff\xfb", b"\xff\xfe", b""]
)
FILES = st.builds(lambda magic, rest: magic + rest, MAGIC, st.binary(max_size=400))
KINDS = st.sampled_from(["audio", "image", "file", "location", "contact", "story_mention", "odd"])


@given(FILES, st.booleans())
def test_any_bytes_are_sniffed_measured_and_decoded(data: bytes, audio: bool) -> None:
    """Broken headers give no length; nothing is raised."""
    media = sniff(data, audio=audio)

    assert media is None or seconds(data, media) >= 0
    assert len(decoded(data)) <= MAX_CHARS


@given(KINDS, st.text(max_size=60) | st.none(), st.text(max_size=60) | st.none())
def test_any_attachment_is_one_marked_line(kind: str, url: str | None, said: str | None) -> None:
    """No name breaks out of its mark, and what a picture says is never the customer's own word."""
    item = Attachment(kind, url=url and f"https://host/{url}", text=said)
    line = Line(1, Author(AuthorKind.CUSTOMER), "", NOW, attachments=(item,))

    assert mark(item).startswith("[")
    assert mark(item).count("[") == mark(item).count("]") == 1
    assert spoken(line).startswith("[")
    if kind in ("image", "file", "story_mention", "odd"):
        assert own_words(line) == ""
