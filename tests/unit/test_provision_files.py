"""Secrets and the mapping are written all or nothing, for the right eyes only."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatcrew.errors import ConfigError, ConfigErrors
from chatcrew.provision.files import KeyFolder, MappingFile
from chatcrew.tenancy import Fault

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def test_a_secret_that_others_could_read_is_not_the_same_until_written_again(
    tmp_path: Path,
) -> None:
    """Permissions are part of what was asked for; a rewrite mends them."""
    keys = KeyFolder(tmp_path / "keys", mapping=tmp_path / "m.yaml")
    keys.write("token", "value")
    assert keys.same("token", "value")
    keys.path("token").chmod(0o644)

    assert not keys.same("token", "value")

    keys.write("token", "value")
    assert keys.same("token", "value")
    assert stat.S_IMODE(keys.path("token").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["token"]


def test_a_reference_is_relative_where_the_folder_lies_below_the_mapping(tmp_path: Path) -> None:
    """So that the folder can move; elsewhere it is absolute."""
    below = KeyFolder(tmp_path / "data" / "keys", mapping=tmp_path / "m.yaml")
    beside = KeyFolder(tmp_path / "keys", mapping=tmp_path / "conf" / "m.yaml")

    assert below.reference("a") == "file:data/keys/a"
    assert beside.reference("a") == f"file:{tmp_path}/keys/a"


def test_a_made_secret_stays_the_same(tmp_path: Path) -> None:
    """A path token that changed with every run would lock Chatwoot out."""
    keys = KeyFolder(tmp_path / "keys", mapping=tmp_path / "m.yaml")

    first = keys.made("path_token")

    assert len(first) >= 24
    assert keys.made("path_token") == first


def test_a_new_fault_keeps_the_old_file(tmp_path: Path) -> None:
    """The draft is checked beside the file and goes; nothing was changed, no backup is left."""
    path = tmp_path / "m.yaml"
    path.write_text("old", "utf-8")
    seen: list[str] = []

    def check(draft: Path) -> list[Fault]:
        seen.append(draft.read_text("utf-8"))
        return [Fault("no_accounts", file=str(draft))] if seen[-1] == "new" else []

    with pytest.raises(ConfigErrors) as refused:
        MappingFile.read(path).replace("new", check=check, now=NOW)

    assert [str(one.file) for one in refused.value.exceptions] == [str(path)]
    assert seen == ["old", "new"]
    assert [one.name for one in tmp_path.iterdir()] == ["m.yaml"]
    assert path.read_text("utf-8") == "old"


def test_a_fault_that_was_there_before_is_no_reason(tmp_path: Path) -> None:
    """An admin may connect a second bot while the first one's tenant is being written."""
    path = tmp_path / "m.yaml"
    path.write_text("old", "utf-8")
    path.chmod(0o640)

    backup = MappingFile.read(path).replace(
        "new", check=lambda draft: [Fault("no_accounts", file=str(draft))], now=NOW
    )

    assert path.read_text("utf-8") == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert backup == tmp_path / "m.yaml.bak-20261121-120000"
    assert backup.read_text("utf-8") == "old"


def test_somebody_elses_change_is_not_overwritten(tmp_path: Path) -> None:
    """Who has the file open in an editor meanwhile does not lose his work."""
    path = tmp_path / "m.yaml"
    path.write_text("old", "utf-8")
    mapping = MappingFile.read(path)
    path.write_text("theirs", "utf-8")

    with pytest.raises(ConfigError, match="meanwhile"):
        mapping.replace("new", check=lambda _draft: [], now=NOW)

    assert path.read_text("utf-8") == "theirs"


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    """A configuration folder under version control is often linked into place."""
    real = tmp_path / "real.yaml"
    real.write_text("old", "utf-8")
    link = tmp_path / "m.yaml"
    link.symlink_to(real)

    MappingFile.read(link).replace("new", check=lambda _draft: [], now=NOW)

    assert link.is_symlink()
    assert real.read_text("utf-8") == "new"
