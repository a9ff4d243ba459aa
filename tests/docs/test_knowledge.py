"""``docs/knowledge.md``, in both languages: each example is read, and gives what the page says."""

import re
from pathlib import Path

import pytest

from chatcrew.knowledge import Chunk, read
from chatcrew.knowledge._reading.packing import ENOUGH, LEAST, MOST
from chatcrew.knowledge._reading.pdf import MOST_PAGES
from chatcrew.tenancy.model import DOCUMENT_SUFFIXES, LARGEST_DOCUMENT

ROOT = Path(__file__).parents[2]
PAGES = ("docs/knowledge.md", "docs/knowledge.pt-BR.md")
EXAMPLE = re.compile(
    r"<!-- document: (\S+) -->\n\n(?:```\w+\n(.*?)```\n\n)?<!-- passages -->\n\n```text\n(.*?)```",
    re.DOTALL,
)


def shown(name: str, chunk: Chunk) -> str:
    """Return a passage as the page writes it: source, headings, question, last day, words."""
    about = " › ".join((chunk.title, *(one for one in chunk.headings if one != chunk.question)))
    asked = f" [{' / '.join((chunk.question, *chunk.also))}]" if chunk.question else ""
    words = f" #{' #'.join(chunk.keywords)}" if chunk.keywords else ""
    until = f" ({chunk.expires})" if chunk.expires else ""
    text = " ⏎ ".join(line for line in chunk.text.splitlines() if line)
    return f"{chunk.source(name)} | {about}{asked}{words}{until} | {text}"


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_read_as_the_page_says(page: str) -> None:
    """Whoever copies one gets these passages, with these sources."""
    examples = EXAMPLE.findall((ROOT / page).read_text("utf-8"))

    for name, text, promised in examples:
        data = text.encode() if text else (ROOT / name).read_bytes()
        found = [shown(name, chunk) for chunk in read(name, data)]
        wanted = promised.splitlines()
        assert len(found) == len(wanted), name
        for is_there, said in zip(found, wanted, strict=True):
            whole, cut = said.removesuffix("…").rstrip(), said.endswith("…")
            assert is_there.startswith(whole) if cut else is_there == said
    kinds = {Path(name).suffix for name, _, _ in examples}
    assert kinds == {*DOCUMENT_SUFFIXES} - {".htm", ".yml"}


@pytest.mark.parametrize("page", PAGES)
def test_the_limits_are_those_of_the_program(page: str) -> None:
    """Bytes, pages and words."""
    text = (ROOT / page).read_text("utf-8")

    pages = f"{MOST_PAGES:,}" if page == PAGES[0] else f"{MOST_PAGES:,}".replace(",", ".")
    for number in (f"{LARGEST_DOCUMENT >> 20} MiB", pages, str(ENOUGH), str(MOST), str(LEAST)):
        assert number in text
    for suffix in DOCUMENT_SUFFIXES:
        assert f"`{suffix}`" in text


def test_both_languages_have_the_same_examples() -> None:
    """A page that lags behind would promise something else."""
    english, portuguese = (EXAMPLE.findall((ROOT / page).read_text("utf-8")) for page in PAGES)

    assert english == portuguese
    heads = [
        re.findall(r"^(#+) ", (ROOT / page).read_text("utf-8"), re.MULTILINE) for page in PAGES
    ]
    assert heads[0] == heads[1]
