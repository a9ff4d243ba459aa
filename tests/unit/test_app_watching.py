"""Changes are noticed at once, also in folders that were made anew; deafness is no fault."""

import asyncio
import shutil
from pathlib import Path

import pytest

from chatcrew.app.watching import Watching, stamp


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one file two levels down."""
    (tmp_path / "config" / "shop").mkdir(parents=True)
    (tmp_path / "config" / "shop" / "acme.yaml").write_text("a: 1")
    return tmp_path


async def noticed(watching: Watching) -> None:
    """Wait for the event and clear it."""
    async with asyncio.timeout(10):
        await watching.changed.wait()
    watching.changed.clear()


async def test_a_change_sets_the_event(folder: Path) -> None:
    """Nobody waits until the next look (inotify, through watchfiles)."""
    async with Watching(folder / "config") as watching:
        await asyncio.sleep(0.3)  # the watcher starts in a thread and tells nobody
        (folder / "config" / "shop" / "acme.yaml").write_text("a: 2")
        await noticed(watching)


async def test_a_folder_made_anew_is_watched_again(folder: Path) -> None:
    """The old watch died with the old folder."""
    config = folder / "config"
    async with Watching(config) as watching:
        await asyncio.sleep(0.3)
        shutil.rmtree(config)
        await noticed(watching)
        await watching.follow()
        (config / "shop").mkdir(parents=True)
        await watching.follow()
        await asyncio.sleep(0.3)
        watching.changed.clear()
        (config / "shop" / "acme.yaml").write_text("a: 3")
        await noticed(watching)


async def test_what_does_not_exist_is_no_fault(tmp_path: Path) -> None:
    """It may come later; until then who waits looks by himself."""
    async with Watching(tmp_path / "nothing") as watching:
        assert not watching.changed.is_set()


def test_the_stamp_changes_with_anything_that_matters(folder: Path) -> None:
    """Content, permissions, a file more or less; hidden files of editors do not count."""
    file = folder / "config" / "shop" / "acme.yaml"
    seen = {stamp([], [folder / "config"])}
    file.write_text("a: 22")
    seen.add(stamp([], [folder / "config"]))
    file.chmod(0o600)
    seen.add(stamp([], [folder / "config"]))
    (file.parent / "more.yaml").write_text("")
    seen.add(stamp([], [folder / "config"]))
    assert len(seen) == 4

    (file.parent / ".acme.yaml.swp").write_text("")
    assert stamp([], [folder / "config"]) in seen
    (folder / "config" / "empty").mkdir()
    assert stamp([], [folder / "config"]) not in seen
