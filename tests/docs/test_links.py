"""Every link of every page leads to a file, and to a heading, that is there."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "benchmarks", "deploy", "config", "crews", "tests")
PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in [*ROOT.glob("*.md"), *(one for f in FOLDERS for one in (ROOT / f).rglob("*.md"))]
)
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)


def _prose(page: Path) -> str:
    """Return the text without what is an example."""
    return re.sub(r"`[^`\n]*\]\([^`\n]*`", "", FENCE.sub("", page.read_text("utf-8")))


@cache
def _anchors(page: Path) -> frozenset[str]:
    """Return the names that GitHub gives the headings of a page."""
    found: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-")
        found.append(f"{name}-{found.count(name)}" if name in found else name)
    return frozenset(found)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    """Nobody ends at a page, or a place of a page, that is not there."""
    path = ROOT / page
    dead = []
    for link in LINK.findall(_prose(path)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            dead.append(link)

    assert dead == []


def test_pages_are_reached_from_the_index_in_their_language() -> None:
    """A page that ``docs/README.md`` does not name is found by nobody."""
    index = (ROOT / "docs/README.md").read_text("utf-8")
    named = {link.partition("#")[0] for link in LINK.findall(index)}
    pages = {one.relative_to(ROOT / "docs").as_posix() for one in (ROOT / "docs").rglob("*.md")}

    assert {one for one in pages if not one.startswith("adr/")} - {"README.md"} <= named


@pytest.mark.parametrize("page", [one for one in PAGES if one.endswith(".pt-BR.md")])
def test_a_portuguese_page_leads_to_portuguese_pages(page: str) -> None:
    """Where there is one; but for the link to its own English twin."""
    path = ROOT / page
    twin = page.replace(".pt-BR", "").rpartition("/")[2]
    away = []
    for link in LINK.findall(_prose(path)):
        name = link.partition("#")[0]
        translated = path.parent / name.replace(".md", ".pt-BR.md")
        if name.endswith(".md") and ".pt-BR" not in name and name != twin and translated.exists():
            away.append(link)

    assert away == []
