"""Hierarchical crews in a real crew process: a manager hands work out, answers, and has limits."""

import asyncio
import json

import pytest

from chatcrew.crews import choose
from chatcrew.errors import ModelDeadlineExceeded
from chatcrew.messages import ModelAnswer, ToolCall
from chatcrew.tenancy.model import RoleSpec, TaskSpec

pytestmark = [
    pytest.mark.crewai,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("crew-pool"),
]

BOSS = RoleSpec(
    "boss",
    "Gerente",
    "Responder bem",
    "Fala pela casa.",
    model="big",
    temperature=0.1,
    max_tokens=77,
    max_rounds=2,
)
NOBODY = RoleSpec("crew-manager", "", "", "", model="large", max_rounds=3)
SELLER = RoleSpec("seller", "Vendas", "Vender", "Sabe preços.", model="small", tools=("look",))
NURSE = RoleSpec("nurse", "Enfermagem", "Cuidar", "Sabe de saúde.")


def team(kit, *, manager=BOSS, role="seller"):
    """Return a hierarchical crew of two, the task given to ``role``."""
    task = TaskSpec("reply", "Responda: {message}", "Uma frase", role)
    return kit.crew(
        roles=(SELLER, NURSE), tasks=(task,), process="hierarchical", manager=manager, engine="auto"
    )


def hands_to(coworker, task="Ache o preço", *, ways=1):
    """Return an answer that hands work to a coworker, some times over."""
    given = [
        {"task": f"{task} {n}", "context": "O cliente perguntou {input}", "coworker": coworker}
        for n in range(ways)
    ]
    return ModelAnswer(
        "",
        tuple(
            ToolCall(f"d{n}", "delegate_work_to_coworker", json.dumps(one))
            for n, one in enumerate(given)
        ),
    )


async def test_the_manager_hands_work_out_and_answers(pool, kit):
    """Its role and settings are those of the YAML; the other works with its own model and tools."""
    crew = team(kit)
    desk = kit.Desk(
        kit.says(
            hands_to("Vendas"), kit.calls("look"), ModelAnswer("R$ 300"), ModelAnswer("São R$ 300.")
        )
    )

    answer = await desk.ask(pool, "quanto é?", crew=crew)

    assert choose(crew).engine == "crewai"
    assert [one.role for one in desk.requests] == ["boss", "seller", "seller", "boss"]
    assert [one.model for one in desk.requests] == ["big", "small", "small", "big"]
    first, second, _, last = desk.requests
    assert (first.temperature, first.max_tokens) == (0.1, 77)
    assert first.messages[0]["content"].startswith("You are Gerente. Fala pela casa.")
    assert "Responda: quanto é?" in kit.last_user_words(first)
    assert [one.name for one in first.tools] == [
        "delegate_work_to_coworker",
        "ask_question_to_coworker",
    ]
    assert "O cliente perguntou {input}" in kit.last_user_words(second)
    assert [one.name for one in second.tools] == ["look"]
    assert desk.tool_calls == [("look", '{"q": "x"}')]
    assert last.messages[-1]["content"] == "R$ 300"
    assert (answer.text, answer.details["roles"]) == ("São R$ 300.", ["boss", "seller"])


@pytest.mark.parametrize(
    ("role", "reached"), [("", ["Vendas", "Enfermagem"]), ("nurse", ["Enfermagem"])]
)
async def test_a_task_that_names_nobody_may_go_to_anybody(pool, kit, role, reached):
    """With an ``agent`` the manager can hand the task to that role only; without, to every one."""
    desk = kit.Desk(kit.says(ModelAnswer("Olá.")))

    await desk.ask(pool, crew=team(kit, role=role))

    described = desk.requests[0].tools[0].description
    assert [name for name in ("Vendas", "Enfermagem") if name in described] == reached


async def test_without_a_role_of_its_own_crewai_s_manager_works_on_the_model_named(pool, kit):
    """``manager_llm``: CrewAI's words, the YAML's model and limits."""
    desk = kit.Desk(kit.says(hands_to("Vendas"), ModelAnswer("R$ 300"), ModelAnswer("Certo.")))

    answer = await desk.ask(pool, crew=team(kit, manager=NOBODY))

    assert [one.model for one in desk.requests] == ["large", "small", "large"]
    assert desk.requests[0].role == "crew-manager"
    assert len(desk.requests[0].messages[0]["content"]) > 100
    assert answer.text == "Certo."


async def test_a_manager_that_hands_out_for_ever_is_told_to_answer(pool, kit):
    """``max_iter`` holds for it: after two rounds it gets no tools any more."""

    def model(request):
        if request.role == "seller":
            return ModelAnswer("R$ 300")
        return hands_to("Vendas") if request.tools else ModelAnswer("Chega: R$ 300.")

    desk = kit.Desk(model)
    answer = await desk.ask(pool, crew=team(kit))

    assert [one.role for one in desk.requests] == ["boss", "seller", "boss", "seller", "boss"]
    assert answer.text == "Chega: R$ 300."


async def test_the_deadline_ends_work_that_was_handed_out(pool, kit):
    """The coworker works in a thread of the crew process: its call ends, the process lives on."""
    before, ended = pool.pids, asyncio.Event()

    async def model(request):
        if request.role == "boss":
            return hands_to("Vendas")
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(ModelDeadlineExceeded):
        await kit.Desk(model).ask(pool, crew=team(kit), budget=0.5)

    assert ended.is_set()
    assert (await kit.Desk(kit.says(ModelAnswer("aqui"))).ask(pool)).text == "aqui"
    assert pool.pids == before


async def test_one_coworker_may_be_handed_two_works_at_once(pool, kit):
    """Both are asked at the same time and each comes back to its own call."""
    together = asyncio.Barrier(2)

    async def model(request):
        if request.role == "boss":
            return hands_to("Vendas", ways=2) if len(request.messages) == 2 else ModelAnswer("Ok.")
        words = kit.last_user_words(request)
        await together.wait()
        return ModelAnswer("feito 0" if "Ache o preço 0" in words else "feito 1")

    desk = kit.Desk(model)
    await desk.ask(pool, crew=team(kit), budget=20)

    results = [one for one in desk.requests[-1].messages if one["role"] == "tool"]
    assert [(one["tool_call_id"], one["content"]) for one in results] == [
        ("d0", "feito 0"),
        ("d1", "feito 1"),
    ]


async def test_a_coworker_nobody_has_is_said_to_the_manager(pool, kit):
    """A wrong name is for the manager to mend, not the end of the turn."""
    desk = kit.Desk(kit.says(hands_to("Ninguém"), ModelAnswer("Certo.")))

    answer = await desk.ask(pool, crew=team(kit))

    assert answer.text == "Certo."
    assert "vendas" in desk.requests[1].messages[-1]["content"].lower()
