"""Our loop asks the model exactly what CrewAI's own executor would, in the installed release."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chatcrew.crews import _switches

pytestmark = pytest.mark.crewai

SCRIPT = Path(__file__).with_name("crews_conformance_script.py")
CASES = (
    "no_tools",
    "tool_round",
    "parallel_tools",
    "rounds_used_up",
    "two_roles",
    "delegation",
    "hierarchical",
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Run all cases in one process that imports CrewAI."""
    home = tmp_path_factory.mktemp("crewai-home")
    env = _switches.environment({"PATH": "/usr/bin:/bin"}, home)
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env=env,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", CASES)
def test_the_messages_are_those_crewai_would_send(results, case):
    """Same calls in the same order, with the same messages, tools and final words."""
    assert results[case]["ours"] == results[case]["crewai"]


def test_no_case_is_left_out(results):
    """A case that is added to the script is compared."""
    assert set(results) == set(CASES)
    assert all(result["ours"]["asked"] for result in results.values())
