"""``docs/configuration.md`` names everything the program has, and nothing it has not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from scripts.tables import written

from chatcrew.app.ingress import Gauges
from chatcrew.app.supervisor import DRAIN
from chatcrew.cli._commands import app
from chatcrew.settings import Settings
from chatcrew.telemetry import CATALOGUE
from chatcrew.tenancy.model import Retention
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Stores
from chatcrew.web.public import BODY_TIMEOUT, MAX_BODY

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "chatcrew"
DOCUMENT = (ROOT / "docs" / "configuration.md").read_text("utf-8")
LEVELS = {"debug", "info", "warning", "error", "critical"}

Rows = dict[str, list[str]]


def table(name: str) -> Rows:
    """Return the rows of a table by the code in their first cell."""
    _, _, rest = DOCUMENT.partition(f"<!-- table: {name} -->")
    lines = rest.strip().splitlines()
    rows = lines[2 : next(n for n, line in enumerate([*lines, ""]) if not line.startswith("|"))]
    cells = [[cell.strip() for cell in row.strip("|").split(" |")] for row in rows]
    found = {row[0].strip().strip("`"): row for row in cells}
    assert len(found) == len(cells), f"{name}: a row stands twice"
    return found


def codes(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def calls(*names: str) -> Iterator[ast.Call]:
    """Yield every call in the files of the program that mention one of the names.

    The others cannot call them, and to read each takes as long.
    """
    mentioned = re.compile(rf"\b(?:{'|'.join(names)})\b")
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text("utf-8")
        if mentioned.search(text):
            yield from (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def test_every_setting_has_its_row_with_its_default() -> None:
    """A variable that is not written down does not exist for an admin."""
    rows = table("settings")
    known = {}
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        variable = str(alias.choices[0]) if alias is not None else f"CHATCREW_{name.upper()}"
        known[variable] = "none" if field.default is None else f"`{field.default}`"

    assert {variable: row[1] for variable, row in rows.items()} == known
    assert all(len(row) == 4 and all(row) for row in rows.values())


def test_the_tables_are_as_the_program_writes_them() -> None:
    """Nobody has to edit names, defaults, options and labels by hand: ``scripts/reference``."""
    assert written(DOCUMENT) == DOCUMENT


def test_writing_mends_drops_and_adds_rows_and_keeps_what_people_wrote() -> None:
    """A wrong default goes, so does a setting nobody knows; a new one has the program's words."""
    row = next(one for one in DOCUMENT.splitlines() if one.startswith("| `CHATCREW_PORT` "))
    stale = row.replace("`8080`", "`80`") + "\n| `CHATCREW_GONE` | none | Gone. | Foi. |"
    metric = next(one for one in DOCUMENT.splitlines() if one.startswith("| `chatcrew_parked` "))

    mended = written(DOCUMENT.replace(row, stale).replace(f"{metric}\n", ""))

    new = next(one for one in CATALOGUE if one.name == "chatcrew_parked")
    assert mended == DOCUMENT.replace(metric, f"| `{new.name}` | counter | none | {new.help} |  |")


def test_every_choice_and_secret_of_a_setting_is_named() -> None:
    """What may be chosen stands in the row, and what is secret says so."""
    rows = table("settings")

    for level in ("debug", "info", "warning", "error"):
        assert f"`{level}`" in rows["CHATCREW_LOG_LEVEL"][2]
    for form in ("json", "console"):
        assert f"`{form}`" in rows["CHATCREW_LOG_FORMAT"][2]
    secret = {variable for variable, row in rows.items() if row[2].endswith("Secret.")}
    assert secret == {"CHATCREW_DATABASE_URL", "CHATCREW_REDIS_URL", "OPENAI_API_KEY"}


def test_every_variable_of_the_scripts_has_its_row() -> None:
    """Scripts, images and the stack read nothing that is not written down."""
    scripts = [one for one in (ROOT / "scripts").rglob("*") if one.is_file()]
    files = [one for one in scripts if one.suffix != ".pyc"]
    files += [ROOT / ".ci/run", ROOT / "Dockerfile"]
    files += [ROOT / "docker-stack.yml", ROOT / "compose.yml"]
    used = {
        name
        for path in files
        for name in re.findall(r"\bCHATCREW_[A-Z_]+\b", path.read_text("utf-8"))
    }

    assert used - table("settings").keys() == table("script variables").keys()


def commands() -> dict[str, Any]:
    """Return every command by its name."""
    return dict(typer.main.get_group(app).commands)


def test_every_command_has_its_row() -> None:
    """Commands and their arguments, flags with both their names."""
    rows = table("commands")

    assert rows.keys() == commands().keys()
    assert all(len(row) == 4 and all(row) for row in rows.values())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_is_named(name: str) -> None:
    """With its default, where it has one that is not a flag."""
    said = table("commands")[name][1]
    expected, defaults = set(), set()
    for parameter in commands()[name].params:
        if parameter.name == "help" or getattr(parameter, "hidden", False):
            continue
        expected |= {*parameter.opts, *parameter.secondary_opts}
        if parameter.default not in (None, True, False):
            defaults.add(str(parameter.default))
    named = set(codes(said))

    assert expected <= named
    assert all(one in said for one in defaults)
    assert {one for one in named if one.startswith("-")} <= expected


def test_the_exit_codes_are_those_the_program_uses() -> None:
    """Numbers given to ``sys.exit`` and ``typer.Exit`` in the command line's own modules."""
    used = {0}
    for path in (SOURCE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sys.exit", "typer.Exit"):
                used |= {
                    arg.value
                    for arg in node.args
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, int)
                }

    assert {int(code) for code in table("exit codes")} == used


def test_every_refusal_has_its_row_with_its_status() -> None:
    """The kinds in the program text are the kinds in the table."""
    known = {"internal": "500"}
    for node in calls("_refused", "WebhookError"):
        name = ast.unparse(node.func)
        if name == "_refused" and isinstance(node.args[0], ast.Constant):
            known[str(node.args[0].value)] = "401"
        elif name == "WebhookError":
            kind = next(word.value for word in node.keywords if word.arg == "kind")
            if isinstance(kind, ast.Constant):
                known[str(kind.value)] = ast.unparse(node.args[0])

    assert {kind: row[1] for kind, row in table("refusals").items()} == known


def test_every_metric_has_its_row_with_kind_and_labels() -> None:
    """Who builds a dashboard reads this page."""
    said = {
        name: (row[1], row[2] if row[2] == "none" else codes(row[2]))
        for name, row in table("metrics").items()
    }

    assert said == {
        metric.name: (metric.kind, list(metric.labels) or "none") for metric in CATALOGUE
    }


async def test_every_gauge_of_the_moment_has_its_row() -> None:
    """What is read at the scrape is in no catalogue."""
    mailbox = Stores.in_memory(ManualClock()).mailbox

    assert table("gauges").keys() == (await Gauges(mailbox).read()).keys()


def test_every_log_line_has_its_row_with_its_level() -> None:
    """Who is on call searches for the event's name."""
    known = {}
    for node in calls("log", "_log"):
        function = node.func
        if (
            isinstance(function, ast.Attribute)
            and function.attr in LEVELS
            and ast.unparse(function.value) in ("_log", "log", "self._log")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            known[str(node.args[0].value)] = function.attr

    assert {event: row[1] for event, row in table("log lines").items()} == known
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", event) for event in known)


def test_limits_in_the_text_are_those_of_the_program() -> None:
    """Numbers an admin relies on are held against their constants."""
    assert f"SIGTERM ({DRAIN:.0f} s)" in DOCUMENT
    assert f"over {MAX_BODY >> 20} MiB" in DOCUMENT
    assert f"within {BODY_TIMEOUT:.0f} s" in DOCUMENT
    assert Retention().raw == 7
    assert "for seven days" in DOCUMENT
