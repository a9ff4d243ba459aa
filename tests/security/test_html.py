"""What customers, operators and files say is text on every page, whatever it is (S2-20, S4-44)."""

import re
from pathlib import Path

import pytest
from tests.security.house import HOSTILE
from tests.security.pages import Page

SOURCE = Path(__file__).parents[2] / "src" / "chatcrew"
RAW = {
    # Each puts together pieces that were rendered, and so escaped, before
    "web/console/templates/live.html": 1,
    "web/tab/templates/panel.html": 1,
    "web/tab/templates/section.html": 1,
}
"""How often a template takes something for HTML already."""


def test_a_page_that_runs_something_is_found() -> None:
    """A search that finds nothing would pass everything."""
    for bad in (HOSTILE, "<svg onload=x>", "<a href='java\nscript:x'>", "<form action=//evil>"):
        assert Page(bad).odd, bad


@pytest.mark.parametrize("folder", ["web", "sandbox"])
def test_templates_take_nothing_for_html_but_what_they_made(folder: str) -> None:
    """Each ``safe`` is known; no template is made of a text; scripts put no text into HTML."""
    found: dict[str, int] = {}
    for path in sorted((SOURCE / folder).rglob("*")):
        name = path.relative_to(SOURCE).as_posix()
        if path.suffix not in (".html", ".py", ".js") or ".min." in path.name:
            continue
        text = path.read_text("utf-8")
        count = len(re.findall(r"\|\s*safe\b|autoescape\s+false", text))
        if count:
            found[name] = count
        assert "from_string" not in text, name
        assert not re.search(r"\beval\(|new Function|document\.write|outerHTML\s*=", text), name
        assert "autoescape=False" not in text, name

    assert found == {name: count for name, count in RAW.items() if name.startswith(f"{folder}/")}
