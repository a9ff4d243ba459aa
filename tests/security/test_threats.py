"""The table of threats and the tests hold each other: each threat has tests that there are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/security.md", "docs/security.pt-BR.md")
KINDS = {"S", "T", "R", "I", "D", "E"}
_ROW = re.compile(r"^\| (?P<kind>[STRIDE](?:, [STRIDE])*) \| (?P<rest>.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[a-z_/0-9]+\.py)::(test_[a-z_0-9]+)`")


def rows(page: str) -> Iterator[tuple[set[str], str, set[tuple[str, str]]]]:
    """Yield kinds, threat and tests of each row."""
    for row in _ROW.finditer((ROOT / page).read_text("utf-8")):
        threat, _, told = row["rest"].partition(" | ")
        yield set(row["kind"].split(", ")), threat, set(_TEST.findall(told))


def names_in(path: Path) -> set[str]:
    """Return the names of a file's tests."""
    tree = ast.parse(path.read_text("utf-8"))
    found = (
        one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return {one.name for one in found if one.name.startswith("test_")}


@pytest.mark.parametrize("page", PAGES)
def test_every_threat_names_tests_that_there_are(page: str) -> None:
    """A test that is renamed or goes takes its threat's row with it, or fails here."""
    found = list(rows(page))
    missing = {
        f"{file}::{name}"
        for *_, tests in found
        for file, name in tests
        if not (ROOT / file).exists() or name not in names_in(ROOT / file)
    }

    assert missing == set()
    assert [threat for _, threat, tests in found if not tests] == []
    assert set().union(*(kinds for kinds, *_ in found)) == KINDS
    assert len(found) >= 20


@pytest.mark.parametrize("page", PAGES)
def test_every_test_of_this_folder_stands_for_a_threat(page: str) -> None:
    """Nobody has to guess what a test here is against."""
    named = set().union(*(tests for *_, tests in rows(page)))
    here = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        if path != Path(__file__)
        for name in names_in(path)
    }

    assert here - named == set()


def test_both_languages_know_the_same_threats() -> None:
    """Row by row the same kinds and tests."""
    first, second = ([(kinds, tests) for kinds, _, tests in rows(page)] for page in PAGES)

    assert first == second
