"""A Chatwoot in a guise, and a folder with the shipped crews and domains beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatcrew.cli._commands import app
from chatcrew.testing import FakeChatwoot, Guise, guises
from chatcrew.testing.installation import Installation
from chatcrew.testing.processes import free_port

ROOT = Path(__file__).parents[3]
TOKEN = "Us3rT0kenOfAnAdminXyzAbc"


@pytest.fixture
async def installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Installation]:
    """An installation; the parameter names its guise."""
    guise: Guise = guises()[getattr(request, "param", "4.16.2 current")]
    for name in ("config", "crews"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    port = free_port()
    for name, value in {
        "ADMIN_TOKEN": TOKEN,
        "CHATCREW_HOST": "127.0.0.1",
        "CHATCREW_PORT": str(port),
        "CHATCREW_ADMIN_PORT": str(free_port()),
        "CHATCREW_DATA_DIR": "data",
    }.items():
        monkeypatch.setenv(name, value)
    async with FakeChatwoot(speed=50, guise=guise) as chatwoot:
        account = chatwoot.add_account(1, "Clínica")
        one = account.add_inbox(21, "WhatsApp Clínica", **guise.inbox)
        two = account.add_inbox(22, "Site", channel="Channel::WebWidget", **guise.inbox)
        admin = account.add_agent(12, role=guise.role, access_token=TOKEN)
        yield Installation(chatwoot, account, (one, two), admin, tmp_path, port, app)
