"""Whatever stands in the files, loading says faults and nothing else; merging loses nothing."""

import copy
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.errors import ConfigErrors
from chatcrew.tenancy import check, load
from chatcrew.tenancy._faults.catalog import HINTS, LANGUAGES, MESSAGES, sentence
from chatcrew.tenancy._faults.hints import USUAL
from chatcrew.tenancy._reading.document import parse, scalar
from chatcrew.tenancy._reading.merge import merge
from chatcrew.tenancy._shapes.slots import DAYS, opening_times

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
FILES = sorted(path.relative_to(VALID) for path in VALID.rglob("*.yaml"))

# what YAML and our shapes react to, so that arbitrary text gets past the first character
_WORDS = """
accounts: bots: acme: tenant: inboxes: version: 1 {message} {x} crew: faq: - question: a answer:
intents: name: functions: [support] run: agents: extends: whatsapp &a *a !!str ? | > ' " # , [ ] {
} : 31: ~ 1.5 true env:X file:/x https://u:p@h é 🙂 <<:
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\n", "\n  ", "\n    ", "\t", ""])
_TEXT = st.one_of(st.lists(_PIECES, max_size=40).map(" ".join), st.text(max_size=200))


def report_of(file: Path, raw: bytes) -> None:
    """Load the valid sample with one file replaced; hold what comes out against the promise."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(VALID, folder, dirs_exist_ok=True)
        (folder / file).write_bytes(raw)
        files = (folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews")
        report = check(*files, tools=TOOLS, read_secrets=False)
        for language in LANGUAGES:
            assert len(report.lines(language)) == len(report.faults)
        if report.faults:
            with pytest.raises(ConfigErrors):
                load(*files, tools=TOOLS)
        else:
            assert load(*files, tools=TOOLS) == report.configuration


@settings(max_examples=150, deadline=None)
@given(file=st.sampled_from(FILES), text=_TEXT)
def test_any_text_in_any_file_gives_faults_or_a_configuration(file: Path, text: str) -> None:
    """Never another exception, whatever an admin's editor leaves behind."""
    report_of(file, text.encode("utf-8", "surrogatepass"))


@settings(max_examples=100, deadline=None)
@given(
    file=st.sampled_from(FILES),
    cut=st.integers(0, 400),
    piece=_PIECES,
    length=st.integers(0, 40),
)
def test_a_valid_file_with_a_slip_gives_faults_or_a_configuration(
    file: Path, cut: int, piece: str, length: int
) -> None:
    """A few characters replaced somewhere: the nearest thing to a real mistake."""
    text = (VALID / file).read_text(encoding="utf-8")
    cut = min(cut, len(text))
    report_of(file, (text[:cut] + piece + text[cut + length :]).encode())


@settings(max_examples=300, deadline=None)
@given(raw=st.one_of(st.binary(max_size=300), _TEXT.map(lambda t: t.encode("utf-8", "replace"))))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """The reader's lines always lie inside the file."""
    document, faults = parse(raw, "f")

    assert document is not None or faults
    last = raw.count(b"\n") + raw.count(b"\r") + 3 + sum(raw.count(c) for c in _BREAKS)
    for fault in faults:
        assert fault.line is None or 1 <= fault.line <= last


_BREAKS = ("\x85".encode(), "\u2028".encode(), "\u2029".encode())


@given(text=st.text(max_size=30))
def test_a_scalar_is_text_unless_the_core_schema_says_otherwise(text: str) -> None:
    """No plain scalar becomes a date, a list or a key of ours."""
    assert isinstance(scalar(text), str | int | float | bool | None)


_LEAVES = st.one_of(st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=3))
_LAYERS = st.fixed_dictionaries(
    {},
    optional={
        "model": _LEAVES,
        "run": _LEAVES,
        "timing": st.dictionaries(st.sampled_from(["quiet", "max_wait"]), _LEAVES),
        "agents": st.dictionaries(
            st.sampled_from("abc"), st.dictionaries(st.sampled_from("xyz"), _LEAVES)
        ),
    },
)


@given(low=_LAYERS, mid=_LAYERS, high=_LAYERS)
def test_it_does_not_matter_which_layers_are_merged_first(
    low: dict[str, Any], mid: dict[str, Any], high: dict[str, Any]
) -> None:
    """Merging is associative for layers of one shape, and leaves its arguments alone."""
    before = copy.deepcopy((low, mid, high))

    assert merge(merge(low, mid), high) == merge(low, merge(mid, high))
    assert (low, mid, high) == before


@given(low=_LAYERS, high=_LAYERS)
def test_merging_twice_changes_nothing_and_loses_no_key(
    low: dict[str, Any], high: dict[str, Any]
) -> None:
    """The upper layer's leaves stand, and every key of both is there."""
    once = merge(low, high)

    assert merge(once, high) == once
    assert merge({}, low) == low == merge(low, {})
    assert paths(once) == paths(low) | paths(high)


def paths(value: dict[str, Any], at: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return the path of every key."""
    found = set()
    for key, item in value.items():
        found.add((*at, key))
        if isinstance(item, dict):
            found |= paths(item, (*at, key))
    return found


@given(
    first=st.integers(0, 6),
    last=st.integers(0, 6),
    opens=st.times(),
    closes=st.times(),
)
def test_opening_times_are_days_in_order_with_a_time_that_passes(
    first: int, last: int, opens: Any, closes: Any
) -> None:
    """A range gives each of its days; one that runs backwards is none."""
    text = f"{DAYS[first]}-{DAYS[last]} {opens:%H:%M}-{closes:%H:%M}"

    found = opening_times(text)

    if first <= last and f"{opens:%H:%M}" < f"{closes:%H:%M}":
        assert found is not None
        assert [slot.split()[0] for slot in found] == list(DAYS[first : last + 1])
        assert all(opening_times(slot) == (slot,) for slot in found)
    else:
        assert found is None


def test_every_sentence_has_both_languages_and_the_same_gaps() -> None:
    """A placeholder that only one language has would fail at the admin's desk."""
    from string import Formatter  # noqa: PLC0415 - used here only

    for english, portuguese in [*MESSAGES.values(), *HINTS.values()]:
        gaps = [
            {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            for text in (english, portuguese)
        ]
        assert gaps[0] == gaps[1], english


def test_the_usual_hints_need_nothing_to_be_filled_in() -> None:
    """They go with every fault of their code, whatever it carries."""
    assert USUAL.keys() <= MESSAGES.keys()
    for language in LANGUAGES:
        assert all(sentence(hint, language=language, values={}) for hint in USUAL.values())


def test_the_property_files_exist() -> None:
    """The sample names every kind of file there is."""
    assert {os.fspath(path.name) for path in FILES} >= {"crew.yaml", "agents.yaml", "tasks.yaml"}
