"""What unit tests of several files begin with."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from chatcrew.testing.stopped import stopped_server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stopped_cluster() -> AsyncIterator[Path]:
    """A data folder with a cluster of an earlier run, to be copied."""
    async with stopped_server(migrated=False) as made:
        yield made


@pytest.fixture
def second_start(stopped_cluster: Path, data_dir: Path) -> None:
    """A server ran in the data folder before: making the cluster is no part of the test."""
    subprocess.run(["cp", "-a", str(stopped_cluster), str(data_dir)], check=True)
