"""Words of strangers in logs, templates, headers, notes and texts of ours stay words."""

import contextlib
import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.logging import LogCaptureHandler
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.chatwoot._liquid import neutralise
from chatcrew.telemetry import configure, get_logger
from chatcrew.web.console._asking import download
from chatcrew.web.console._browser import next_of
from chatcrew.web.tab._pages import headers

SOURCE = Path(__file__).parents[2] / "src" / "chatcrew"
EVIL = [
    'x\n{"event": "forged"}',
    "x\r\n2026-11-22T08:00:00Z [error] forged",
    "\x1b[2J\x1b]0;owned\x07\x1b[31mred",
    "back\x08\x08\x08over",
    "\u009b31mC1",
    "turned \u202egnp.exe",
    "lines\u2028and\u2029paragraphs\x85next",
    "half \ud83d a character",
    "null \x00 and delete \x7f",
]
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(params=["json", "console"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Give where logs are written, in each form."""
    before, sys.stderr = sys.stderr, io.StringIO()
    try:
        configure("debug", form=request.param)
        yield sys.stderr
    finally:
        sys.stderr = before


@contextlib.contextmanager
def _caught_by_nobody() -> Iterator[None]:
    """Keep a line from pytest: xdist cannot send half a character from process to process."""
    root = logging.getLogger()
    kept = root.handlers
    root.handlers = [one for one in kept if not isinstance(one, LogCaptureHandler)]
    try:
        yield
    finally:
        root.handlers = kept


@pytest.mark.parametrize("evil", EVIL)
def test_whatever_is_logged_is_one_line_that_steers_nothing(lines: io.StringIO, evil: str) -> None:
    """As a value, a key, an event, deep inside, in a library's message: no line is forged."""
    log = get_logger("part")
    log.warning("event", said=evil, deep={"a": [evil], evil: 1})
    log.warning(evil)
    with _caught_by_nobody():
        logging.getLogger("library").warning("said %s", evil)

    written = lines.getvalue()
    assert len(written.splitlines()) == written.count("\n") == 3
    assert not _STEERS.search(written)
    written.encode()
    if written.startswith("{"):
        first, second, third = map(json.loads, written.splitlines())
        assert first["event"] == "event"
        assert "forged" not in {first["event"], second["event"], third["event"]}


def test_an_exception_keeps_its_lines_and_steers_nothing(lines: io.StringIO) -> None:
    """Tracebacks are read by people; what an exception says is somebody else's."""
    try:
        raise ValueError("\x1b[31m\u202e")
    except ValueError:
        get_logger("part").exception("failed")

    assert "Traceback" in lines.getvalue()
    assert not _STEERS.search(lines.getvalue())


@given(st.text())
def test_no_file_name_ends_its_header(name: str) -> None:
    """A name of a customer's in ``Content-Disposition`` brings neither a line nor a path."""
    told = download(name, b"", "text/csv").headers["Content-Disposition"]

    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9_][A-Za-z0-9._-]*"', told)


@given(
    st.text() | st.sampled_from(["/console/\r\nSet-Cookie: a=b", "/console//evil", "/console/../x"])
)
def test_no_address_of_a_form_leads_out_or_ends_its_header(wanted: str) -> None:
    """``next`` is a page of the console or nothing (open redirect, header injection)."""
    found = next_of(wanted)

    assert found.startswith("/console")
    assert re.fullmatch(r"[!-~]+", found)
    assert "//" not in found


@given(st.lists(st.text(max_size=40) | st.sampled_from(["https://a.example; script-src *", "*"])))
def test_no_origin_of_the_mapping_widens_the_policy_of_the_tab(origins: list[str]) -> None:
    """What is no plain origin is left out; the policy's own words stay as they are."""
    policy = headers(origins)["Content-Security-Policy"]

    assert policy.count(";") == 8
    assert "script-src 'self';" in policy
    assert "*" not in policy


@given(st.text(alphabet="{}%-| \n.#&;lb7*'\"", max_size=40))
def test_no_words_are_liquid_to_chatwoot(text: str) -> None:
    """Neither ``{{`` nor ``{%`` is left, however they are put together."""
    said = neutralise(text)

    assert "{{" not in said
    assert "{%" not in said


def test_no_template_and_no_format_is_made_of_what_somebody_said() -> None:
    """``format`` is called on words of ours, never with an object whose parts could be walked."""
    risky = re.compile(
        r"\.format\((?:\*\*)?(?:locals|globals|vars)\(|\.format\(.*\b(ctx|request)\b\)"
    )
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text("utf-8")
        assert not risky.search(text), path
        assert "Template(" not in text or "jinja2" not in text, path
        assert not re.search(r"\b(?:eval|exec|pickle\.loads|yaml\.load|marshal\.loads)\(", text), (
            path
        )
        assert "shell=True" not in text, path
