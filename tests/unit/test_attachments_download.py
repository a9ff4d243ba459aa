"""How a file is got from Chatwoot: redirects, another address, and what is not there yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from chatcrew.attachments._download import PAUSES, Downloads
from chatcrew.clock import Clock
from chatcrew.errors import EgressFailed, EgressRefused

CHATWOOT = "http://rails:3000"
PUBLIC = "https://chat.example.com"
BLOB = "/rails/active_storage/blobs/redirect/abc/nota.ogg"
DISK = "/rails/active_storage/disk/abc/nota.ogg"


@dataclass
class Answer:
    """What a server says."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"OggS"


@dataclass
class Web:
    """A web whose pages the test writes; an exception is raised, a list is answered in turn."""

    pages: dict[str, object]
    asked: list[str] = field(default_factory=list)
    trusted: set[str] = field(default_factory=set)

    async def request(self, method: str, url: str, **options: object) -> Answer:
        """Answer as the page says, 404 where there is none."""
        self.asked.append(url)
        self.trusted |= set(options["trusted"])
        page = self.pages.get(url, Answer(404, body=b""))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        if isinstance(page, BaseException):
            raise page
        return page


class Hurried(Clock):
    """Sleeps no time, and remembers how long it would have."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Return at once."""
        self.slept.append(seconds)


def moved(to: str) -> Answer:
    """Return Chatwoot's redirect to its storage."""
    return Answer(302, {"Location": to}, b"")


async def get(web: Web, url: str = PUBLIC + BLOB, clock: Hurried | None = None) -> bytes | str:
    """Fetch a file of a customer."""
    downloads = Downloads(web, clock or Hurried(), frozenset({"http://minio:9000"}))
    return await downloads.get(url, chatwoot=CHATWOOT, max_bytes=1000)


async def test_a_file_of_the_public_address_is_fetched_where_chatwoot_is_reached() -> None:
    """FRONTEND_URL may not be reachable from here; each hop is rewritten (contract §3.5)."""
    web = Web({CHATWOOT + BLOB: moved(PUBLIC + DISK), CHATWOOT + DISK: Answer()})

    assert await get(web) == b"OggS"
    assert web.asked == [CHATWOOT + BLOB, CHATWOOT + DISK]


async def test_the_public_address_is_asked_too_where_ours_has_nothing() -> None:
    """A proxy in front may serve files itself."""
    web = Web({PUBLIC + BLOB: Answer()})

    assert await get(web) == b"OggS"


async def test_a_storage_of_its_own_is_followed_and_a_named_one_is_trusted() -> None:
    """S3 is public; a MinIO of the admin's has to be named by him."""
    web = Web(
        {CHATWOOT + BLOB: moved("http://minio:9000/b/x?s=1"), "http://minio:9000/b/x?s=1": Answer()}
    )

    assert await get(web) == b"OggS"
    assert web.trusted == {CHATWOOT, "http://minio:9000"}


async def test_what_is_not_there_yet_is_asked_for_during_ten_seconds() -> None:
    """The record is committed before the upload ends (chatwoot#14644)."""
    clock = Hurried()
    web = Web({CHATWOOT + BLOB: [Answer(404), Answer(404), Answer()]})

    assert await get(web, clock=clock) == b"OggS"
    assert clock.slept == list(PAUSES[:2])

    clock = Hurried()
    assert await get(Web({}), clock=clock) == "download"
    assert sum(clock.slept) == pytest.approx(10.0)


async def test_a_forbidden_way_is_not_tried_again() -> None:
    """A redirect into a private network is refused, at once and for good."""
    clock = Hurried()
    refused = EgressRefused("private", kind="private")
    web = Web(
        {
            CHATWOOT + BLOB: moved("http://169.254.169.254/latest"),
            "http://169.254.169.254/latest": refused,
            PUBLIC + BLOB: refused,
        }
    )

    assert await get(web, clock=clock) == "download"
    assert clock.slept == []


async def test_a_file_that_turns_out_too_big_is_given_up_at_once() -> None:
    """Whatever size the webhook named."""
    failed = EgressFailed("too long", kind="too_big", maybe_sent=True)

    assert await get(Web({CHATWOOT + BLOB: failed})) == "too_big"


async def test_a_lost_connection_is_tried_again_and_a_loop_of_redirects_ends() -> None:
    """Neither raises."""
    lost = EgressFailed("cut", kind="connection", maybe_sent=True)
    web = Web({CHATWOOT + BLOB: [lost, Answer()], PUBLIC + BLOB: moved(PUBLIC + BLOB)})

    assert await get(web) == b"OggS"
    assert await get(Web({CHATWOOT + BLOB: moved(CHATWOOT + BLOB)})) == "download"
