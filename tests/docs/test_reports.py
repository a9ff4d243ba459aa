"""``docs/reports.md`` says what the program does: commands parse, rows and bounds are its own."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from chatcrew.analytics import SAVERS
from chatcrew.app import diagnosis
from chatcrew.app.report_words import _ADVICE
from chatcrew.cli._commands import app
from chatcrew.cli._report_commands import Kind

ROOT = Path(__file__).parents[2]
PAGES = {
    name: (ROOT / "docs" / name).read_text("utf-8") for name in ("reports.md", "reports.pt-BR.md")
}


@pytest.mark.parametrize("page", PAGES)
def test_commands_are_the_programs(page: str) -> None:
    """Each line parses, with its options."""
    found = re.search(r"<!-- example: commands -->\n\n```sh\n(.+?)```", PAGES[page], re.DOTALL)
    assert found is not None
    program = typer.main.get_command(app)
    report = program.commands["report"]
    for line in found[1].splitlines():
        name, *words = shlex.split(line.removeprefix("chatcrew "))
        assert name == "report"
        context = report.make_context("report", words)
        assert context.params["kind"] in set(Kind)


@pytest.mark.parametrize("page", PAGES)
def test_reports_savers_and_causes_are_all_there(page: str) -> None:
    """A row for each, and no row for what does not exist."""
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGES[page], re.MULTILINE))
    assert rows == {*(one.value for one in Kind), *SAVERS, *_ADVICE}


def test_bounds_are_the_programs() -> None:
    """Beyond them something is called dear."""
    text = PAGES["reports.md"]
    assert f"more than {diagnosis.LONG_PROMPT:,} tokens" in text
    assert f"beyond {diagnosis.CACHEABLE:,} tokens less than {diagnosis.FEW_CACHED:.0%}" in (
        text.replace(" %", "%")
    )
    assert f"more than {diagnosis.MANY_CALLS} calls" in text
    assert f"more than {diagnosis.MANY_FAILED:.0%} of calls" in text.replace(" %", "%")
