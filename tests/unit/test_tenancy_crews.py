"""A crew is function ⊕ channel ⊕ domain ⊕ tenant (S4-18, S4-47)."""

import shutil
from pathlib import Path

import pytest

from chatcrew.tenancy import Configuration, RoleSpec, Route, check, load

VALID = Path(__file__).parents[1] / "samples" / "tenancy" / "valid"
TOOLS = frozenset({"search_knowledge", "handoff", "available_slots"})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the valid sample."""
    shutil.copytree(VALID, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded() -> Configuration:
    """Load what is in the current folder."""
    return load(Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"), tools=TOOLS)


def lines() -> list[str]:
    """Return the faults of the current folder."""
    files = (Path("chatwoot_mapping.yaml"), Path("config"), Path("crews"))
    return check(*files, tools=TOOLS, read_secrets=False).lines()


def append(path: Path, text: str) -> None:
    """Add lines to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_each_layer_gives_its_part(folder: Path) -> None:
    """Role and backstory from the channel's base, goal and tools from the function."""
    crew = loaded().crews["whatsapp", "shop/acme", "support"]

    assert crew.roles == (
        RoleSpec(
            name="attendant",
            role="{agent_name} da {business_name}",
            goal="Resolver",
            backstory="Responda em {language}.",
            temperature=0.2,
            max_tokens=300,
            tools=("search_knowledge", "handoff"),
        ),
    )
    assert [task.name for task in crew.tasks] == ["answer"]
    assert (crew.channel, crew.function, crew.engine) == ("whatsapp", "support", "auto")
    assert (crew.capabilities.max_chars, crew.capabilities.markup) == (4096, "whatsapp")


def test_a_function_chooses_roles_and_tasks(folder: Path) -> None:
    """Scheduling runs two tasks by two roles; what the channel says of it wins."""
    configuration = loaded()
    crew = configuration.crews["whatsapp", "shop/acme", "scheduling"]
    plain = configuration.crews["_default", "shop/acme", "scheduling"]

    assert [role.name for role in crew.roles] == ["planner", "attendant"]
    assert [(task.name, task.role, task.context) for task in crew.tasks] == [
        ("plan", "planner", ()),
        ("offer", "attendant", ("plan",)),
    ]
    assert (crew.deadline, plain.deadline) == (30.0, 8.0)


def test_a_tenant_has_the_last_word(folder: Path) -> None:
    """Its model holds for all roles, its word on one role for that role."""
    (role,) = loaded().crews["whatsapp", "shop/outlet", "support"].roles

    assert (role.model, role.max_tokens, role.temperature) == ("small-model", 90, 0.2)


def test_a_later_layer_wins_over_an_earlier_ones_word_on_a_role(folder: Path) -> None:
    """A tenant's ``model`` is not beaten by a role's model in the channel."""
    append(folder / "crews/whatsapp/agents.yaml", "attendant: {llm: large-model}\n")
    configuration = loaded()

    assert configuration.crews["whatsapp", "shop/acme", "support"].roles[0].model == "large-model"
    assert configuration.crews["whatsapp", "shop/outlet", "support"].roles[0].model == "small-model"


def test_services_take_tools_away_but_never_the_handoff(folder: Path) -> None:
    """A role that may not give up would have to invent."""
    rewritten = folder / "config/domains/shop/outlet.yaml"
    text = rewritten.read_text(encoding="utf-8")
    rewritten.write_text(text.replace("[search_knowledge]", "[available_slots]"), encoding="utf-8")

    (role,) = loaded().crews["whatsapp", "shop/outlet", "support"].roles

    assert role.tools == ("handoff",)


def test_a_channel_without_a_folder_is_answered_by_the_default_crew(folder: Path) -> None:
    """It keeps its own limits: a text message is short whoever answers (S4-21)."""
    configuration = loaded()
    crew = configuration.crew(Route("shop/acme", "sms", "_default"), None)
    other = configuration.crew(Route("shop/acme", "instagram", "_default"), None)

    assert (crew.name, crew.channel, crew.capabilities.max_chars) == ("_default", "sms", 320)
    assert (other.channel, other.capabilities.max_chars) == ("instagram", 1000)


def test_a_crew_may_answer_another_channel(folder: Path) -> None:
    """What it says of that channel is laid over its own capabilities."""
    configuration = loaded()
    route = configuration.route("acme", 32)
    assert route is not None

    crew = configuration.crew(route, None)

    assert (crew.name, crew.channel) == ("whatsapp", "api")
    assert (crew.capabilities.max_chars, crew.capabilities.max_buttons) == (4096, 0)


def test_an_unknown_function_falls_back_to_the_tenants_own(folder: Path) -> None:
    """A sticky function that a reload took away does not break the conversation."""
    configuration = loaded()
    route = Route("shop/acme", "whatsapp", "whatsapp")

    assert configuration.crew(route, "gone").function == "support"
    assert configuration.crew(route, "scheduling").function == "scheduling"


def test_coworkers_take_part_without_a_task(folder: Path) -> None:
    """Delegation needs somebody to delegate to."""
    append(folder / "crews/functions/support.yaml", "coworkers: [planner]\n")
    assert lines() == [
        "crews/_default/agents.yaml:4:1: planner: role 'planner' has no goal for function 'support'"
    ]

    append(folder / "crews/functions/support.yaml", "  \n")
    text = (folder / "crews/functions/support.yaml").read_text(encoding="utf-8")
    (folder / "crews/functions/support.yaml").write_text(
        text.replace("agents:\n", "agents:\n  planner: {goal: Ajudar}\n"), encoding="utf-8"
    )

    crew = loaded().crews["whatsapp", "shop/acme", "support"]
    assert {role.name for role in crew.roles} == {"attendant", "planner"}


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("crews/whatsapp/crew.yaml", "engine: compiled\n", "takes exactly one role and one task"),
        ("crews/whatsapp/crew.yaml", "timing: {quiet: 9}\n", "must not be below quiet"),
        (
            "crews/whatsapp/tasks.yaml",
            "answer: {description: Responda., agent: attendant}\n",
            "no task of function 'support' holds {message}",
        ),
        (
            "crews/whatsapp/agents.yaml",
            "attendant: {llm: a, model: b}\n",
            "crews/whatsapp/agents.yaml:1:13: attendant.llm: llm and model mean the same",
        ),
        (
            "crews/whatsapp/tasks.yaml",
            "offer: {context: [answer]}\n",
            "tasks.yaml:1:19: offer.context[0]: context 'answer' is not a task that runs",
        ),
        (
            "crews/functions/support.yaml",
            "coworkers: [nobody]\n",
            "support.yaml:5:13: coworkers[0]: role 'nobody' is in no agents.yaml",
        ),
    ],
)
def test_roles_and_tasks_have_to_fit(folder: Path, file: str, text: str, said: str) -> None:
    """What cannot run is said before it has to."""
    append(folder / file, text)

    assert [line for line in lines() if said in line]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("process: hierarchical", "process"),
        ("agents: {attendant: {allow_delegation: true}}", "allow_delegation"),
        ("coworkers: [planner]", "roles"),
    ],
)
def test_what_keeps_a_crew_from_being_compiled_is_named(folder: Path, said: str, key: str) -> None:
    """The closed list of ``engine: auto`` is the rule of ``engine: compiled`` too (S4-31)."""
    # The file ends with its functions.
    append(folder / "crews/whatsapp/crew.yaml", f"  support: {{engine: compiled, {said}}}\n")

    found = [line for line in lines() if "takes exactly one role and one task" in line]
    assert len(found) == 1
    assert found[0].startswith("crews/whatsapp/crew.yaml:8:13: functions.support.engine: ")
    assert found[0].endswith(f"(here: {key})")
