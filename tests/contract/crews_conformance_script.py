"""Runs crews with our loop and with CrewAI's own executor, and prints what each asked the model.

A program of its own, because it imports CrewAI: ``test_crews_conformance.py`` starts it.
"""

import asyncio
import dataclasses
import json
import sys
from pathlib import Path

from crewai import Agent

from chatcrew.crews import _crewai, _switches, _wire
from chatcrew.crews._executor import AnsweredNothing
from chatcrew.crews._fill import unshield
from chatcrew.crews._usable import usable
from chatcrew.crews._wire import RolePart, Script, TaskPart
from chatcrew.errors import ModelRefused
from chatcrew.messages import ModelAnswer, ToolCall, ToolResult
from chatcrew.tenancy import load
from chatcrew.tenancy.vocabulary import PLACEHOLDERS
from chatcrew.testing.situations import SITUATIONS
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
INPUTS = {name: f"«{name}»" for name in PLACEHOLDERS} | {"message": "Oi {knowledge} {tools}\n"}


def call(name, **arguments):
    """Return one tool call."""
    return ModelAnswer("", (ToolCall("call_1", name, json.dumps(arguments)),))


AGENT = RolePart("agent", "Atendente da clínica", "Ajudar", "Você é gentil.\nFale pouco.", 3)
SEEKER = RolePart("seeker", "Pesquisadora", "Achar fatos", "Procura.", 3, ("look", "book"))
TRIAGE = RolePart("triage", "Triagem", "Entender", "Ouve bem.", 2)
LEAD = RolePart("lead", "Líder", "Distribuir", "Sabe quem faz o quê.", 3, allow_delegation=True)
MANAGER = RolePart("manager", "", "", "", 8)
REPLY = TaskPart("reply", "Responda ao cliente.\n\nCliente: oi", "Uma resposta curta.", "agent")
FOR_ANYBODY = dataclasses.replace(REPLY, role="")
SORT = TaskPart("sort", "Classifique: oi", "Uma palavra", "triage")

SHAPES = {
    "no_tools": (
        Script("sequential", (AGENT,), (REPLY,)),
        {"agent": [ModelAnswer("Olá! Como posso ajudar?")]},
    ),
    "two_roles": (
        Script(
            "sequential",
            (TRIAGE, SEEKER),
            (SORT, TaskPart("find", "Marque uma hora", "Um horário", "seeker", ("sort",))),
        ),
        {
            "triage": [ModelAnswer("angiologia")],
            "seeker": [call("book", day="ter"), ModelAnswer("Terça, 9h.")],
        },
    ),
    "delegation": (
        Script("sequential", (LEAD, AGENT), (TaskPart("reply", "Responda: oi", "Algo", "lead"),)),
        {
            "lead": [
                call(
                    "delegate_work_to_coworker",
                    task="Cumprimente",
                    context="É a Ana",
                    coworker="Atendente da clínica",
                ),
                ModelAnswer("Oi, Ana!"),
            ],
            "agent": [ModelAnswer("Olá, Ana.")],
        },
    ),
    "hierarchical": (
        Script("hierarchical", (AGENT, TRIAGE), (FOR_ANYBODY,), MANAGER),
        {
            "manager": [
                call(
                    "ask_question_to_coworker",
                    question="Quem é?",
                    context="Um cliente",
                    coworker="Triagem",
                ),
                ModelAnswer("Feito."),
            ],
            "triage": [ModelAnswer("Cliente novo.")],
        },
    ),
    "own_manager": (
        Script("hierarchical", (AGENT, TRIAGE), (REPLY,), LEAD),
        {
            "lead": [
                call(
                    "delegate_work_to_coworker",
                    task="Cumprimente",
                    context="É a Ana",
                    coworker="Atendente da clínica",
                ),
                ModelAnswer("Oi, Ana!"),
            ],
            "agent": [ModelAnswer("Olá, Ana.")],
        },
    ),
    # One place, so that the calls come in one order; how many overlap is another test's matter.
    "side_by_side": (
        Script(
            "sequential",
            (TRIAGE, SEEKER, AGENT),
            (
                dataclasses.replace(SORT, async_execution=True),
                TaskPart("find", "Ache uma hora", "Um horário", "seeker", async_execution=True),
                dataclasses.replace(REPLY, context=("sort", "find")),
            ),
            parallel=1,
        ),
        {
            "triage": [ModelAnswer("angiologia")],
            "seeker": [call("look", day="ter"), ModelAnswer("Terça, 9h.")],
            "agent": [ModelAnswer("Terça às 9h, pode ser?")],
        },
    ),
}
"""Crews of shapes that no shipped crew has."""


def shipped(wanted):
    """Yield each wanted crew in every situation: its name, its script, the models' answers."""
    found = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
    for key, crew in found.crews.items():
        crew_name = ".".join(key)
        if crew_name not in wanted:
            continue
        for situation, answers in SITUATIONS.items():
            script = _wire.script(crew, INPUTS, offered=names())
            said = {one.name: answers(one.tools, one.max_rounds) for one in script.roles}
            yield f"{crew_name}:{situation}", (script, said)
        bare = _wire.script(crew, INPUTS, offered=())
        said = {one.name: SITUATIONS["no_tools"]((), 1) for one in bare.roles}
        yield f"{crew_name}:no_tools_offered", (bare, said)


def described(tool):
    """Return what a model reads of one of CrewAI's own tools."""
    said = json.dumps([tool.name, tool.description, tool.parameters], ensure_ascii=False)
    return json.loads(unshield(said))


class Recorder:
    """A bridge that answers by the script as the worker would, and keeps what was asked."""

    def __init__(self, answers):
        self._answers = {role: iter(given) for role, given in answers.items()}
        self.asked = []

    async def ask_model(self, role, messages, *, tools):
        offered = [one if isinstance(one, str) else described(one) for one in tools]
        # Our loop takes the shields off, CrewAI's has never heard of them.
        said = json.loads(unshield(json.dumps(messages, ensure_ascii=False)))
        self.asked.append({"role": role, "messages": said, "tools": offered})
        return usable(next(self._answers[role]))

    async def ask_tool(self, role, name, arguments):
        return ToolResult(ok=True, text=f"{name} → {json.loads(arguments)}")


async def both(script, answers):
    """Return what each executor asked, and what came out: None where that is an error."""
    result = {}
    for name, agent in (("ours", None), ("crewai", Agent)):
        bridge = Recorder(answers)
        try:
            text = unshield((await _crewai.build(script, bridge, agent=agent).akickoff()).raw)
        except (AnsweredNothing, ValueError):  # ours, and CrewAI's "None or empty"
            text = None
        except ModelRefused as refused:
            text = refused.kind
        result[name] = {"asked": bridge.asked, "text": text}
    return result


async def main():
    """Print the result of every case; the crews' names come on standard input."""
    cases = SHAPES | dict(shipped(json.load(sys.stdin)))
    json.dump({name: await both(*case) for name, case in cases.items()}, sys.stdout)


if __name__ == "__main__":
    _switches.shut_in()
    asyncio.run(main())
