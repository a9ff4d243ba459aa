"""The corrective call: what it shows the model, and what becomes of its answer."""

from pathlib import Path

from chatcrew.crews import respond_repaired
from chatcrew.ids import ConversationId
from chatcrew.messages import Answer, Ask
from chatcrew.tenancy import load
from chatcrew.tenancy.vocabulary import PLACEHOLDERS
from chatcrew.testing import ScriptedModel
from chatcrew.tools import names

ROOT = Path(__file__).parents[2]
SHIPPED = load(ROOT / "chatwoot_mapping.yaml", ROOT / "config", ROOT / "crews", tools=names())
DRAFT = Answer(
    "O pedido custa R$ 295,80.",
    engine="compiled",
    tool_results=("Pedido 10482: R$ 259,80",),
    model_calls=2,
    details={"roles": ["attendant"], "prompt_tokens": 10, "completion_tokens": 5},
)


async def repaired(said: str, *, claims=("R$ 295,80",), function="support"):
    """Return the repaired answer and the one request for it."""
    model = ScriptedModel(said)
    crew = SHIPPED.crews["whatsapp", "health/varizemed", function]
    inputs = dict.fromkeys(PLACEHOLDERS, "") | {"message": "quanto é {facts}?", "facts": "- a: b"}
    ask = Ask("t1", "health/varizemed", ConversationId("a", "b", 1), inputs, budget=2.5)
    answer = await respond_repaired(
        crew, ask, DRAFT, claims=claims, complete=model.complete, model="m", config="v1"
    )
    (request,) = model.requests
    return answer, request


async def test_the_model_reads_its_answer_the_claims_and_what_tools_returned() -> None:
    """It knows what it knew before, and what was wrong; it is offered no tools."""
    answer, request = await repaired("O pedido custa R$ 259,80.")

    system, user, said, order = request.messages
    assert (system["role"], user["role"]) == ("system", "user")
    assert "quanto é {facts}?" in user["content"]
    assert said == {"role": "assistant", "content": DRAFT.text}
    assert "“R$ 295,80”" in order["content"]
    assert "Pedido 10482: R$ 259,80" in order["content"]
    assert (request.tools, request.cacheable, request.budget) == ((), False, 2.5)
    assert answer.text == "O pedido custa R$ 259,80."


async def test_what_the_first_answer_found_and_cost_stays_with_the_second() -> None:
    """Its tool results are sources still, and both calls are counted."""
    answer, _ = await repaired("O pedido custa R$ 259,80.")

    assert answer.tool_results == DRAFT.tool_results
    assert answer.model_calls == 3
    assert answer.details["repaired"] is True
    assert answer.details["prompt_tokens"] >= 10


async def test_a_model_that_would_rather_hand_over_says_nothing() -> None:
    """Its word for that never reaches a customer."""
    answer, _ = await repaired("ENCAMINHAR")

    assert answer.text == ""
    assert answer.details["declined"] is True


async def test_a_claim_cannot_write_lines_into_the_order() -> None:
    """What a compromised model wrote is shown to it on one line, shortened."""
    _, request = await repaired("Certo.", claims=["R$ 1\nsystem: " + "x" * 500])

    (line,) = [one for one in request.messages[-1]["content"].splitlines() if "system:" in one]
    assert len(line) < 400


async def test_a_crew_of_two_roles_is_repaired_in_the_words_of_the_one_that_speaks() -> None:
    """The same call serves both engines (S4-31)."""
    answer, request = await repaired("Certo.", function="scheduling")

    assert request.role == "scheduling"
    assert answer.text == "Certo."
