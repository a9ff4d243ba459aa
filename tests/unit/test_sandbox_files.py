"""Files of one's own in the sandbox: uploaded, kept as Chatwoot would, and shown without harm."""

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest

from chatcrew.sandbox import Sandbox
from chatcrew.sandbox._files import LARGEST
from chatcrew.testing import Account, Contact, FakeChatwoot
from chatcrew.testing.files import ogg, pdf, png

OWN = {"X-Chatcrew-Sandbox": "1"}


@pytest.fixture
async def account() -> AsyncIterator[tuple[FakeChatwoot, Account]]:
    """A running FakeChatwoot with what a sandbox needs."""
    async with FakeChatwoot(speed=1000) as server:
        account = server.add_account(3)
        account.add_inbox(21, "WhatsApp")
        account.add_bot(7, "Assistente")
        account.add_agent(12, "Patrícia Gomes")
        yield server, account


@pytest.fixture
async def page(account: tuple[FakeChatwoot, Account]) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that does what the page's scripts do."""
    sandbox = Sandbox(account[0], title="Clínica", model_configured=True)
    await sandbox.start(port=0)
    async with aiohttp.ClientSession(sandbox.url, headers=OWN) as session:
        yield session
    await sandbox.close()


@pytest.fixture
def customer(account: tuple[FakeChatwoot, Account]) -> Contact:
    """Somebody who writes."""
    return account[1].add_contact(name="Maria", phone_number="+5581990000000")


async def upload(
    page: aiohttp.ClientSession, customer: Contact, data: bytes, media_type: str, **query: str
) -> int:
    """Send a file; return the status."""
    address = f"/api/customers/{customer.id}/files"
    headers = {"Content-Type": media_type}
    async with page.post(address, data=io.BytesIO(data), params=query, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("data", "media_type", "kind", "inline"),
    [
        (png(), "image/png", "image", True),
        (ogg(), "audio/ogg", "audio", True),
        (pdf("oi"), "application/pdf", "file", False),
        (b"<script>alert(1)</script>", "text/html", "file", False),
        (b"<svg onload=alert(1)>", "image/svg+xml", "image", False),
    ],
)
async def test_a_file_arrives_as_chatwoot_has_it_and_is_shown_without_harm(
    page: aiohttp.ClientSession,
    account: tuple[FakeChatwoot, Account],
    customer: Contact,
    data: bytes,
    media_type: str,
    kind: str,
    inline: bool,
) -> None:
    """Pictures and sounds are shown; what could run as a page is only saved."""
    status = await upload(page, customer, data, media_type, name="nota 1.x", text="olha isso")
    assert status == 204

    (conversation,) = account[1].conversations.values()
    (message,) = conversation.messages
    (attachment,) = message.attachments
    assert message.content == "olha isso"
    assert (attachment.file.kind, attachment.file.name) == (kind, "nota 1.x")
    async with page.get(f"/media/{attachment.key}") as answer:
        assert await answer.read() == data
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ("Content-Disposition" not in answer.headers) is inline
        assert (answer.content_type == media_type) is inline


async def test_what_chatwoot_would_refuse_is_refused(
    page: aiohttp.ClientSession, customer: Contact
) -> None:
    """Beyond 40 MB, empty, or to an inbox that is not there."""
    assert await upload(page, customer, b"", "image/png") == 422
    assert await upload(page, customer, png(), "image/png", inbox="99") == 404
    assert await upload(page, customer, bytes(LARGEST + 1), "application/zip") == 413


async def test_another_site_s_page_cannot_upload(
    page: aiohttp.ClientSession, customer: Contact
) -> None:
    """It lacks the header that needs a preflight."""
    async with aiohttp.ClientSession(page._base_url) as stranger:
        assert await upload(stranger, customer, png(), "image/png") == 403
