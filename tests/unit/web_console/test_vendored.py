"""Libraries of other people are what their authors published, with their licence."""

import hashlib
import re
from importlib import resources

import pytest


@pytest.mark.parametrize(
    ("package", "licence", "files"),
    [
        ("chatcrew.web.tab", "htmx-LICENSE.txt", ["htmx-2.0.11.min.js"]),
        (
            "chatcrew.web.console",
            "uplot-LICENSE.txt",
            ["uplot-1.6.32.min.js", "uplot-1.6.32.min.css"],
        ),
    ],
)
def test_a_library_has_its_licence_and_the_hash_it_was_published_with(
    package: str, licence: str, files: list[str]
) -> None:
    """Nobody edits them in place: the next version would lose it unnoticed."""
    folder = resources.files(package) / "static"
    text = (folder / licence).read_text("utf-8")
    said = re.findall(r"^sha256 ([0-9a-f]{64})", text, flags=re.MULTILINE)
    assert said == [hashlib.sha256((folder / one).read_bytes()).hexdigest() for one in files]
    assert "WARRANTIES" in text.upper()
