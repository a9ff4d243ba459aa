"""The mistakes people make in YAML: each is named with its place and mended by what is said."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from chatcrew.tenancy import check
from chatcrew.tenancy._reading.document import parse

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
MISTAKES = yaml.safe_load((SAMPLES / "mistakes.yaml").read_text(encoding="utf-8"))
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
FILES = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))
PLACE = re.compile(r"[\w/.]+\.yaml:[1-9][0-9]*:[1-9][0-9]*: ")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a valid configuration."""
    shutil.copytree(SAMPLES / "tenancy" / "valid", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_more_than_the_issue_asks_for() -> None:
    """Twenty, no two alike."""
    assert len({one["mistake"] for one in MISTAKES}) == len(MISTAKES) >= 30


@pytest.mark.parametrize("one", MISTAKES, ids=lambda one: one["mistake"])
def test_a_mistake_is_said_in_both_languages_with_its_place_and_the_way_out(
    one: dict, files: Path
) -> None:
    """File, line and column, what is wrong, what to write instead (S4-28)."""
    path = files / one["file"]
    words = path.read_text(encoding="utf-8")
    assert one["instead_of"] in words
    path.write_text(words.replace(one["instead_of"], one["somebody_writes"], 1), encoding="utf-8")

    report = check(*FILES, tools=TOOLS, read_secrets=False)

    assert list(report.lines("pt-BR")) == one["pt-BR"]
    assert list(report.lines("en")) == one["en"]
    for line in (*one["pt-BR"], *one["en"]):
        assert PLACE.match(line)
        assert line.endswith(")")


@pytest.mark.parametrize(
    "written",
    [
        "token:\n          sk-live-1\n          x: y",
        "token:sk-live-1\n        x: y",
        "token {sk-live-1: x: y",
        "token: 'sk-live-1",
        "token: [sk-live-1",
        "token: @sk-live-1",
        "sk-live-1\n        x: y",
        "\ttoken: sk-live-1",
    ],
)
def test_what_is_no_yaml_is_not_repeated(written: str, files: Path) -> None:
    """It may be a secret in the wrong place; nothing of it stands in a sentence."""
    mapping = files / "chatwoot_mapping.yaml"
    words = mapping.read_text(encoding="utf-8")
    mapping.write_text(words.replace("token: env:ACME_TOKEN", written), encoding="utf-8")

    report = check(*FILES, tools=TOOLS, read_secrets=False)

    assert report.faults
    for line in (*report.lines("pt-BR"), *report.lines("en")):
        assert "live" not in line


@pytest.mark.parametrize("path", sorted((ROOT / "config" / "domains").glob("*/[a-z]*.yaml")))
def test_a_quote_left_open_is_found_where_it_began(path: Path) -> None:
    """However far below the next quote stands, whose line is not at fault."""
    rows = path.read_text(encoding="utf-8").splitlines()
    quoted = [n for n, row in enumerate(rows) if re.search(r"(: |- )\"[^\"]+\"$", row)]

    for number in quoted:
        left_open = [*rows[:number], rows[number][:-1], *rows[number + 1 :]]
        _, faults = parse("\n".join(left_open).encode(), "a.yaml")
        assert [(one.code, one.line) for one in faults] == [("open_quote", number + 1)]
