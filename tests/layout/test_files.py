"""What the tree must look like: short files, honest names, nothing of a machine, no loose ends."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatcrew.tenancy.model import DOCUMENT_SUFFIXES

ROOT = Path(__file__).parents[2]
LONGEST = 300
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "service", "services"}
BANNED |= {"handler", "handlers", "base", "core", "misc"}
SOURCES = {".py", ".js", ".css", ".html"}
DATA = ("tests/samples/", "tests/golden/", "tests/security/corpus/")

# Written so that no pattern matches its own line.
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:work|root|home|Users)/(?!somebody\b)[\w.-]")
REGISTRY = re.compile(
    r"pypi\.(?:org|python\.org)|pythonhosted\.|registry\.npmjs|npmjs\.(?:org|com)|conda\.anaconda"
    r"|art[i]factory|--(?:extra-)?ind[e]x-url|--find-l[i]nks|--trusted-h[o]st"
    r"|(?:PIP|UV)_(?:EXTRA_|DEFAULT_)?IND[E]X",
    re.IGNORECASE,
)
LOOSE_END = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b")

TOP_LEVEL = (
    "README.md",
    "README.pt-BR.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "pyproject.toml",
    "requirements.lock",
    "requirements-dev.lock",
    "chatwoot_mapping.yaml",
    "Dockerfile",
    "docker-stack.yml",
    ".ci/run",
    "scripts/demo",
    "scripts/test",
)


def repository_files(*which: str) -> list[str]:
    """Return what git holds or would add; without git the test is skipped, on CI it fails.

    Args:
        which: options of ``git ls-files`` that ask for other files.
    """
    git = shutil.which("git")
    found = None
    if git is not None:
        # A checkout may belong to somebody else than who tests it
        options = ("-z", "--exclude-standard", *(which or ("-co",)))
        command = [git, "-c", "safe.directory=*", "ls-files", *options]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if found is None or found.returncode != 0:
        reason = "this is no git checkout"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    names = {name for name in found.stdout.split("\0") if name}
    return sorted(names if which else {name for name in names if (ROOT / name).is_file()})


def sources() -> list[str]:
    """Return the files somebody writes and reads as program text."""
    return [name for name in repository_files() if _is_source(name)]


def _is_source(name: str) -> bool:
    if name == ".ci/run" or name.startswith("scripts/"):
        return True
    ours = name.startswith(("src/", "tests/", "benchmarks/"))
    return ours and not name.startswith(DATA) and Path(name).suffix in SOURCES


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of every file that is text."""
    for name in repository_files():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def hits(pattern: re.Pattern[str]) -> list[str]:
    """Return ``file:line: match`` for everything that matches anywhere."""
    return [
        f"{name}:{number}: {found.group()}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if (found := pattern.search(line))
    ]


def test_every_source_file_is_short_or_says_why() -> None:
    """Over 300 lines a file needs its reason; a reason nobody needs any more goes."""
    exemptions = tomllib.loads((ROOT / "tests/layout/exemptions.toml").read_text("utf-8"))["lines"]
    lengths = {name: len((ROOT / name).read_bytes().splitlines()) for name in sources()}
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST}

    assert set(too_long) - set(exemptions) == set(), "split them, or say why not"
    assert set(exemptions) - set(too_long) == set(), "stale exemptions"
    assert all(len(reason.split()) >= 4 for reason in exemptions.values())


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A file is named after its one reason to change (design §2)."""
    named = [
        name
        for name in sources()
        if name.endswith((".py", ".js"))
        for part in Path(name).with_suffix("").parts
        if part.strip("_").lower() in BANNED
    ]
    worded = [
        name
        for name in sources()
        if name.startswith("src/") and name.endswith(".py")
        if set(Path(name).stem.lower().split("_")) & (BANNED - {"base"})
    ]

    assert named + worded == []


def test_crews_and_config_hold_no_program() -> None:
    """What an admin edits is YAML and Markdown only (design §2), and documents (S3-97)."""
    edited = [name for name in repository_files() if name.startswith(("crews/", "config/"))]
    documents = {name for name in edited if "/knowledge/" in name}

    assert {Path(name).suffix for name in {*edited} - documents} <= {".yaml", ".md"}
    assert {Path(name).suffix for name in documents} <= {*DOCUMENT_SUFFIXES}
    assert any(name.startswith("crews/") for name in edited)
    assert any(name.startswith("config/") for name in edited)


@pytest.mark.parametrize(
    ("pattern", "found", "passed"),
    [
        (MACHINE_PATH, "see /ho~me/ana/x", "a/home/x https://h/work/y src/root/z"),
        (MACHINE_PATH, "cd /wo~rk/y", "/works /homework"),
        (REGISTRY, "https://pyp~i.org/simple", "pypika==0.51.1"),
        (LOOSE_END, "# TO~DO later", "método, Todo mundo"),
    ],
)
def test_the_patterns_find_what_they_look_for(
    pattern: re.Pattern[str], found: str, passed: str
) -> None:
    """A pattern that matches nothing would pass every tree; ~ keeps this file from matching."""
    assert pattern.search(found.replace("~", ""))
    assert not pattern.search(passed)


def test_no_file_names_a_path_of_a_machine() -> None:
    """A stranger's checkout lies somewhere else."""
    assert hits(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    """Where packages are downloaded from is the installer's business, not the repository's."""
    assert hits(REGISTRY) == []


def test_git_holds_nothing_it_is_told_to_ignore() -> None:
    """A link ``.venv`` that came in once took the place of the real one at the next merge."""
    assert repository_files("-ci") == []


def test_no_file_leaves_a_loose_end() -> None:
    """What is left to do stands in the tracker."""
    assert hits(LOOSE_END) == []


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_complete(name: str) -> None:
    """Everything the issue names exists and is not empty (design §2)."""
    assert (ROOT / name).is_file()
    assert (ROOT / name).stat().st_size > 0


@pytest.mark.parametrize("name", [".ci/run", "scripts/demo", "scripts/setup", "scripts/test"])
def test_scripts_can_be_run(name: str) -> None:
    """They are executable and say with which shell."""
    assert os.access(ROOT / name, os.X_OK)
    assert (ROOT / name).read_text("utf-8").startswith("#!/usr/bin/env bash\n")


def test_ci_runs_tests_lint_types_and_floors() -> None:
    """``.ci/run`` is ./scripts/test plus what only has to hold for a change."""
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    steps = [line.split('"', 2)[2].strip() for line in lines if line.startswith('step "')]

    assert "./scripts/test" in steps
    assert ".venv/bin/lint-imports" in steps
    assert ".venv/bin/mypy" in steps
    assert ".venv/bin/ruff check ." in steps
    assert ".venv/bin/ruff format --check ." in steps
