"""What we rely on in CrewAI 1.15.30, so that a release which changes it says so by name."""

import importlib.metadata
import json
import subprocess
import sys

import pytest

from chatcrew.crews import _crewai, _switches

pytestmark = pytest.mark.crewai


def crewai(code, home):
    """Run ``code`` in a process set up like the template, and return the JSON it printed."""
    env = _switches.environment({"PATH": "/usr/bin:/bin"}, home)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_the_release_is_the_one_that_was_measured():
    """The private names we use are those of this release; pip, the lock and the code agree."""
    assert importlib.metadata.version("crewai") == _crewai.VERSION


PROBE = """
import json, os, signal, sys, threading
watched = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGTSTP, signal.SIGCONT]
before = [signal.getsignal(one) for one in watched]
from chatcrew.crews import _crewai, _switches
_switches.shut_in()
import asyncio
from chatcrew.crews._template import _Silent, _WARM_UP
asyncio.run(_crewai.run(_WARM_UP, _Silent()))
from chatcrew.crews._wire import RolePart, Script, TaskPart

class Failing:
    calls = 0
    async def ask_model(self, *_, **__):
        self.calls += 1
        raise RuntimeError("429 rate limit, too many requests")

async def fail():
    bridge = Failing()
    try:
        await _crewai.run(_WARM_UP, bridge)
    except RuntimeError as fault:
        return bridge.calls, str(fault)

role = RolePart("r", "Role {goal}", "Goal {role}", "Backstory {input} {tools}", 2)
task = TaskPart("t", "Say {input} {tool_names} {role}", "Expect {tools} {backstory}", "r")

class Recorder:
    async def ask_model(self, role, messages, *, tools):
        self.messages = [dict(one) for one in messages]
        from chatcrew.messages import ModelAnswer
        return ModelAnswer("Done {role}")

async def braces():
    bridge = Recorder()
    text = await _crewai.run(Script("sequential", (role,), (task,)), bridge)
    return [one["content"] for one in bridge.messages], text

class Ready:
    calls = 0
    async def ask_model(self, role, messages, *, tools):
        from chatcrew.messages import ModelAnswer
        self.calls += 1
        self.longest = max(len(one["content"]) for one in messages)
        return ModelAnswer("ready")

async def long_prompt():
    bridge = Ready()
    long = TaskPart("t", "word " * 100_000, "Expect", "r")
    await _crewai.run(Script("sequential", (role,), (long,)), bridge)
    return bridge.calls, bridge.longest

async def growth():
    import gc
    counts = []
    for _ in range(3):
        for _ in range(20):
            await _crewai.run(_WARM_UP, Ready())
        gc.collect()
        counts.append(len(gc.get_objects()))
    return counts

from crewai import Agent, Crew
texts, said = asyncio.run(braces())
calls, fault = asyncio.run(fail())
json.dump({
    "long": asyncio.run(long_prompt()),
    "objects": asyncio.run(growth()),
    "signals": before == [signal.getsignal(one) for one in watched],
    "threads": [one.name for one in threading.enumerate()],
    "redis": "REDIS_URL" in os.environ,
    "calls": calls, "fault": fault,
    "texts": texts, "said": said,
    "agent_private": hasattr(Agent, "_build_execution_prompt"),
    "agent_hook": hasattr(Agent, "create_agent_executor"),
    "crew_private": "_task_output_handler" in Crew.__private_attributes__,
    "files": sorted(
        os.path.join(place, name)[len(os.environ["HOME"]) + 1:]
        for place, _, names in os.walk(os.environ["HOME"]) for name in names
    ),
}, sys.stdout)
"""


@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    """Run the probe once: it imports CrewAI as the template does."""
    return crewai(PROBE, tmp_path_factory.mktemp("crewai-home"))


def test_signal_handlers_stay_ours(probe):
    """With telemetry on, CrewAI would take over SIGTERM and four more at import."""
    assert probe["signals"] is True


def test_no_thread_is_left_after_a_kickoff(probe):
    """A process that forks must have one thread only."""
    assert probe["threads"] == ["MainThread"]


def test_redis_is_out_of_sight(probe):
    """CrewAI would use it for its locks: ten times slower, and dead when Redis is."""
    assert probe["redis"] is False


def test_a_failing_model_is_asked_once(probe):
    """No retry of CrewAI's: not ``max_retry_limit``, and not its hidden one for rate limits."""
    assert probe["calls"] == 1
    assert "429" in probe["fault"]


def test_a_long_prompt_is_sent_whole_in_one_call(probe):
    """CrewAI would have what it takes for too long summarised by calls of its own."""
    calls, longest = probe["long"]

    assert calls == 1
    assert longest > 450_000


def test_turns_leave_nothing_in_memory(probe):
    """A class that CrewAI remembers per crew (``@CrewBase``) would grow with every turn."""
    first, _, last = probe["objects"]

    assert last - first < 40


def test_crewai_replaces_nothing_in_our_texts(probe):
    """Every brace in role, goal, backstory, task and answer comes out as it went in."""
    system, user = probe["texts"]

    assert "Role {goal}. Backstory {input} {tools}" in system
    assert "Goal {role}" in system
    assert "Say {input} {tool_names} {role}" in user
    assert "Expect {tools} {backstory}" in user
    assert probe["said"] == "Done {role}"


def test_the_names_we_lean_on_are_there(probe):
    """The two private names and the hook of ``_crewai.py``."""
    assert probe["agent_private"]
    assert probe["agent_hook"]
    assert probe["crew_private"]


def test_a_kickoff_leaves_no_database(probe):
    """CrewAI's SQLite file of task outputs, mode 0644, is never made."""
    assert [name for name in probe["files"] if name.endswith((".db", ".sqlite", ".sqlite3"))] == []
