"""Broken configuration files are named with file, line, path and hint, all at once (S4-28)."""

import os
import shutil
from pathlib import Path

import pytest

from chatcrew.errors import ConfigErrors
from chatcrew.tenancy import check, load

SAMPLES = Path(__file__).parents[1] / "samples"
CASES = sorted(case.name for case in (SAMPLES / "broken").iterdir())
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
FILES = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a valid configuration."""
    shutil.copytree(SAMPLES / "tenancy" / "valid", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_enough_broken_files() -> None:
    """Issue 2 asks for twenty."""
    assert len(CASES) >= 20


def test_the_files_they_are_laid_over_are_valid(files: Path) -> None:
    """So every fault of a case comes from the case."""
    assert check(*FILES, tools=TOOLS, read_secrets=False).faults == ()


@pytest.mark.parametrize("case", CASES)
def test_each_place_is_named(case: str, files: Path) -> None:
    """``chatcrew check`` prints exactly the lines of the case's ``expected.txt``."""
    shutil.copytree(SAMPLES / "broken" / case, files, dirs_exist_ok=True)
    expected = (files / "expected.txt").read_text(encoding="utf-8").splitlines()

    report = check(*FILES, tools=TOOLS, read_secrets=False)

    assert report.lines() == expected
    assert expected
    assert report.configuration is None


@pytest.mark.parametrize("case", CASES)
def test_loading_raises_the_same_faults_at_once(case: str, files: Path) -> None:
    """``load`` and ``check`` never disagree."""
    shutil.copytree(SAMPLES / "broken" / case, files, dirs_exist_ok=True)
    expected = (files / "expected.txt").read_text(encoding="utf-8").splitlines()

    with pytest.raises(ConfigErrors) as raised:
        load(*FILES, tools=TOOLS)

    assert [str(fault) for fault in raised.value.exceptions] == expected


@pytest.mark.parametrize("case", CASES)
def test_each_fault_can_be_said_in_portuguese(case: str, files: Path) -> None:
    """The same places, other words."""
    shutil.copytree(SAMPLES / "broken" / case, files, dirs_exist_ok=True)
    report = check(*FILES, tools=TOOLS, read_secrets=False)

    for english, portuguese in zip(report.lines("en"), report.lines("pt-BR"), strict=True):
        assert english != portuguese
        assert english.split(": ")[0] == portuguese.split(": ")[0]


def test_no_value_of_a_secret_is_ever_said(files: Path) -> None:
    """What stands where a reference belongs is a secret; it is not repeated in any form."""
    shutil.copytree(SAMPLES / "broken" / "literal_secret", files, dirs_exist_ok=True)
    with pytest.raises(ConfigErrors) as raised:
        load(*FILES, tools=TOOLS)

    said = [*map(str, raised.value.exceptions), *map(repr, raised.value.exceptions)]
    said += check(*FILES, tools=TOOLS).lines("pt-BR")
    for fault in raised.value.exceptions:
        said += [repr(vars(fault)), repr(fault.__cause__), repr(fault.__context__)]
    for value in ("tok-5f2c9e-live", "s3cr3t", "12345"):
        assert not [line for line in said if value in line]


def test_a_password_in_an_address_is_not_said(files: Path) -> None:
    """``base_url`` with credentials is refused without them."""
    shutil.copytree(SAMPLES / "broken" / "bad_base_url", files, dirs_exist_ok=True)

    assert "hunter2" not in "".join(check(*FILES, tools=TOOLS).lines())


def test_missing_files_and_folders_are_faults(tmp_path: Path) -> None:
    """Nothing there at all is said place by place, not raised."""
    files = (tmp_path / "none.yaml", tmp_path / "config", tmp_path / "crews")

    lines = check(*files, tools=TOOLS).lines()

    assert all("CHATCREW_CONFIG_DIR" in line for line in lines[:2])
    assert [line.rsplit("/", 1)[-1].split(" (")[0] for line in lines] == [
        "domains: there is no such folder",
        "crews: there is no such folder",
        "none.yaml: cannot be read: No such file or directory",
    ]


def test_without_a_default_crew_nothing_starts(files: Path) -> None:
    """Channels without a crew of their own need one."""
    shutil.rmtree(files / "crews" / "_default")
    (files / "crews" / "whatsapp" / "crew.yaml").write_text("history: 5\n")

    lines = check(*FILES, tools=TOOLS, read_secrets=False).lines()

    assert lines[0].startswith("crews: there is no crew '_default'")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_a_fault(files: Path) -> None:
    """The system's own word for it is passed on."""
    (files / "config/domains/shop/acme.yaml").chmod(0)

    lines = check(*FILES, tools=TOOLS, read_secrets=False).lines()

    assert lines == ["config/domains/shop/acme.yaml: cannot be read: Permission denied"]
