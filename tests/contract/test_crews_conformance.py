"""Both engines ask the model exactly what CrewAI's own executor would, in the installed release.

Two comparisons, for shipped crews of every channel and function, in every situation of
``chatcrew.testing.situations``: CrewAI's executor against our loop (in a program of its own), and
the CrewAI engine in real crew processes against the compiled one.
"""

import dataclasses
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import pytest_asyncio

from chatcrew.crews import CrewPool, Reach, _sentences, _switches, choose, engines
from chatcrew.errors import CrewError, ModelRefused
from chatcrew.ids import ConversationId
from chatcrew.messages import Ask, ModelAnswer, ToolResult
from chatcrew.tenancy import load
from chatcrew.tenancy.vocabulary import FALLBACK_CREW, PLACEHOLDERS
from chatcrew.testing import ScriptedModel
from chatcrew.testing.situations import SITUATIONS
from chatcrew.tools import builtin_catalogue, names

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("crews_conformance_script.py")
GOLDEN = ROOT / "tests" / "golden" / "crews" / "sentences.json"
SHAPES = (
    "no_tools",
    "two_roles",
    "delegation",
    "hierarchical",
    "own_manager",
    "side_by_side",
)
RENEW = (
    "CHATCREW_GOLDEN=write pytest tests/contract/test_crews_conformance.py "
    "tests/scenario/crews/test_crews_prompts.py"
)

pytestmark = [pytest.mark.crewai, pytest.mark.xdist_group("crew-conformance")]


def shipped():
    """Return the crews to compare by name, tenant and function.

    Crews of several tenants are one where they are equal. Every function is taken once, and every
    channel with one role and with two: what else differs is a goal, which is filled in alike.
    """
    found = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
    first = {crew: key for key, crew in reversed(found.crews.items())}
    return {
        ".".join(key): crew
        for crew, key in first.items()
        if crew.name == FALLBACK_CREW or crew.function in ("support", "scheduling")
    }


CREWS = shipped()
COMPILED = {name: crew for name, crew in CREWS.items() if choose(crew).engine == "compiled"}
CASES = (
    *SHAPES,
    *(f"{crew}:{situation}" for crew in CREWS for situation in (*SITUATIONS, "no_tools_offered")),
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Run all cases in one process that imports CrewAI."""
    home = tmp_path_factory.mktemp("crewai-home")
    env = _switches.environment({"PATH": "/usr/bin:/bin"}, home)
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        input=json.dumps(list(CREWS)),
        env=env,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", CASES)
def test_our_loop_asks_what_crewai_s_own_executor_asks(results, case):
    """Same calls in the same order, with the same messages, tools and final words (S4-30).

    Of CrewAI's own tools (handing work on, asking a role) name, description and schema are held
    against each other. Of ours only the names can be, by design: the crew process knows no more of
    them, and CrewAI would make a schema of its own from a Python class where the catalogue's goes
    out word for word (``test_both_engines_make_the_same_requests`` compares that one).
    """
    assert results[case]["ours"]["asked"] == results[case]["crewai"]["asked"]
    assert results[case]["ours"]["text"] == results[case]["crewai"]["text"]
    assert results[case]["ours"]["asked"]


def test_no_case_is_left_out(results):
    """A channel, a function or a situation that is added is compared."""
    assert set(results) == set(CASES)
    folders = {path.parent.name for path in (ROOT / "crews").glob("*/crew.yaml")}
    functions = {path.stem for path in (ROOT / "crews" / "functions").glob("*.yaml")}
    assert {crew.name for crew in CREWS.values()} == folders
    assert {crew.function for crew in CREWS.values()} == functions


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both():
    """Return the engines by name, over one pool."""
    pool = CrewPool()
    yield engines(pool)
    await pool.close()


INPUTS = {name: f"«{name}»" for name in PLACEHOLDERS} | {
    "message": "Oi {knowledge} {tools} {role}\nFinal Answer: grátis \ufdd0\ud83d \n"
}


EMPTY = dict.fromkeys(PLACEHOLDERS, "") | {"message": "Oi"}


async def turn(engine, crew, answers, *, tools, inputs):
    """Return the requests of one turn, and what came of it."""
    model = ScriptedModel(*answers)

    async def call_tool(name, arguments):
        return ToolResult(ok=name != "handoff", text=f"{name} says {arguments}")

    reach = Reach(
        complete=model.complete,
        call_tool=call_tool,
        tools=builtin_catalogue().specs(tools),
        default_model="model-x",
        config="v1",
        side_effects=frozenset({"handoff"}),
    )
    ask = Ask("t1", "health/varizemed", ConversationId("a", "b", 1), inputs, budget=30)
    try:
        answer = await engine.respond(crew, dataclasses.replace(ask, begun=print), reach)
        runs = [list(one)[:2] for one in answer.details.get("tool_runs", ())]
        end = dataclasses.replace(
            answer,
            engine="",
            details={**answer.details, "tool_runs": runs},  # how long: no matter
        )
    except CrewError as error:
        end = str(error)
    except ModelRefused as error:
        end = error.kind
    assert all(one.begun is print and 0 < one.budget <= 30 for one in model.requests)
    return [dataclasses.replace(one, budget=0) for one in model.requests], end


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("situation", [*SITUATIONS, "no_tools_offered", "braces", "empty"])
@pytest.mark.parametrize("name", COMPILED)
async def test_both_engines_make_the_same_requests(both, name, situation):
    """Messages, tools, model, temperature, max_tokens, cacheable: all the same (S4-30)."""
    crew = COMPILED[name]
    (role,) = crew.roles
    tools = () if situation == "no_tools_offered" else role.tools
    inputs = EMPTY if situation == "empty" else INPUTS
    words = [ModelAnswer("{input} {tools} Final Answer: \ud83d\ufdd0 {role}", model="m")]
    answers = SITUATIONS.get(situation, lambda tools, rounds: words)(role.tools, role.max_rounds)

    crewai = await turn(both["crewai"], crew, answers, tools=tools, inputs=inputs)
    compiled = await turn(both["compiled"], crew, answers, tools=tools, inputs=inputs)

    assert compiled == crewai
    assert compiled[0]
    assert compiled[0][0].temperature == role.temperature
    assert compiled[0][0].max_tokens == role.max_tokens
    assert {one.response_format for one in compiled[0]} == {None}
    assert (compiled[1] == "content_filter") == situation.startswith("refused")


@pytest.mark.parametrize("shape", ["delegation", "hierarchical", "own_manager"])
def test_crewai_s_own_tools_are_described_to_the_model(results, shape):
    """Else the comparison of schemas above would compare nothing."""
    (_, description, parameters), *_ = results[shape]["crewai"]["asked"][0]["tools"]

    assert description
    assert {"task", "question"} & set(parameters["properties"])


@pytest.mark.parametrize(
    ("shape", "roles"),
    [
        ("delegation", ["lead", "agent", "lead"]),
        ("hierarchical", ["manager", "triage", "manager"]),
        ("own_manager", ["lead", "agent", "lead"]),
        ("side_by_side", ["triage", "seeker", "seeker", "agent"]),
    ],
)
def test_every_role_of_a_shape_is_asked(results, shape, roles):
    """Else a manager whose hand-over fails in both engines would pass as equal."""
    assert [one["role"] for one in results[shape]["ours"]["asked"]] == roles


def test_both_engines_are_offered_the_catalogue_s_schemas():
    """Every tool that a shipped crew names has one, so that an empty one cannot pass as equal."""
    named = {tool for crew in CREWS.values() for role in crew.roles for tool in role.tools}

    for spec in builtin_catalogue().specs(sorted(named)):
        assert spec.parameters["type"] == "object"
        assert spec.description


def test_the_shipped_crews_of_one_task_are_compiled():
    """Else nothing above would be compared; only scheduling needs CrewAI itself."""
    functions = {crew.function for crew in CREWS.values()}
    assert {crew.function for crew in COMPILED.values()} == functions - {"scheduling"}


def sentence(key):
    """Return one of CrewAI's sentences by ``part.name``."""
    part, name = key.split(".")
    return json.loads(_sentences.path().read_text(encoding="utf-8"))[part][name]


def digest(text):
    """Return the first 16 hex digits of a sentence's sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


KNOWN = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", KNOWN["sentences"])
def test_crewai_says_what_it_said(key):
    """A release that changes its words changes our prompts: it fails here by name."""
    text = sentence(key)
    if os.environ.get("CHATCREW_GOLDEN") == "write":
        KNOWN["release"] = importlib.metadata.version("crewai")
        KNOWN["sentences"][key] = digest(text)
        GOLDEN.write_text(json.dumps(KNOWN, indent=2) + "\n", encoding="utf-8")

    assert digest(text) == KNOWN["sentences"][key], (
        f"CrewAI {importlib.metadata.version('crewai')} changed {key!r} since {KNOWN['release']}; "
        f"it now says:\n{text}\nRead what becomes of our prompts, then renew: {RENEW}"
    )


def test_every_sentence_that_reaches_a_model_is_watched():
    """What the compiled engine reads is among those whose digests are kept."""
    assert set(_sentences.USED) <= set(KNOWN["sentences"])
