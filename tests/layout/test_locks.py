"""The lock files hold what ``pyproject.toml`` asks for, with hashes and without addresses."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-ingress.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DIRECT = PROJECT["project"]["dependencies"]
WORKER = PROJECT["project"]["optional-dependencies"]["worker"]
BUILD = PROJECT["dependency-groups"]["build"]
DEV = PROJECT["dependency-groups"]["dev"]

_ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)(?P<marker>[^\\]*)\\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def entries(lock: str) -> dict[str, set[str]]:
    """Return the versions by name; a universal lock may hold several, by platform."""
    found = defaultdict(set)
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        if entry := _ENTRY.match(line):
            found[canonicalize_name(entry["name"])].add(entry["version"])
    return dict(found)


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", [*DIRECT, *WORKER, *BUILD]),
        ("requirements-ingress.lock", [*DIRECT, *BUILD]),
        ("requirements-dev.lock", [*DIRECT, *WORKER, *BUILD, *DEV]),
    ],
)
def test_every_requirement_is_locked_at_a_version_it_allows(lock: str, asked: list[str]) -> None:
    """A requirement that was changed without ``scripts/lock`` fails here."""
    locked = entries(lock)
    wrong = [
        f"{text}: locked {sorted(locked.get(canonicalize_name(one.name), ()))}"
        for text in asked
        if (one := Requirement(text))
        and not any(
            one.specifier.contains(version, prereleases=True)
            for version in locked.get(canonicalize_name(one.name), ())
        )
    ]

    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    """``--require-hashes`` would refuse the file otherwise, on somebody else's machine."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if _ENTRY.match(line)]

    assert len(starts) > 20
    assert [lines[number] for number in starts if not _HASH.match(lines[number + 1])] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_nothing_but_versions_hashes_and_reasons(lock: str) -> None:
    """No address, no option: where packages come from is the installer's business."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    strange = [
        line
        for line in lines
        if not (_ENTRY.match(line) or _HASH.match(line) or line.startswith("    #"))
    ]

    assert strange == []
    assert not [line for line in lines if "://" in line]


@pytest.mark.parametrize("lock", ["requirements-ingress.lock", "requirements-dev.lock"])
def test_all_locks_agree_on_versions(lock: str) -> None:
    """What is tested is what runs, in both images."""
    reference, other = entries("requirements.lock"), entries(lock)
    shared = reference.keys() & other.keys()

    assert {name: other[name] for name in shared if not other[name] <= reference[name]} == {}
    assert len(shared) > 20


def test_ingress_installs_a_part_of_what_a_worker_does() -> None:
    """The small image holds nothing that the big one does not, and no CrewAI."""
    ingress, worker = entries("requirements-ingress.lock"), entries("requirements.lock")

    assert ingress.keys() <= worker.keys()
    assert "crewai" not in ingress
    assert "crewai" in worker


def test_what_the_overrides_drop_is_never_installed() -> None:
    """ADR-0003: packages that a text crew never imports stay out, on every platform."""
    dropped = {
        canonicalize_name(Requirement(line).name)
        for line in (ROOT / "requirements.overrides").read_text("utf-8").splitlines()
        if line and not line.startswith("#") and Requirement(line).marker is not None
    }
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    locked = [entry for line in lines if (entry := _ENTRY.match(line)) and entry["name"] in dropped]

    assert dropped
    assert all("sys_platform == 'never'" in entry["marker"] for entry in locked)
