"""What crosses the pipe: finished texts, the tools that are offered, and nothing else."""

import pytest

from chatcrew.crews import _wire
from chatcrew.crews._frames import FrameError, Frames, encode
from chatcrew.messages import ModelAnswer, Timing, ToolCall, ToolResult, ToolSpec
from chatcrew.tenancy.model import Capabilities, Crew, RoleSpec, TaskSpec


def crew(**changes):
    """Return a crew of one role and two tasks."""
    given = {
        "name": "whatsapp",
        "channel": "whatsapp",
        "function": "support",
        "process": "sequential",
        "engine": "crewai",
        "roles": (
            RoleSpec(
                "agent",
                "Atendente da {business_name}",
                "Ajudar {contact_name}",
                'Responde em JSON {"ok": 1}.',
                model="secret-model",
                tools=("look", "book"),
                max_rounds=3,
            ),
        ),
        "tasks": (
            TaskSpec("sort", "Classifique: {message}", "Uma palavra", "agent"),
            TaskSpec("reply", "Responda: {message}", "Até {max_chars}", "agent", ("sort",)),
        ),
        "capabilities": Capabilities(),
        "timing": Timing(),
    }
    return Crew(**{**given, **changes})


INPUTS = {
    "business_name": "Varizemed",
    "contact_name": "{role} {message}",
    "message": "quanto custa {knowledge}?",
    "knowledge": "INTERNAL",
    "max_chars": "4096",
}


def sent(frame):
    """Return a frame after its way through the pipe."""
    (got,) = Frames().feed(encode(frame))
    return got


def test_the_script_carries_finished_texts():
    """Placeholders are filled before the pipe, and a customer's own stay words (complaint 12)."""
    script = _wire.script(crew(), INPUTS, offered=["look"])

    (role,), (sort, reply) = script.roles, script.tasks
    assert role.role == "Atendente da Varizemed"
    assert role.goal == "Ajudar {role} {message}"
    assert role.backstory == 'Responde em JSON {"ok": 1}.'
    assert sort.description == "Classifique: quanto custa {knowledge}?"
    assert reply.expected_output == "Até 4096"
    assert reply.context == ("sort",)


def test_a_role_gets_only_the_tools_that_are_offered():
    """A tool the tenant does not allow is unknown in the crew process."""
    script = _wire.script(crew(), INPUTS, offered=["look"])

    assert script.roles[0].tools == ("look",)


def test_a_script_comes_out_of_the_pipe_as_it_went_in_and_names_no_model():
    """The crew process reads the same values; model names stay with the worker."""
    script = _wire.script(crew(), INPUTS, offered=["look", "book"])
    frame = _wire.start_frame(7, script)

    assert _wire.read_script(sent(frame)) == script
    assert b"secret-model" not in encode(frame)


def test_a_manager_and_tasks_side_by_side_come_out_of_the_pipe_too():
    """Its texts filled in like the roles', its model kept here; the bound goes along."""
    boss = RoleSpec("boss", "Gerente da {business_name}", "Dividir", "Fala.", model="secret-boss")
    beside = TaskSpec("look", "Ache: {message}", "Uma linha", "", async_execution=True)
    given = crew(process="hierarchical", manager=boss, tasks=(beside,), parallel=5)
    script = _wire.script(given, INPUTS, offered=[])
    frame = _wire.start_frame(7, script)

    assert _wire.read_script(sent(frame)) == script
    assert script.manager.role == "Gerente da Varizemed"
    assert (script.tasks[0].role, script.tasks[0].async_execution, script.parallel) == ("", True, 5)
    assert b"secret-boss" not in encode(frame)


def test_a_heading_over_nothing_is_left_out():
    """A section whose placeholder is empty does not cross the pipe."""
    task = TaskSpec("reply", "Fatos:\n{facts}\n\nDiga: {message}", "Nome:\n{name}", "agent")
    inputs = INPUTS | {"facts": "", "name": ""}

    (reply,) = _wire.script(crew(tasks=(task,)), inputs, offered=[]).tasks

    assert reply.description == f"Diga: {INPUTS['message']}"
    assert reply.expected_output == ""


def test_answers_come_out_of_the_pipe_as_they_went_in():
    """A model's words and calls, and a tool's result, survive; torn characters do no harm."""
    answer = ModelAnswer("olá", (ToolCall("c1", "look", '{"q": "a"}'),))
    result = ToolResult(ok=False, text="sem horário")
    torn = ModelAnswer("torn \ud83d")

    assert _wire.read_model_answer(sent(_wire.model_answer_frame(1, 2, answer))) == answer
    assert _wire.read_tool_answer(sent(_wire.tool_answer_frame(1, 3, result))) == result
    assert _wire.read_model_answer(sent(_wire.model_answer_frame(1, 4, torn))).text == "torn ?"


def test_calls_are_read_with_tools_by_name_or_whole():
    """Our tools cross by name, so the schema the model sees is ours; CrewAI's own cross whole."""
    own = {"name": "delegate", "description": "d", "parameters": {"type": "object"}}
    frame = {"call": 1, "role": "agent", "messages": [{"role": "user"}], "tools": ["look", own]}

    call = _wire.read_model_call(frame)

    assert call.tools == ("look", ToolSpec("delegate", "d", {"type": "object"}))


@pytest.mark.parametrize(
    ("read", "frame"),
    [
        (_wire.read_script, {"script": {"process": "sequential", "roles": []}}),
        (_wire.read_script, {"script": {"process": "s", "roles": [{"tools": []}], "tasks": []}}),
        (_wire.read_model_call, {"call": 1, "role": "agent", "messages": []}),
        (_wire.read_model_call, {"call": 1, "role": "a", "messages": [], "tools": [{"x": 1}]}),
        (_wire.read_model_call, {"call": True, "role": "a", "messages": [], "tools": []}),
        (_wire.read_tool_call, {"call": 1, "role": "agent", "name": "look"}),
        (_wire.read_tool_call, {"call": 1, "name": "look", "arguments": "{}"}),
        (_wire.read_tool_answer, {"text": "x"}),
        (_wire.read_model_answer, {"text": "x"}),
    ],
)
def test_a_frame_that_lacks_a_part_is_a_frame_error(read, frame):
    """Whoever breaks the protocol is told so in one way only."""
    with pytest.raises(FrameError):
        read(frame)
