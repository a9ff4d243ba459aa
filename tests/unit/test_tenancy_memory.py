"""A reload makes anew only what changed, and never anything else than a first load would."""

import shutil
from pathlib import Path

import pytest

from chatcrew.errors import ConfigErrors
from chatcrew.tenancy import Memory, check, load
from chatcrew.tenancy.model import Configuration

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


def loaded(memory: Memory) -> Configuration:
    """Load what lies here."""
    return load(*FILES, tools=TOOLS, memory=memory)


def test_what_did_not_change_is_the_very_same_value(files: Path) -> None:
    """Identity shows that nothing was parsed or merged again (S4-29)."""
    memory = Memory()
    first = loaded(memory)
    own = files / "config/domains/shop/outlet.yaml"
    own.write_text(own.read_text("utf-8").replace("Léo", "Lia"), "utf-8")

    second = loaded(memory)

    assert second.tenants["shop/acme"] is first.tenants["shop/acme"]
    assert second.tenants["shop/outlet"].persona.name == "Lia"
    assert second == load(*FILES, tools=TOOLS)


def test_a_change_of_the_domain_reaches_every_tenant(files: Path) -> None:
    """A tenant is made of two files; the memory knows both."""
    memory = Memory()
    loaded(memory)
    base = files / "config/domains/shop/_base.yaml"
    base.write_text(base.read_text("utf-8").replace("calmo", "alegre"), "utf-8")

    second = loaded(memory)

    assert {one.persona.tone for one in second.tenants.values()} == {"alegre"}


def test_a_function_that_goes_is_missed_by_tenants_that_did_not_change(files: Path) -> None:
    """What a file may name is part of what was made of it."""
    memory = Memory()
    loaded(memory)
    (files / "crews/functions/scheduling.yaml").unlink()

    with pytest.raises(ConfigErrors) as raised:
        loaded(memory)

    assert "unknown function 'scheduling'" in str(raised.value.exceptions)


def test_other_tools_are_other_results(files: Path) -> None:
    """The catalogue is part of what was made, too."""
    memory = Memory()
    loaded(memory)

    report = check(*FILES, tools=TOOLS - {"search_knowledge"}, read_secrets=False, memory=memory)

    assert {fault.code for fault in report.faults} == {"unknown_tool"}


@pytest.mark.parametrize("case", CASES)
def test_breaking_and_mending_with_a_memory_is_as_without(case: str, files: Path) -> None:
    """Valid, broken, valid again: each time the faults and values of a fresh load."""
    memory = Memory()
    first = loaded(memory)
    before = {path: path.read_bytes() for path in files.rglob("*.yaml")}
    shutil.copytree(SAMPLES / "broken" / case, files, dirs_exist_ok=True)

    broken = check(*FILES, tools=TOOLS, read_secrets=False, memory=memory)
    again = check(*FILES, tools=TOOLS, read_secrets=False, memory=memory)

    expected = (files / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert broken.lines() == again.lines() == expected
    shutil.rmtree(files / "config")
    shutil.rmtree(files / "crews")
    for path, raw in before.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    assert loaded(memory) == first
