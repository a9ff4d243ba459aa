"""What was read in files, over both backends (complaint 13)."""

import asyncio

import pytest

from chatcrew.attachments import MemoryReadings, Owned, PostgresReadings, Readings
from chatcrew.clock import SystemClock
from chatcrew.database import Database
from chatcrew.ids import ConversationId
from chatcrew.messages import Attachment, Reading, SentFile

HEARD = Reading("Oi, tudo bem?", "transcribed")
DIGEST = "ab" * 32
TALK = ConversationId("acme", "bot", 7)


@pytest.fixture(params=["memory", "postgres"])
def readings(request: pytest.FixtureRequest) -> Readings:
    """An empty store."""
    if request.param == "memory":
        return MemoryReadings(SystemClock())
    database: Database = request.getfixturevalue("database")
    return PostgresReadings(database)


def owned(tenant: str = "shop/acme", *, number: int | None = 61) -> Owned:
    """Return a voice note of a customer of ``tenant``."""
    return Owned(tenant, TALK, SentFile(880, 0, Attachment("audio", id=number)))


async def test_what_was_kept_is_found_by_content(readings: Readings) -> None:
    """Who comes later reads nothing anew."""
    assert await readings.claim("shop/acme", DIGEST, seconds=9) is True
    await readings.keep("shop/acme", DIGEST, HEARD)

    assert await readings.claim("shop/acme", DIGEST, seconds=9) == HEARD


async def test_a_reading_belongs_to_one_tenant(readings: Readings) -> None:
    """The very same file of another business is another file (isolation)."""
    await readings.keep("shop/acme", DIGEST, HEARD)
    await readings.saw(owned(), DIGEST)

    assert await readings.claim("shop/other", DIGEST, seconds=9) is True
    assert await readings.of("acme", ["a61"], tenant="shop/other") == {}


async def test_of_many_who_come_at_once_one_reads(readings: Readings) -> None:
    """The others wait for it, also in other processes."""
    claims = (readings.claim("shop/acme", DIGEST, seconds=9) for _ in range(8))

    assert sorted(map(str, await asyncio.gather(*claims))) == ["False"] * 7 + ["True"]


async def test_who_gave_up_or_died_is_followed_by_somebody_else(readings: Readings) -> None:
    """A claim ends with what it was for, or by itself."""
    await readings.claim("shop/acme", DIGEST, seconds=60)
    await readings.give_up("shop/acme", DIGEST)
    assert await readings.claim("shop/acme", DIGEST, seconds=0) is True

    assert await readings.claim("shop/acme", DIGEST, seconds=9) is True


async def test_a_message_finds_what_its_file_said(readings: Readings) -> None:
    """By Chatwoot's id of the attachment, or by the place in its message where it has none."""
    await readings.keep("shop/acme", DIGEST, HEARD)
    await readings.saw(owned(), DIGEST)
    await readings.saw(owned(number=None), DIGEST)
    await readings.saw(owned(), DIGEST)

    found = await readings.of("acme", ["a61", "m880.0", "a62"], tenant="shop/acme")

    assert found == {"a61": HEARD, "m880.0": HEARD}


async def test_what_is_being_read_says_nothing_yet(readings: Readings) -> None:
    """A claimed content is no reading."""
    await readings.claim("shop/acme", DIGEST, seconds=9)
    await readings.saw(owned(), DIGEST)

    assert await readings.of("acme", ["a61"], tenant="shop/acme") == {}


async def test_who_was_quicker_is_believed_and_odd_text_is_cleaned(readings: Readings) -> None:
    """Two who read it all the same keep one text; PostgreSQL takes no U+0000."""
    await readings.keep("shop/acme", DIGEST, Reading("um\0 dois", "extracted"))
    await readings.keep("shop/acme", DIGEST, HEARD)

    found = await readings.claim("shop/acme", DIGEST, seconds=9)

    assert isinstance(found, Reading)
    assert "\0" not in found.text
    assert found.how == "extracted"
