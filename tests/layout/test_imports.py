"""Who imports what: heavy libraries stay out of light processes, packages keep to their floors."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chatcrew import testing

ROOT = Path(__file__).parents[2]

MODELS = ("crewai", "openai", "chromadb", "litellm")
STORAGE = ("asyncpg", "sqlalchemy", "alembic", "redis")
SERVERS = ("aiohttp", "uvloop")
TURN = ("chatcrew.hub", "chatcrew.worker", "chatcrew.crews", "chatcrew.llm")
"""Web and hub meet only in the mailbox (design §2)."""

_IMPORT = "import importlib; importlib.import_module({module!r})"
_HELP = """
sys.argv = ["chatcrew", {arguments}]
import contextlib, io
from chatcrew.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
"""
_REPORT = """
print(json.dumps(sorted(
    name for name in sys.modules if name.count(".") <= name.startswith("chatcrew.")
)))
"""


def loaded_by(program: str) -> set[str]:
    """Return the packages, ours with their own name, that ``program`` loads into a new process."""
    code = f"import json, sys\n{program}\n{_REPORT}"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout))


@pytest.mark.parametrize(
    ("module", "banned"),
    [
        ("chatcrew.web", MODELS),
        ("chatcrew.app.ingress", (*MODELS, *TURN)),
        ("chatcrew.app.worker", ("crewai", "chromadb", "litellm")),
        ("chatcrew.hub", (*MODELS, *STORAGE, *SERVERS)),
        ("chatcrew.cli", (*MODELS, *STORAGE, *SERVERS)),
        ("chatcrew.testing.plugin", (*MODELS, *STORAGE, *SERVERS)),
    ],
)
def test_a_light_module_stays_light(module: str, banned: tuple[str, ...]) -> None:
    """CrewAI takes 5 s to import; ingress is ready in one (complaint 12, design §2)."""
    loaded = loaded_by(_IMPORT.format(module=module))

    assert "chatcrew" in loaded
    assert loaded & set(banned) == set()


@pytest.mark.parametrize("arguments", ['"--help"', '"run", "--help"', '"version"'])
def test_asking_for_help_loads_nothing_heavy(arguments: str) -> None:
    """Every command imports what it needs only when it runs."""
    loaded = loaded_by(_HELP.format(arguments=arguments))

    assert "typer" in loaded
    assert loaded & {*MODELS, *STORAGE, *SERVERS, "yaml", "jinja2"} == set()


def test_the_guard_sees_what_is_loaded() -> None:
    """A guard that sees nothing would pass everything."""
    assert "asyncpg" in loaded_by(_IMPORT.format(module="asyncpg"))


@pytest.mark.parametrize("name", testing.__all__)
def test_every_name_of_the_kit_can_be_imported(name: str) -> None:
    """The kit imports its names late, so a wrong place would show only when it is used."""
    assert getattr(testing, name).__name__ == name


def test_the_kit_knows_no_other_names() -> None:
    """A misspelt name fails as in any module."""
    assert not hasattr(testing, "FakeChatwood")


def test_packages_keep_to_their_floors() -> None:
    """Every contract of ``[tool.importlinter]`` holds; ``.ci/run`` checks the same (design §2)."""
    code = "import sys; from importlinter.cli import lint_imports; "
    code += "sys.exit(lint_imports(no_cache=True, no_logo=True))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 broken" in run.stdout
