"""The YAML reader: what a scalar means, what is refused, and the line of everything."""

import math

import pytest

from chatcrew.tenancy._reading.document import MAX_BYTES, Document, parse, scalar


def read(text: str) -> Document:
    """Return a document that has no fault."""
    document, faults = parse(text.encode(), "file.yaml")
    assert not faults
    assert document is not None
    return document


def fault_of(text: str | bytes) -> str:
    """Return the only fault of a document."""
    raw = text if isinstance(text, bytes) else text.encode()
    _, faults = parse(raw, "file.yaml")
    assert len(faults) == 1
    return str(faults[0])


@pytest.mark.parametrize(
    ("text", "column"), [('a: "\\ud800"', 5), ('a: "x\\dy"', 6), ('a: "c:\\\\x\\x4"', 10)]
)
def test_a_backslash_that_means_something_else_is_named(text: str, column: int) -> None:
    """A path of Windows, a pattern, half a character: the quotes are well, what is in them not."""
    said = fault_of(text + "\n")

    assert said.startswith(f"file.yaml:1:{column}: a backslash between double quotes")
    assert "'single quotes'" in said


NOT_CONVERTED = """
12:30 no No yes on off y n 2026-11-21 1_000 017x 1.2.3 +55-11 0b11 0o8 nan inf = < TrUe 1e .
"""


@pytest.mark.parametrize("text", NOT_CONVERTED.split())
def test_what_yaml_1_1_would_convert_stays_text(text: str) -> None:
    """Opening hours, Norwegian and phone numbers are not numbers or booleans (YAML 1.2.2)."""
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("17", 17),
        ("-0", 0),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
    ],
)
def test_core_schema_values_are_converted(text: str, value: object) -> None:
    """Null, booleans, integers and floats are those of YAML 1.2.2, chapter 10.3.2."""
    found = scalar(text)

    assert found == value
    assert type(found) is type(value)


def test_quoted_and_tagged_scalars_are_text() -> None:
    """Quotes make text of anything, and so does the one tag that is read, ``!!str``."""
    assert read("a: '12'\nb: \"true\"\nc: !!str 12").data == {"a": "12", "b": "true", "c": "12"}


def test_keys_are_kept_as_written() -> None:
    """``31`` and ``"31"`` are one key, because inbox ids are written both ways."""
    assert read("31: a\nno: b\n~: c").data == {"31": "a", "no": "b", "~": "c"}
    assert fault_of('31: a\n"31": b') == (
        "file.yaml:2:1: 31: key '31' stands twice (keep one of the two)"
    )


def test_every_value_has_its_line() -> None:
    """A path leads to the line of its key or list item; an unknown one to what is above it."""
    document = read("a:\n  b:\n    - x\n    -\n      c: 1\n\nd: |\n  text\n")

    assert document.line(("a", "b")) == 2
    assert document.line(("a", "b", 0)) == 3
    assert document.line(("a", "b", 1, "c")) == 5
    assert document.line(("d",)) == 7
    assert document.line(("a", "b", 1, "gone", 7)) == 5
    assert document.line(()) == 1


def test_aliases_are_read() -> None:
    """An anchor's value stands wherever its alias does."""
    assert read("a: &x [1, 2]\nb: *x").data == {"a": [1, 2], "b": [1, 2]}


def test_an_alias_bomb_is_refused_before_it_goes_off() -> None:
    """Nine lists of ten aliases would be a billion values."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]")

    assert "more than 100000 values" in fault_of("\n".join(lines))


@pytest.mark.parametrize("opening", ["[", "{", "- ", "a: {", "[[x]: "])
def test_a_deep_document_is_refused_and_kills_nobody(opening: str) -> None:
    """PyYAML's own composer dies of this with a segmentation fault (tried with 6.0.3)."""
    document, faults = parse((opening * 50_000).encode(), "file.yaml")

    assert document is None
    assert faults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1", "file.yaml:1:1: expected a map, found a list"),
        ("text", "file.yaml:1:1: expected a map, found text"),
        ("a: 1\n---\nb: 2", "file.yaml:2:1: a second document (---) begins"),
        ("a: !!python/object:os.system x", "file.yaml:1:4: a: tags (!...) are not read"),
        ("a:\n  ? [b]\n  : c", "file.yaml:2:5: a: a key must be one word or number"),
        ("a: {x: 1}\n<<: {b: 2}", "file.yaml:2:1: merge keys (<<) are not read"),
        (b"a: 1\nb: \xff", "file.yaml:2:4: not UTF-8 text (save the file as UTF-8)"),
        ("a: 1\nb: \x00", "file.yaml:2:4: character U+0000 is not allowed in YAML"),
        ("a: &x {b: *x}", "without its anchor"),
        ("a: 1\n\tb: 2", "(indent with spaces, not tabs)"),
        (b" " * (MAX_BYTES + 1), "file.yaml: larger than 1024 KiB"),
    ],
)
def test_what_is_no_configuration_says_so(text: str | bytes, said: str) -> None:
    """Each refusal is one sentence with file, line and the way out."""
    assert said in fault_of(text)


def test_an_empty_file_is_an_empty_map() -> None:
    """A file of comments is allowed; whether something is missing is the shape's business."""
    assert read("# nothing yet\n").data == {}
    assert read("\ufeffa: 1").data == {"a": 1}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("a:\n\tb: 1\n", "2:1", "a tab indents this line (indent with spaces"),
        ("a: Endereço: Rua das Acácias\n", "1:12", 'holds a colon (put the whole text in "q'),
        ("a: @varizemed\n", "1:4", "cannot begin with '@' (put the whole text in"),
        ('a: "one\nb: "two"\n', "1:4", "a quote is opened and never closed (close it"),
        ("a: 'it's'\n", "1:4", "text after the closing quote (put the whole text in quotes of"),
        ("a:\n   b: 1\n  c: 2\n", "3:3", "the indent of this line is that of none above"),
        ("a: [1, 2\nb: 3\n", "1:4", "'[' is opened and never closed (close it"),
        ("- a\nb: c\n", "2:1", "list items (- ) and keys are mixed at one level"),
        ("a: b\n- c\n", "2:1", "list items (- ) and keys are mixed at one level"),
        ("a\nb: 1\n", "1:2", "a colon is missing after the first word (write a colon there"),
        ("a: text\ngoes on here\nb: 1\n", "2:1", "this line has no colon (write key: value; where"),
        ("a: [b, c}\n", "1:4", "'[' is opened and never closed (close it"),
        ("a: | x\n  y\n", "1:4", "cannot begin with '|' (put the whole text in"),
        ("a: 1\n  b: 2\n", "2:3", "indented more than the one above, which has its value"),
    ],
)
def test_a_slip_is_said_by_what_was_done_and_not_in_the_words_of_libyaml(
    text: str, place: str, said: str
) -> None:
    """Who never learnt YAML reads where it went wrong and what to write (S4-28)."""
    fault = fault_of(text)

    assert fault.startswith(f"file.yaml:{place}: ")
    assert said in fault
