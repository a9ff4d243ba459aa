"""Who comes up while a file is broken comes up with the last configuration that held."""

import asyncio
import shutil
import stat
from pathlib import Path

import pytest

from chatcrew.app.configuration import load_directory
from chatcrew.app.kept import NAME, keep, kept
from chatcrew.errors import ConfigErrors
from chatcrew.settings import Settings

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings over a copy of the sample."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Settings(
        mapping=tmp_path / "chatwoot_mapping.yaml",
        config_dir=tmp_path / "config",
        crews_dir=tmp_path / "crews",
        data_dir=tmp_path / "data",
    )


async def kept_version(settings: Settings) -> str:
    """Load the files, write them down and return their version."""
    version = (await load_directory(settings)).current.version
    assert await asyncio.to_thread(keep, settings, version)
    return version


async def test_a_child_comes_up_with_what_held_last(settings: Settings) -> None:
    """Values, routes and version are those that its siblings still run."""
    version = await kept_version(settings)
    whole = (await load_directory(settings)).current
    settings.mapping.write_text("accounts: [", "utf-8")

    found = (await load_directory(settings, fall_back=True)).current

    assert found == whole
    assert found.version == version


async def test_who_starts_it_all_is_told_the_faults(settings: Settings) -> None:
    """``chatcrew run`` on broken files refuses, however well they were before."""
    await kept_version(settings)
    settings.mapping.write_text("accounts: [", "utf-8")

    with pytest.raises(ConfigErrors):
        await load_directory(settings)


async def test_without_anything_kept_the_faults_stand(settings: Settings) -> None:
    """Nothing is made up."""
    settings.mapping.write_text("accounts: [", "utf-8")

    with pytest.raises(ConfigErrors):
        await load_directory(settings, fall_back=True)


def test_only_the_version_asked_for_is_written(settings: Settings) -> None:
    """An edit that came between loading and writing down was never checked."""
    assert not keep(settings, "another")
    assert kept(settings) is None


async def test_what_is_kept_is_for_its_owner_only(settings: Settings) -> None:
    """Names of customers' businesses and of secrets are nobody else's."""
    await kept_version(settings)
    place = settings.data_dir / NAME

    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in settings.data_dir.iterdir()] == [NAME]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"format": 9, "files": []}', b"\xff"])
def test_a_damaged_copy_is_none(settings: Settings, raw: bytes) -> None:
    """Then the faults of the files stand."""
    settings.data_dir.mkdir()
    (settings.data_dir / NAME).write_bytes(raw)

    assert kept(settings) is None


def test_a_disk_that_cannot_be_written_is_no_fault(settings: Settings) -> None:
    """The version is in force all the same."""
    settings.data_dir.write_text("a file", "utf-8")
    version = asyncio.run(load_directory(settings)).current.version

    assert not keep(settings, version)
