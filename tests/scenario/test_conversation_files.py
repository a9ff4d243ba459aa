"""Every shipped conversation test goes well, through the whole bot (issue 4)."""

from pathlib import Path

import pytest

from chatcrew.database import Database
from chatcrew.testing.conversations import run_conversations

ROOT = Path(__file__).parents[2]
DOMAINS = ROOT / "config" / "domains"
TENANTS = [
    f"{path.parent.name}/{path.name.removesuffix('.tests.yaml')}"
    for path in sorted(DOMAINS.glob("*/*.tests.yaml"))
]


@pytest.mark.crewai
@pytest.mark.timeout(180)
@pytest.mark.xdist_group("crew-pool")
@pytest.mark.parametrize("tenant", TENANTS)
async def test_every_shipped_conversation_goes_well(tenant: str, database: Database) -> None:
    """The file beside a business is played as ``chatcrew test`` plays it."""
    report = await run_conversations(
        tenant, config_dir=ROOT / "config", crews_dir=ROOT / "crews", database=database
    )

    assert report.played
    assert not report.failures
