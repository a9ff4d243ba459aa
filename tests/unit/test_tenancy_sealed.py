"""A cached configuration is taken only if it was sealed from these very files (ADR-0007, S4-29)."""

import shutil
from pathlib import Path

import pytest

from chatcrew.app.configuration import load_directory
from chatcrew.cache import open_cache
from chatcrew.clock import SystemClock
from chatcrew.settings import Settings
from chatcrew.tenancy import load
from chatcrew.tenancy.sealed import fingerprint, seal, unseal
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return a copy of the shipped configuration."""
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    for folder in ("config", "crews"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path / "chatwoot_mapping.yaml", tmp_path / "config", tmp_path / "crews"


def test_what_was_sealed_comes_back_equal(files) -> None:
    """Tuples, maps with tuple keys, secrets as references: nothing changes on the way."""
    configuration = load(*files, tools=names())
    seen = fingerprint(*files, tools=names())

    assert unseal(seal(configuration, seen), seen) == configuration


def test_another_byte_in_a_file_is_another_fingerprint(files) -> None:
    """An edit is never answered with the old version."""
    before = fingerprint(*files, tools=names())
    files[0].write_text(files[0].read_text("utf-8") + "\n", "utf-8")
    after = fingerprint(*files, tools=names())

    assert before.name != after.name
    assert before.key != after.key


def test_a_value_sealed_without_the_files_is_refused(files) -> None:
    """Whoever only writes to the cache cannot point a bot elsewhere."""
    configuration = load(*files, tools=names())
    seen = fingerprint(*files, tools=names())
    value = seal(configuration, seen)
    forged = {**value, "body": value["body"][::-1]}

    assert unseal(forged, seen) is None
    assert unseal({**value, "seal": "é" * 64}, seen) is None
    assert unseal({"body": "~", "seal": ""}, seen) is None
    assert unseal(None, seen) is None
    assert unseal([1, 2], seen) is None


async def test_the_second_start_takes_the_configuration_from_the_cache(files) -> None:
    """The layers are asked first; the same version comes out."""
    settings = Settings(mapping=files[0], config_dir=files[1], crews_dir=files[2])
    counted: list[tuple[str, str]] = []

    class Counting:
        def seen(self, layer: str, kind: str, outcome: str) -> None:
            counted.append((kind, outcome))

    async with open_cache(SystemClock(), observer=Counting()) as cache:
        first = await load_directory(settings, cache=cache)
        second = await load_directory(settings, cache=cache)

    assert first.current == second.current
    assert counted.count(("configs", "hit")) == 1
