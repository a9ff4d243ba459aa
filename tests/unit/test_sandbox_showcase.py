"""What ``chatcrew demo --scripted`` lays over a copy of the files, and what it leaves alone."""

import shutil
from pathlib import Path

import pytest

from chatcrew.sandbox import Showcase

ROOT = Path(__file__).parents[2]
BELLA = "domains/cosmetics/bella.yaml"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Return the shipped files, as an admin has them."""
    return Path(shutil.copytree(ROOT / "config", tmp_path / "config"))


def test_the_admins_own_files_stay_as_they_are(config: Path, tmp_path: Path) -> None:
    """The shop stands in the copy; its keys are references to files nobody else may read."""
    before = (config / BELLA).read_text("utf-8")
    show = Showcase()
    copy = show.lay_over(config, tmp_path / "demo")
    again = show.lay_over(config, tmp_path / "demo")

    assert (config / BELLA).read_text("utf-8") == before
    assert copy == again
    laid = (copy / BELLA).read_text("utf-8")
    assert laid.count("\ntools:") == 1
    assert "ck_test" not in laid
    assert {key.stat().st_mode & 0o077 for key in (tmp_path / "demo/secrets").iterdir()} == {0}


def test_no_other_provider_is_known_to_the_copy(config: Path, tmp_path: Path) -> None:
    """A key of the admin's own, and models elsewhere, are out of reach."""
    show = Showcase()
    copy = show.lay_over(config, tmp_path / "demo")

    assert (config / "models.yaml").exists()
    assert not (copy / "models.yaml").exists()
    assert show.environment["OPENAI_API_KEY"] == ""


def test_tools_that_the_shop_has_already_are_kept(config: Path, tmp_path: Path) -> None:
    """Nothing is written twice: YAML takes a key once."""
    place = config / BELLA
    place.write_text(f"{place.read_text('utf-8')}\ntools: []\n", "utf-8")
    copy = Showcase().lay_over(config, tmp_path / "demo")

    assert (copy / BELLA).read_text("utf-8") == place.read_text("utf-8")
