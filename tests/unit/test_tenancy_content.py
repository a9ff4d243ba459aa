"""What conversation tests depend on: one digest, the same in every process on every machine."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatcrew import tools
from chatcrew.tenancy import Configuration, check
from chatcrew.tenancy.content import content, touched

ROOT = Path(__file__).parents[2]
CLINIC = "health/varizemed"
OWN = Path("config/domains/health/varizemed.yaml")
TESTS = Path("config/domains/health/varizemed.tests.yaml")
GREETING = """\
conversations:
  - name: cumprimenta
    customer:
      - says: Oi!
        contains: Clara
"""
MAPPING = """\
version: 1
accounts:
  a:
    account_id: 1
    base_url: http://127.0.0.1:1
    tenant: health/varizemed
    bots:
      b:
        agent_bot_id: 1
        token: env:T
        signature: required
        secrets: {agent_bot: [env:S]}
"""


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Configuration]:
    """Return a loader of a copy of the clinic's files, in which we stand."""
    shutil.copytree(ROOT / "config" / "domains" / "health", tmp_path / "config/domains/health")
    shutil.copytree(ROOT / "crews", tmp_path / "crews")
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    monkeypatch.chdir(tmp_path)
    TESTS.write_text(GREETING, "utf-8")

    def load() -> Configuration:
        files = (Path("mapping.yaml"), Path("config"), Path("crews"))
        report = check(*files, tools=tools.names(), read_secrets=False)
        assert report.configuration is not None, report.lines()
        return report.configuration

    return load


def _edit(before: str, after: str, path: Path) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


@pytest.mark.parametrize(
    ("file", "before", "after", "plays"),
    [
        ("crews/_default/crew.yaml", "promise: ", "promise: 1", True),
        ("crews/whatsapp/crew.yaml", "max_tokens: 350", "max_tokens: 351", True),
        ("crews/functions/support.yaml", "goal: ", "goal: Now and always. ", True),
        ("crews/line/crew.yaml", "max_tokens: 350", "max_tokens: 351", False),
        (str(OWN), "#\n", "# a remark\n#\n", False),
    ],
)
def test_what_a_conversation_depends_on_is_played_and_nothing_else(
    load, file, before, after, plays
) -> None:
    """Crews and functions count where the tests' channels use them; remarks do not (N11)."""
    first = load()
    known = content(first, CLINIC, Path("config"))
    _edit(before, after, Path(file))
    coming = load()

    assert coming.version != first.version
    assert (content(coming, CLINIC, Path("config")) != known) is plays
    if plays:
        assert [one.key for one in touched(coming, first)] == [CLINIC]


def test_the_digest_is_the_same_in_every_process(load, tmp_path: Path) -> None:
    """Hash seeds and the place of the files on a machine must not split the processes."""
    found = load()
    script = (
        "import sys; from pathlib import Path; from chatcrew import tools;"
        "from chatcrew.tenancy import check; from chatcrew.tenancy.content import content;"
        "a = Path(sys.argv[1]); f = check(a/'mapping.yaml', a/'config', a/'crews',"
        "tools=tools.names(), read_secrets=False).configuration;"
        f"print(content(f, {CLINIC!r}, a/'config'))"
    )
    elsewhere = shutil.copytree(tmp_path, tmp_path.with_name("elsewhere"), dirs_exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", script, str(elsewhere)],
        capture_output=True,
        check=True,
        cwd="/",
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin"},
    )

    assert done.stdout.decode().strip() == content(found, CLINIC, Path("config"))


def test_without_tests_there_is_nothing_to_play(load) -> None:
    """Also where their file is broken: that is told as a fault of its own."""
    found = load()
    TESTS.write_text("conversations: [", "utf-8")
    assert content(found, CLINIC, Path("config")) is None
    TESTS.unlink()
    assert content(found, CLINIC, Path("config")) is None
    assert content(found, "health/gone", Path("config")) is None


def test_the_same_files_touch_nobody(load) -> None:
    """Loaded twice they are equal, though not the same objects."""
    assert touched(load(), load()) == ()
