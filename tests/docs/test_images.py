"""Pictures of the guides are there, small, in both languages, and shown somewhere."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
MOST = 120_000
"""Bytes of a picture: a guide is read on a phone, too."""


def test_every_picture_is_small_and_shown_by_a_page_of_its_language() -> None:
    """A page shows the picture in its own language; none lies around or is missing (S2-19)."""
    pages = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("README*.md")]
    shown = {
        (name, page.name.endswith(".pt-BR.md"))
        for page in pages
        for name in (one.name for one in IMAGES.iterdir())
        if f"images/{name})" in page.read_text("utf-8")
    }

    assert shown == {(one.name, ".pt-BR." in one.name) for one in IMAGES.iterdir()}
    assert [one.name for one in IMAGES.iterdir() if one.stat().st_size > MOST] == []
    assert all(one.read_bytes()[8:12] == b"WEBP" for one in IMAGES.iterdir())
