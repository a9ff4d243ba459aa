"""``docs/answers.md`` says what the program does: examples, bounds, commands and figures hold."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from benchmarks._traps import HELD, TUNED, Pair, pairs
from typer.testing import CliRunner

from chatcrew.answers import ASKED, TTL, canon, differs
from chatcrew.answers._point import FEWEST_APART, FEWEST_RIGHT, LASTS, PRECISION
from chatcrew.cli._commands import app
from chatcrew.hub.again import given
from chatcrew.hub.context import Reply
from chatcrew.messages import Kept
from chatcrew.tenancy import load
from chatcrew.tenancy.model import AnswerPolicy
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "docs" / "answers.md").read_text("utf-8")
PORTUGUESE = (ROOT / "docs" / "answers.pt-BR.md").read_text("utf-8")
WHY = {
    **{"number": "number", "negation": "negation", "order": "order", "words": "words"},
    **{"what is asked": "asked", "número": "number", "negação": "negation", "ordem": "order"},
    **{"o que se pergunta": "asked", "palavras": "words"},
}


@pytest.mark.parametrize("page", [ENGLISH, PORTUGUESE], ids=["en", "pt-BR"])
def test_each_pair_of_the_page_differs_by_what_it_says(page: str) -> None:
    """And the two that it calls one are one."""
    rows = re.findall(r"^\| ([^|]+\?) \| ([^|]+\?) \| ([^|]+) \|$", page, re.MULTILINE)
    assert len(rows) == 5
    for one, other, why in rows:
        assert differs(canon(one), canon(other)) == WHY[why]
    said, same = re.findall(r"\*([^*]+\?)\*", page)[:2]
    assert differs(canon(said), canon(same)) is None


@pytest.mark.parametrize("page", [ENGLISH, PORTUGUESE], ids=["en", "pt-BR"])
def test_the_bounds_of_the_page_are_the_program_s(page: str) -> None:
    """An hour, thirty days, 99.5 %, 300 pairs, 3 right ones, ten minutes."""
    assert (TTL, ASKED.days, LASTS) == (3600.0, 30, 600.0)
    assert (PRECISION, FEWEST_APART, FEWEST_RIGHT) == (0.995, 300, 3)
    assert re.search(r"99[.,]5 %", page)
    for bound in ("300", "30 d", " 3 "):
        assert bound in page


@pytest.mark.parametrize("page", [ENGLISH, PORTUGUESE], ids=["en", "pt-BR"])
def test_the_figures_of_the_page_are_those_of_the_pairs(page: str) -> None:
    """Paraphrases served, and traps of each kind, counted anew."""
    for path, row in ((TUNED, 0), (HELD, 1)):
        same = [pair for pair in pairs(path) if not pair.trap]
        served = sum(_one(pair) for pair in same)
        line = re.findall(r"^\| \d+ par.*$", page, re.MULTILINE)[row]
        assert line.startswith(f"| {len(same)} ")
        assert f"| {served} ({served / len(same):.0%}".replace("%", " %") in line
    traps = Counter(pair.kind for path in (TUNED, HELD) for pair in pairs(path) if pair.trap)
    line = re.findall(r"^\| 340 .*$", page, re.MULTILINE)[0]
    assert traps.total() == 340
    assert [int(one) for one in re.findall(r"\d+", line)] == [
        *(340, traps["negation"], traps["number"], traps["entity"], traps["reversal"]),
        *(traps["asked"], 0),
    ]
    assert not any(_one(pair) for path in (TUNED, HELD) for pair in pairs(path) if pair.trap)


def _one(pair: Pair) -> bool:
    return differs(canon(pair.first), canon(pair.second)) is None


def test_the_example_is_what_it_says(tmp_path: Path) -> None:
    """Its keys are those of a business's file, and the defaults are the page's."""
    found = re.search(r"<!-- example: domain -->\n\n```yaml\n(.+?)```", ENGLISH, re.DOTALL)
    assert found is not None
    assert found[1] in PORTUGUESE
    for name in ("config", "crews"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "chatwoot_mapping.yaml", tmp_path)
    clinic = tmp_path / "config" / "domains" / "health" / "varizemed.yaml"
    clinic.write_text(f"{clinic.read_text('utf-8')}\n{found[1]}", "utf-8")
    loaded = load(
        tmp_path / "chatwoot_mapping.yaml", tmp_path / "config", tmp_path / "crews", tools=names()
    )
    assert loaded.tenants["health/varizemed"].answers == AnswerPolicy(30, other_words=False)
    assert loaded.tenants["cosmetics/bella"].answers == AnswerPolicy(60, other_words=True)


def test_the_commands_of_the_page_are_there() -> None:
    """Each line is a command with these arguments."""
    found = re.search(r"<!-- example: commands -->\n\n```\n(.+?)```", ENGLISH, re.DOTALL)
    assert found is not None
    assert found[1] in PORTUGUESE
    for line in found[1].strip().splitlines():
        _, *words = line.split()
        told = CliRunner().invoke(app, [*words[:3], "--help"])
        assert told.exit_code == 0, line
    assert (ROOT / "benchmarks" / "answers.py").exists()


@pytest.mark.parametrize("page", [ENGLISH, PORTUGUESE], ids=["en", "pt-BR"])
def test_the_record_holds_what_the_page_names(page: str) -> None:
    """``kept`` with its keys, for who counts what was spared (N6)."""
    reply = Reply("Sim.", engine="cache", reason="cache")
    kept = given(Kept(7, "Sim.", "t1", near=True, cost=None), reply).details["kept"]
    assert isinstance(kept, dict)
    assert f"`kept: {{{', '.join(list(kept)[:4])}}}`" in page
    assert set(kept) == {
        *("from", "saved_prompt", "saved_completion", "saved_usd", "answer", "near"),
    }
