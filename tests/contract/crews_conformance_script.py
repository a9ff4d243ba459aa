"""Runs scripted crews with our executor and with CrewAI's, and prints what each asked the model.

A program of its own, because it imports CrewAI: ``test_crews_conformance.py`` starts it.
"""

import asyncio
import json
import sys

from crewai import Agent

from chatcrew.crews import _crewai, _switches
from chatcrew.crews._wire import RolePart, Script, TaskPart
from chatcrew.messages import ModelAnswer, ToolCall, ToolResult


def call(name, number=1, **arguments):
    """Return one tool call."""
    return ToolCall(f"call_{number}", name, json.dumps(arguments))


def tools(*calls):
    """Return an answer that only calls tools."""
    return ModelAnswer("", calls)


AGENT = RolePart("agent", "Atendente da clínica", "Ajudar", "Você é gentil.\nFale pouco.", 3)
SEEKER = RolePart("seeker", "Pesquisadora", "Achar fatos", "Procura.", 3, ("look", "book"))
TRIAGE = RolePart("triage", "Triagem", "Entender", "Ouve bem.", 2)
LEAD = RolePart("lead", "Líder", "Distribuir", "Sabe quem faz o quê.", 3, allow_delegation=True)
REPLY = TaskPart("reply", "Responda ao cliente.\n\nCliente: oi", "Uma resposta curta.", "agent")
FIND = TaskPart("find", "Ache: varizes", "Um fato", "seeker")
SORT = TaskPart("sort", "Classifique: oi", "Uma palavra", "triage")

CASES = {
    "no_tools": (
        Script("sequential", (AGENT,), (REPLY,)),
        {"agent": [ModelAnswer("Olá! Como posso ajudar?")]},
    ),
    "tool_round": (
        Script("sequential", (SEEKER,), (FIND,)),
        {"seeker": [tools(call("look", q="varizes")), ModelAnswer("É com o dr. Silva.")]},
    ),
    "parallel_tools": (
        Script("sequential", (SEEKER,), (FIND,)),
        {
            "seeker": [
                tools(call("look", 1, q="a"), call("book", 2, day="seg")),
                tools(call("look", 3, q="b")),
                ModelAnswer("Pronto."),
            ]
        },
    ),
    "rounds_used_up": (
        Script("sequential", (SEEKER,), (FIND,)),
        {"seeker": [*(tools(call("look", n, q=str(n))) for n in range(3)), ModelAnswer("Fim.")]},
    ),
    "two_roles": (
        Script(
            "sequential",
            (TRIAGE, SEEKER),
            (SORT, TaskPart("find", "Marque uma hora", "Um horário", "seeker", ("sort",))),
        ),
        {
            "triage": [ModelAnswer("angiologia")],
            "seeker": [tools(call("book", day="ter")), ModelAnswer("Terça, 9h.")],
        },
    ),
    "delegation": (
        Script("sequential", (LEAD, AGENT), (TaskPart("reply", "Responda: oi", "Algo", "lead"),)),
        {
            "lead": [
                tools(
                    call(
                        "delegate_work_to_coworker",
                        task="Cumprimente",
                        context="É a Ana",
                        coworker="Atendente da clínica",
                    )
                ),
                ModelAnswer("Oi, Ana!"),
            ],
            "agent": [ModelAnswer("Olá, Ana.")],
        },
    ),
    "hierarchical": (
        Script("hierarchical", (AGENT, TRIAGE), (REPLY,)),
        {
            "manager": [
                tools(
                    call(
                        "ask_question_to_coworker",
                        question="Quem é?",
                        context="Um cliente",
                        coworker="Triagem",
                    )
                ),
                ModelAnswer("Feito."),
            ],
            "triage": [ModelAnswer("Cliente novo.")],
        },
    ),
}


class Recorder:
    """A bridge that answers by the script and keeps what was asked."""

    def __init__(self, answers):
        self._answers = {role: iter(given) for role, given in answers.items()}
        self.asked = []

    async def ask_model(self, role, messages, *, tools):
        names = sorted(one if isinstance(one, str) else one.name for one in tools)
        self.asked.append(
            {"role": role, "messages": json.loads(json.dumps(messages)), "tools": names}
        )
        return next(self._answers[role])

    async def ask_tool(self, role, name, arguments):
        return ToolResult(ok=True, text=f"{name} → {json.loads(arguments)}")


async def both(script, answers):
    """Return what each executor asked, and what came out."""
    result = {}
    for name, agent in (("ours", None), ("crewai", Agent)):
        bridge = Recorder(answers)
        crew = _crewai.build(script, bridge, agent=agent)
        output = await crew.akickoff()
        result[name] = {"asked": bridge.asked, "text": output.raw}
    return result


async def main():
    """Print the result of every case."""
    results = {name: await both(*case) for name, case in CASES.items()}
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    _switches.shut_in()
    asyncio.run(main())
