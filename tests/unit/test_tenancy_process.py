"""Managers and tasks side by side, as the files say them: read, resolved, or refused."""

import shutil
from pathlib import Path

import pytest

from chatcrew.crews import choose
from chatcrew.tenancy import Configuration, Crew, RoleSpec, check, load

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})
SUPPORT = Path("crews/functions/support.yaml")
BOSS = "{role: Gerente, goal: Dividir, backstory: Fala pela casa., model: big, max_iter: 6}"
LEAD = f"process: hierarchical\nmanager_agent: boss\nagents:\n  boss: {BOSS}\n"
FREE = 'free: {description: "{message}", expected_output: Uma resposta.}\n'
WORKER = "  attendant: {goal: Resolver, tools: [search_knowledge, handoff]}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the valid sample."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def support(text: str, *, run: str = "[answer]") -> None:
    """Write what the function support says."""
    SUPPORT.write_text(f"summary: Answers.\nrun: {run}\n{text}", encoding="utf-8")


def tasks(text: str) -> None:
    """Add tasks that every channel has."""
    with Path("crews/_default/tasks.yaml").open("a", encoding="utf-8") as file:
        file.write(text)


def files() -> tuple[Path, Path, Path]:
    """Return the configuration's places."""
    return Path("chatwoot_mapping.yaml"), Path("config"), Path("crews")


def whatsapp(function: str = "support", tenant: str = "shop/acme") -> Crew:
    """Load, and return a crew."""
    loaded: Configuration = load(*files(), tools=TOOLS)
    return loaded.crews["whatsapp", tenant, function]


def faults(language: str = "en") -> list[str]:
    """Return the faults, each without the file it is in."""
    report = check(*files(), tools=TOOLS, read_secrets=False)
    return [f"{one.line}: {one.render(language).split(': ', 1)[1]}" for one in report.faults]


def test_a_role_of_the_files_manages() -> None:
    """It is none of the roles that are handed work, and ``engine: auto`` takes CrewAI (S4-31)."""
    support(LEAD + WORKER)

    crew = whatsapp()

    assert [one.name for one in crew.roles] == ["attendant"]
    assert crew.manager is not None
    assert (crew.manager.name, crew.manager.model, crew.manager.max_rounds) == ("boss", "big", 6)
    assert [one.name for one in crew.everybody()] == ["attendant", "boss"]
    assert (choose(crew).engine, choose(crew).obstacles) == ("crewai", ("process",))


def test_a_model_alone_makes_crewai_s_own_manager() -> None:
    """It has no words of ours, and the limits that hold for every role."""
    support(f"process: hierarchical\nmanager_llm: big\ntemperature: 0.1\nagents:\n{WORKER}")

    assert whatsapp().manager == RoleSpec(
        "crew-manager", "", "", "", model="big", temperature=0.2, max_tokens=300
    )


def test_a_later_layer_names_another_manager() -> None:
    """The one that speaks last holds, by whichever of the two keys."""
    support(f"process: hierarchical\nmanager_llm: big\nagents:\n  boss: {BOSS}\n{WORKER}")
    with Path("crews/whatsapp/crew.yaml").open("a", encoding="utf-8") as file:
        file.write("manager_agent: boss\n")

    crew = whatsapp()

    assert crew.manager is not None
    assert crew.manager.name == "boss"


def test_a_task_without_a_role_is_the_manager_s_to_give() -> None:
    """With coworkers to choose from; no task has to name one."""
    support(
        "process: hierarchical\nmanager_llm: big\ncoworkers: [attendant, planner]\n"
        f"agents:\n{WORKER}  planner: {{goal: Planejar}}\n",
        run="[free]",
    )
    tasks(FREE)

    crew = whatsapp()

    assert [(one.name, one.role) for one in crew.tasks] == [("free", "")]
    assert {one.name for one in crew.roles} == {"attendant", "planner"}


HIERARCHY = {
    "process: hierarchical\nagents:\n" + WORKER: (
        "3: process: process: hierarchical needs a manager for function 'support' (write "
        "manager_agent: a role of agents.yaml, or manager_llm: a model)"
    ),
    "manager_agent: planer\nprocess: hierarchical\nagents:\n  planner: {goal: X}\n" + WORKER: (
        "3: manager_agent: role 'planer' is in no agents.yaml (did you mean 'planner'?)"
    ),
    "manager_agent: planner\nprocess: hierarchical\nagents:\n" + WORKER: (
        "4: planner: role 'planner' has no goal for function 'support'"
    ),
    "process: hierarchical\nmanager_agent: attendant\nagents:\n  attendant: {goal: Resolver}\n": (
        "4: manager_agent: role 'attendant' is the manager and takes part in function 'support' "
        "itself: it cannot hand work to itself"
    ),
    LEAD.replace("role: Gerente", "tools: [handoff], role: Gerente") + WORKER: (
        "6: agents.boss.tools: the manager 'boss' may have no tools: it only hands work to the "
        "other roles"
    ),
    LEAD.replace("agents:", "manager_llm: big\nagents:") + WORKER: (
        "5: manager_llm: manager_agent and manager_llm both name the manager (keep one of the two)"
    ),
}


@pytest.mark.parametrize("said", HIERARCHY)
def test_what_keeps_a_manager_from_working_is_named(said: str) -> None:
    """Each with its line and what to write, before a customer waits for it."""
    support(said)

    assert HIERARCHY[said] in faults()


@pytest.mark.parametrize("hands_out", ["process: hierarchical\nmanager_llm: big\n", ""])
def test_two_roles_of_one_name_are_named(hands_out: str) -> None:
    """CrewAI finds who is to do the work by ``role``: the second would never get any."""
    free = "" if hands_out else "allow_delegation: true, "
    support(f"{hands_out}coworkers: [planner]\nagents:\n{WORKER}  planner: {{goal: Planejar}}\n")
    Path("crews/whatsapp/agents.yaml").write_text(
        f"attendant: {{{free}role: A  Agenda}}\nplanner: {{role: a agenda}}\n", encoding="utf-8"
    )

    assert (
        "planner.role: roles 'attendant' and 'planner' are called the same: no work can be handed "
        "to the second"
    ) in [line.split(": ", 1)[1] for line in faults()]


def test_a_manager_of_nobody_is_named() -> None:
    """There has to be somebody to hand the task to."""
    support("process: hierarchical\nmanager_llm: big\n", run="[free]")
    tasks(FREE)

    assert faults() == [
        "3: process: the manager has nobody to hand work to in function 'support' (give a task an "
        "agent, or write coworkers: [role])"
    ]


def test_in_sequence_every_task_names_its_role() -> None:
    """Nobody hands it out there."""
    support(f"agents:\n{WORKER}", run="[free]")
    tasks(FREE)

    assert "14: free: task 'free' has no agent for function 'support'" in faults()


GROUP = """
price: {agent: attendant, description: "Preço: {message}", expected_output: Um preço.}
stock: {agent: planner, description: "Estoque: {message}", expected_output: Um número.}
"""


def beside(*, last: str = "answer", **parts: str) -> None:
    """Let two tasks run side by side before the last one."""
    run = "[price, stock, answer]" if last == "answer" else "[answer, price, stock]"
    support(f"agents:\n{WORKER}  planner: {{goal: Contar, tools: [search_knowledge]}}\n", run=run)
    text = GROUP
    for name, more in parts.items():
        text = text.replace(f"{name}: {{", f"{name}: {{{more}, ")
    tasks(text)


def test_tasks_side_by_side_are_read() -> None:
    """With the bound of the crew, which is two where nobody says."""
    beside(price="async_execution: true", stock="async_execution: true")

    crew = whatsapp()

    assert [one.async_execution for one in crew.tasks] == [True, True, False]
    assert crew.parallel == 2
    assert "async_execution" in choose(crew).obstacles

    with Path("crews/whatsapp/crew.yaml").open("a", encoding="utf-8") as file:
        file.write("parallel: 4\n")
    assert whatsapp().parallel == 4


@pytest.mark.parametrize("number", [0, 9])
def test_the_bound_is_one_to_eight(number: int) -> None:
    """More would be a turn that pays for a crowd."""
    with Path("crews/whatsapp/crew.yaml").open("a", encoding="utf-8") as file:
        file.write(f"parallel: {number}\n")

    assert [line for line in faults() if "parallel: " in line]


def test_a_group_at_the_end_is_refused() -> None:
    """CrewAI refuses it too: who would write the reply?"""
    beside(last="stock", price="async_execution: true", stock="async_execution: true")

    assert {line.split(": ", 1)[1] for line in faults()} == {
        "stock.async_execution: tasks 'price' and 'stock' run at the same time at the end: the "
        "last one writes the reply and has to wait for the others"
    }


def test_one_at_the_end_is_what_crewai_allows() -> None:
    """It only waits for itself."""
    beside(last="stock", stock="async_execution: true")

    assert faults() == []


def test_a_task_cannot_read_what_runs_beside_it() -> None:
    """There is no result yet; after a task that waits there is."""
    beside(price="async_execution: true", stock="async_execution: true, context: [price]")

    assert {line.split(": ", 1)[1] for line in faults()} == {
        "stock.context[0]: context 'price' runs at the same time as this task: it has no result yet"
    }


def test_a_manager_does_one_task_at_a_time() -> None:
    """There is one manager for all of them."""
    beside(price="async_execution: true")
    with SUPPORT.open("a", encoding="utf-8") as file:
        file.write("process: hierarchical\nmanager_llm: big\n")

    assert {line.split(": ", 1)[1] for line in faults()} == {
        "price.async_execution: async_execution of task 'price' does not go with process: "
        "hierarchical: there is one manager"
    }


def test_a_role_may_be_told_to_ask_its_tools_first() -> None:
    """S3-18: a key of the role, false where nobody says."""
    assert [one.tools_first for one in whatsapp().roles] == [False]
    Path("crews/whatsapp/agents.yaml").write_text("attendant: {tools_first: true}\n", "utf-8")

    assert [one.tools_first for one in whatsapp().roles] == [True]
