"""What the YAML says of a role reaches its model calls: in both engines, in a real crew process."""

import pytest

from chatcrew.crews import choose
from chatcrew.crews._voice import TOOLS_FIRST
from chatcrew.messages import ModelAnswer, ToolSpec
from chatcrew.tenancy import load
from chatcrew.tools import names

pytestmark = [
    pytest.mark.crewai,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("crew-pool"),
]

FILES = {
    "chatwoot_mapping.yaml": """
version: 1
accounts:
  demo:
    account_id: 1
    base_url: https://desk.example
    tenant: shop/acme
    bots:
      bot: {agent_bot_id: 1, token: "env:T", signature: required, secrets: {agent_bot: ["env:S"]}}
    inboxes: {"1": {channel: whatsapp}}
""",
    "config/domains/shop/acme.yaml": """
persona: {name: Léo, business: Acme, tone: claro}
language: pt-BR
timezone: America/Sao_Paulo
functions: [support, scheduling]
""",
    "crews/functions/support.yaml": """
summary: Responde.
run: [answer]
agents: {attendant: {goal: Resolver, tools: [search_knowledge, handoff]}}
""",
    "crews/functions/scheduling.yaml": """
summary: Marca.
run: [plan, answer]
agents:
  planner: {goal: Planejar, tools: [search_knowledge]}
  attendant: {goal: Oferecer, tools: [search_knowledge, handoff]}
""",
    "crews/_default/crew.yaml": """
model: wide-model
temperature: 0.1
max_tokens: 400
max_iter: 5
""",
    "crews/_default/agents.yaml": """
attendant:
  role: Atendente
  backstory: Fala pouco.
  model: own-model
  temperature: 0.3
  max_tokens: 77
  max_iter: 2
  tools_first: true
planner: {role: Agenda, backstory: Planeja., llm: small-model, max_tokens: 33, max_iter: 1}
""",
    "crews/_default/tasks.yaml": """
plan: {agent: planner, description: "{message}", expected_output: Uma linha.}
answer: {agent: attendant, description: "{message}", expected_output: Uma frase.}
""",
}


@pytest.fixture(scope="module")
def crews(tmp_path_factory):
    """Load the files above."""
    folder = tmp_path_factory.mktemp("settings")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = load(
        folder / "chatwoot_mapping.yaml", folder / "config", folder / "crews", tools=names()
    )
    return {function: found.crews["_default", "shop/acme", function] for function in FUNCTIONS}


FUNCTIONS = ("support", "scheduling")
TOOLS = [ToolSpec(one, one, {"type": "object"}) for one in ("search_knowledge", "handoff")]
OWN = ("own-model", 0.3, 77)


def settings(request):
    """Return what a role's settings became in a request."""
    return request.model, request.temperature, request.max_tokens


def endless(kit):
    """Return a model that calls tools for as long as it is offered any."""
    return lambda request: kit.calls("search_knowledge") if request.tools else ModelAnswer("Chega.")


@pytest.mark.parametrize("engine", ["compiled", "crewai"])
async def test_a_role_s_own_settings_reach_the_model(pool, kit, crews, engine):
    """Model, temperature, max_tokens, and as many rounds of tools as ``max_iter`` says (S3-15)."""
    desk = kit.Desk(endless(kit))

    await desk.ask(pool, crew=crews["support"], engine=engine, tools=TOOLS)

    assert choose(crews["support"]).engine == "compiled"
    assert [settings(one) for one in desk.requests] == [OWN] * 3
    assert [bool(one.tools) for one in desk.requests] == [True, True, False]


async def test_each_role_of_a_crew_has_its_own(pool, kit, crews):
    """What a role does not say is what the crew says for all."""
    desk = kit.Desk(endless(kit))

    await desk.ask(pool, crew=crews["scheduling"], tools=TOOLS)

    asked = [(one.role, *settings(one)) for one in desk.requests]
    assert choose(crews["scheduling"]).engine == "crewai"
    assert asked == [("planner", "small-model", 0.1, 33)] * 2 + [("attendant", *OWN)] * 3


@pytest.mark.parametrize("engine", ["compiled", "crewai"])
async def test_a_role_is_told_to_ask_its_tools_first(pool, kit, crews, engine):
    """S3-18: the same words from both engines where it has tools, none where it has not."""
    said = []
    for tools in (TOOLS, []):
        desk = kit.Desk(kit.says(ModelAnswer("ok")))
        await desk.ask(pool, crew=crews["support"], engine=engine, tools=tools)
        said.append(desk.requests[0].messages[0]["content"])

    assert f"Fala pouco.\n{TOOLS_FIRST}\n" in said[0]
    assert TOOLS_FIRST not in said[1]
