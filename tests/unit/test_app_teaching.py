"""Businesses are learned beside everything else."""

import asyncio
from pathlib import Path

from chatcrew import intents
from chatcrew.app.teaching import Teaching
from chatcrew.tenancy import load
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
TOOLS = names()
"""Read here: the first look at what is installed reads from disk."""
FILES = (ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews")


async def test_what_was_begun_is_at_hand_without_any_customer() -> None:
    """The first message of a version waits for nothing (S3-41)."""
    tenants = list((await asyncio.to_thread(load, *FILES, tools=TOOLS)).tenants.values())[:2]
    classifiers = intents.Classifiers()
    async with Teaching(classifiers) as teaching, asyncio.timeout(20):
        teaching.begin(tenants)
        while len(classifiers) < len(tenants):
            await asyncio.sleep(0.01)

    for tenant in tenants:
        assert classifiers.ready(intents.version(tenant, tenant.language)) is not None


async def test_closing_ends_what_was_begun() -> None:
    """A process that stops learns nothing more."""
    tenants = list((await asyncio.to_thread(load, *FILES, tools=TOOLS)).tenants.values())
    classifiers = intents.Classifiers()
    async with Teaching(classifiers) as teaching:
        teaching.begin(tenants)

    assert not [task for task in asyncio.all_tasks() if task.get_name() == "teaching"]
    assert len(classifiers) < len(tenants)
