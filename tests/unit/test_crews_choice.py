"""Which engine runs a crew: one closed list, for the configuration's check and at run time."""

import dataclasses
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from chatcrew.crews import choose, needs_crewai
from chatcrew.messages import Timing
from chatcrew.tenancy._shapes.crew import AgentShape, CrewShape, LayerShape, TaskShape
from chatcrew.tenancy.compilable import OBSTACLES, obstacles
from chatcrew.tenancy.model import Capabilities, Crew, RoleSpec, TaskSpec

ROLE = RoleSpec("agent", "Atendente", "Ajudar", "Gentil.")
TASK = TaskSpec("reply", "Responda: {message}", "Uma resposta", "agent")
CREW = Crew(
    name="whatsapp",
    channel="whatsapp",
    function="support",
    process="sequential",
    engine="auto",
    roles=(ROLE,),
    tasks=(TASK,),
    capabilities=Capabilities(),
    timing=Timing(),
)
UNFIT = {
    "tasks": {"tasks": (TASK, dataclasses.replace(TASK, name="more"))},
    "roles": {"roles": (ROLE, dataclasses.replace(ROLE, name="more"))},
    "process": {"process": "hierarchical"},
    "allow_delegation": {"roles": (dataclasses.replace(ROLE, allow_delegation=True),)},
    "context": {"tasks": (dataclasses.replace(TASK, context=("other",)),)},
    "async_execution": {"tasks": (dataclasses.replace(TASK, async_execution=True),)},
}


def test_one_role_and_one_task_are_compiled():
    """``engine: auto`` picks the fast one where it can (S4-31)."""
    choice = choose(CREW)

    assert (choice.engine, choice.asked, choice.obstacles) == ("compiled", False, ())
    assert choice.why("pt-BR") == "um papel e uma tarefa, nada que precise do CrewAI"
    assert choice.why("en") == "one role and one task, nothing that needs CrewAI"


@pytest.mark.parametrize("key", OBSTACLES)
def test_each_key_of_the_closed_list_needs_crewai(key):
    """``engine: auto`` says which key it was, in both languages."""
    crew = dataclasses.replace(CREW, **UNFIT[key])
    choice = choose(crew)

    assert obstacles(crew) == (key,)
    assert (choice.engine, choice.obstacles) == ("crewai", (key,))
    assert choice.why("en")
    assert choice.why("pt-BR")


@pytest.mark.parametrize("engine", ["crewai", "compiled"])
def test_an_engine_that_is_named_is_taken(engine):
    """What the YAML says goes before what would be picked."""
    choice = choose(dataclasses.replace(CREW, engine=engine))

    assert (choice.engine, choice.asked) == (engine, True)
    assert choice.why("en") == f"the YAML says engine: {engine}"


def test_crewai_is_needed_where_one_crew_needs_it():
    """A worker whose crews are all compiled never starts it."""
    two = dataclasses.replace(CREW, **UNFIT["roles"])

    assert not needs_crewai(SimpleNamespace(crews={1: CREW, 2: CREW}))
    assert needs_crewai(SimpleNamespace(crews={1: CREW, 2: two}))


# Carried into the compiled engine's requests or texts; what is on neither side fails below.
CARRIED = {
    AgentShape: {
        *("role", "goal", "backstory", "llm", "model", "tools"),
        *("temperature", "max_tokens", "max_iter", "tools_first"),
    },
    TaskShape: {"description", "expected_output", "agent"},
    LayerShape: {
        *("model", "temperature", "max_tokens", "max_iter", "engine", "agents"),
        # Of the turn, not of the engine.
        *("promise", "hedge", "deadline", "fast_model", "history", "history_tokens"),
        *("timing", "delivery"),
    },
    CrewShape: {"extends", "capabilities", "channels", "functions"},
}
NEEDS_CREWAI = {
    "allow_delegation": "allow_delegation",
    "context": "context",
    "process": "process",
    "run": "tasks",
    "tasks": "tasks",
    "coworkers": "roles",
    "manager_agent": "process",
    "manager_llm": "process",
    "async_execution": "async_execution",
    "parallel": "async_execution",
}


@pytest.mark.parametrize("shape", CARRIED)
def test_every_key_of_the_yaml_is_carried_or_on_the_closed_list(shape):
    """A key that is added has to be decided on."""
    inherited = set(LayerShape.model_fields) if shape is CrewShape else set()
    keys = set(shape.model_fields) - inherited
    listed = keys - CARRIED[shape]

    assert CARRIED[shape] <= keys
    assert listed <= set(NEEDS_CREWAI)
    assert {NEEDS_CREWAI[key] for key in listed} <= set(OBSTACLES)


STRUCTURED = ("output_pydantic", "output_json", "response_model", "response_format")
ELSEWHERE = ("guardrail", "guardrails", "human_input", "markdown", "output_file", "max_rpm")


@pytest.mark.parametrize("key", [*STRUCTURED, *ELSEWHERE])
@pytest.mark.parametrize("shape", [AgentShape, TaskShape, LayerShape, CrewShape])
def test_what_neither_engine_carries_is_refused(shape, key):
    """Structured output and the like would be swallowed by CrewAI; no shape of ours has such a key.

    ADR-0012 says why it is not offered; that no request asks for it either is held by
    ``tests/contract/test_crews_conformance.py``.
    """
    with pytest.raises(ValidationError) as caught:
        shape.model_validate({key: {"type": "json_object"}})

    assert (key, "extra_forbidden") in {
        (error["loc"][0], error["type"]) for error in caught.value.errors()
    }


@pytest.mark.parametrize("key", ["output_pydantic", "output_json", "response_model"])
def test_the_keys_refused_are_crewai_s_own(key):
    """A key that CrewAI renames would be refused here for nothing."""
    package = importlib.util.find_spec("crewai").submodule_search_locations[0]
    task = (Path(package) / "task.py").read_text(encoding="utf-8")

    assert f"    {key}: " in task
