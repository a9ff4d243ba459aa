"""Whatever lies in a knowledge folder: a reader gives passages or a reason, and loses nothing."""

import re
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatcrew.errors import DocumentError
from chatcrew.knowledge import Chunk, read
from chatcrew.knowledge._reading.packing import LEAST, MOST, MOST_CHARS

REASONS = {"empty", "day", "broken", "column", "row", "entries"}
FORMATS = ["md", "txt", "html", "csv", "yaml", "jsonl"]
MARK = re.compile(r"L[1-9]\d*|p[1-9]\d*")
# Pieces of every format, so that hypothesis gets past the first sign
SIGNS = st.sampled_from(
    [
        *"#-|`>*:;,\"'<&{}[]()\t\n",
        *("---\n", "\n\n", "# a\n", "|a|b|\n|-|-|\n|c|d|\n", "```\n", "1. x\n", "- x\n", "  - y\n"),
        *("<p>", "</p>", "<table><tr><th>", "<td>", "</table>", "<ul><li>", "</ul>", "<!--"),
        *("-->", "<nav>", "</nav>", "<script>", "<![CDATA[", "&#0;", "&#99999999999;", "&lt;"),
        *("<div hidden>", "</div>", "<h2>", "<br>", "<pre>", "<title>", "<dl><dt>", "<dd>"),
        *("faq:\n", " - question: a\n", "   answer: b\n", "expires: 2026-12-31\n", "&a [*a]"),
        *('{"question": "a", "answer": "b"}', '{"text": 1}', "sep=;\n", "pergunta,resposta\n"),
        *("\x00", "\ufeff", "\ud7ff", "\x85", "\u2028", "\r\n", "\r", "😀", "ção", "palavra "),
    ]
)
ANY = st.one_of(
    st.binary(max_size=300),
    st.lists(SIGNS, max_size=40).map(lambda parts: "".join(parts).encode()),
    st.lists(SIGNS, max_size=20).map(lambda parts: "".join(parts).encode("utf-16-le")),
)


def chunks_of(name: str, data: bytes) -> list[Chunk]:
    """Return the passages, none where the reader says why."""
    try:
        return read(name, data)
    except DocumentError as error:
        if error.kind not in REASONS:
            raise
        return []


@pytest.mark.parametrize("suffix", FORMATS)
@given(data=ANY)
@settings(max_examples=150, deadline=None)
@example(data=b"<a " * 50_000)
@example(data=b"<!--" * 50_000)
@example(data=b"> " * 5_000)
@example(data=b"- " * 5_000)
@example(data=b"[" * 20_000)
@example(data=b"|" * 20_000 + b"\n" + b"|-" * 10_000 + b"|\n" + b"|" * 20_000)
@example(data=b'"' * 20_000)
@example(data=b"x" * 100_000)
def test_any_bytes_become_passages_or_a_reason(suffix: str, data: bytes) -> None:
    """Never another error; every passage is clean, of bounded size, and stands in the file."""
    lines = len(re.split(rb"\r\n|[\n\r\x0c\x85]|\xe2\x80[\xa8\xa9]|\xc2\x85", data)) * 2 + 1
    for chunk in chunks_of(f"arquivo.{suffix}", data):
        assert chunk.text.strip()
        assert chunk.title.strip()
        assert MARK.fullmatch(chunk.source_mark)
        assert int(chunk.source_mark[1:]) <= lines
        for said in (chunk.text, chunk.title, *chunk.headings, chunk.question or ""):
            assert "\x00" not in said
            said.encode()


NUMBERS = st.integers(1, 40)


@st.composite
def outlines(draw: st.DrawFn, *, marked: bool) -> tuple[str, Counter[str], Counter[str]]:
    """Return a text of numbered words, those of its body, and those of its headings."""
    count = 0

    def words(number: int) -> list[str]:
        nonlocal count
        count += number
        return [f"w{at}" for at in range(count - number, count)]

    body: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    parts: list[str] = []
    kinds = ["text", "long", "list", "lead", *(["heading", "code", "quote"] if marked else [])]
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=12)):
        if kind == "heading":
            said = words(draw(st.integers(1, 5)))
            heads.update(said)
            parts.append("#" * draw(st.integers(1, 4)) + " " + " ".join(said))
            continue
        said = words(draw(st.integers(250, 600)) if kind == "long" else draw(NUMBERS))
        body.update(said)
        if kind in ("text", "long"):
            stops = draw(st.integers(3, 30))
            ended = [w + "." if at % stops == 0 else w for at, w in enumerate(said, 1)]
            parts.append(" ".join(ended))
        elif kind == "lead":
            parts.append(" ".join(said) + ":\n\n- " + "item")
        elif kind == "list":
            parts.append("\n".join(f"- {word}" for word in said))
        elif kind == "code":
            parts.append("```\n" + "\n".join(said) + "\n```")
        else:
            parts.append("\n".join(f"> {word}" for word in said))
    return "\n\n".join(parts), body, heads


def said_in(texts: list[str]) -> Counter[str]:
    """Return how often each numbered word stands in texts."""
    return Counter(word for text in texts for word in re.findall(r"\bw\d+\b", text))


@given(outlines(marked=True))
@settings(max_examples=150, deadline=None)
def test_every_word_of_markdown_stands_in_one_passage(
    made: tuple[str, Counter[str], Counter[str]],
) -> None:
    """Nothing is lost and nothing said twice; headings are told with what lies under them."""
    text, body, heads = made
    chunks = read("a.md", text.encode())

    told = said_in([one.text for one in chunks])
    assert told & body == body
    assert all(told[word] == 1 for word in body)
    around = said_in([part for one in chunks for part in (one.title, *one.headings, one.text)])
    assert set(heads) <= set(around)
    assert all(told[word] <= 1 for word in heads)
    lines = text.split("\n")
    for chunk in chunks:
        assert len(chunk.text.split()) <= MOST + LEAST + 1
        assert len(chunk.text) <= MOST_CHARS * 2
        first = next(iter(said_in([chunk.text])), None)
        line = int(chunk.source_mark[1:]) - 1
        assert first is None or first in " ".join(lines[line : line + 2])


@given(outlines(marked=False))
@settings(max_examples=100, deadline=None)
def test_every_word_of_a_text_stands_in_one_passage(
    made: tuple[str, Counter[str], Counter[str]],
) -> None:
    """As Markdown, with no marks at all."""
    text, body, _ = made
    chunks = read("a.txt", text.encode())

    told = said_in([part for one in chunks for part in (one.text, *one.headings)])
    assert set(told) == set(body)
    assert all(count == 1 for count in said_in([one.text for one in chunks]).values())


@given(st.binary(max_size=400), st.booleans())
@settings(max_examples=15, deadline=None)
@example(b"", True)
@example(b"1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>", True)
def test_any_bytes_called_pdf_become_a_reason(data: bytes, headed: bool) -> None:
    """PDFium gets them in a process of its own."""
    with pytest.raises(DocumentError) as raised:
        read("a.pdf", b"%PDF-1.7\n" + data if headed else data)

    assert raised.value.kind in {"broken", "scanned", "encrypted"}
