"""The fast model's one call: what it is asked, and that a declining word reaches nobody."""

import dataclasses

import pytest

from chatcrew.crews import respond_fast
from chatcrew.errors import ModelRefused
from chatcrew.ids import ConversationId
from chatcrew.messages import Ask, ModelAnswer, Timing, Usage
from chatcrew.tenancy.model import Capabilities, Crew, RoleSpec, TaskSpec

TRIAGE = RoleSpec("triage", "Triagem", "Entender", "Ouve.", tools=("look",))
AGENT = RoleSpec(
    "agent", "{agent_name}", "Ajudar", "Gentil.", temperature=0.1, max_tokens=80, tools=("book",)
)
CREW = Crew(
    name="whatsapp",
    channel="whatsapp",
    function="support",
    process="sequential",
    engine="auto",
    roles=(TRIAGE, AGENT),
    tasks=(
        TaskSpec("sort", "Classifique: {message}", "Uma palavra", "triage"),
        TaskSpec(
            "reply", "Fatos: {knowledge}\nCliente: {message}", "Uma frase", "agent", ("sort",)
        ),
    ),
    capabilities=Capabilities(),
    timing=Timing(),
)
INPUTS = {"agent_name": "Bia", "knowledge": "Abre às 8h.", "message": "que horas abre? {knowledge}"}


async def ask(answer, *, crew=CREW):
    """Return what came of it and the requests that were made."""
    requests = []

    async def complete(request):
        requests.append(request)
        return answer

    asked = Ask("t1", "health/varizemed", ConversationId("a", "b", 1), INPUTS, budget=2.5)
    return await respond_fast(crew, asked, complete=complete, model="small", config="v1"), requests


async def test_one_call_of_the_role_that_speaks_to_the_customer():
    """The last task's texts, no tools, the role's settings, the turn's budget (N5)."""
    answer, (request,) = await ask(ModelAnswer("Às 8h.", usage=Usage(50, 5), model="small-1"))

    system, user = (one["content"] for one in request.messages)
    assert system.startswith("You are Bia. Gentil.")
    assert "Cliente: que horas abre? {knowledge}" in user
    assert "Fatos: Abre às 8h." in user
    assert "Classifique" not in user
    assert (request.model, request.tools, request.role) == ("small", (), "agent")
    assert (request.temperature, request.max_tokens, request.budget) == (0.1, 80, 2.5)
    assert (request.tenant, request.turn_id, request.config) == ("health/varizemed", "t1", "v1")
    assert (answer.text, answer.engine, answer.model_calls) == ("Às 8h.", "fast", 1)
    assert answer.details == {
        "roles": ["agent"],
        "model": "small-1",
        "prompt_tokens": 50,
        "completion_tokens": 5,
    }


async def test_knowledge_is_given_where_the_task_leaves_it_to_a_tool():
    """A task that would search with a tool cannot: the fast model gets what was found before."""
    task = TaskSpec("reply", "Cliente: {message}", "Uma frase", "agent")

    _, (request,) = await ask(ModelAnswer("ok"), crew=dataclasses.replace(CREW, tasks=(task,)))

    assert request.messages[0]["content"].endswith("Conhecimento:\nAbre às 8h.")


@pytest.mark.parametrize(
    "words", ["ENCAMINHAR", " encaminhar.", '"ENCAMINHAR"', "ENCAMINHAR: precisa da agenda"]
)
async def test_the_declining_word_reaches_no_customer(words):
    """However the model dresses it, the ladder goes on (N5)."""
    answer, _ = await ask(ModelAnswer(words))

    assert answer.text == ""
    assert answer.details["declined"] is True


@pytest.mark.parametrize("words", ["Posso encaminhar você ao balcão.", "Vou encaminhar."])
async def test_the_word_inside_a_sentence_is_a_word(words):
    """Only the capital word, or it alone, declines."""
    answer, _ = await ask(ModelAnswer(words))

    assert answer.text == words
    assert "declined" not in answer.details


@pytest.mark.parametrize("words", ["I'm sorry, I can't assist with that.", "Você pode"])
async def test_a_refusal_of_the_fast_model_is_an_error_not_words(words):
    """Refused or filtered: the ladder goes on with the right kind (S3-64)."""
    with pytest.raises(ModelRefused) as caught:
        await ask(ModelAnswer(words, finish_reason="content_filter"))

    assert caught.value.kind == "content_filter"


@pytest.mark.parametrize(
    ("words", "text"), [("Às 8h. O preço depende de", "Às 8h."), ("O preço depende de", "")]
)
async def test_of_a_cut_answer_whole_sentences_are_said(words, text):
    """None at all is an empty answer, and a cut one says so: it is kept for nobody else (N7)."""
    answer, _ = await ask(ModelAnswer(words, finish_reason="length"))

    assert answer.text == text
    assert answer.details["cut"] is True
    assert "declined" not in answer.details


BOSS = RoleSpec("boss", "Gerente", "Dividir", "Fala pela casa.", max_tokens=60)


@pytest.mark.parametrize(
    ("manager", "role", "speaks"),
    [
        (BOSS, "agent", "boss"),
        (BOSS, "", "boss"),
        (RoleSpec("crew-manager", "", "", ""), "agent", "agent"),
        (RoleSpec("crew-manager", "", "", ""), "", "triage"),
    ],
)
async def test_of_a_hierarchical_crew_the_manager_speaks_if_it_has_a_voice(manager, role, speaks):
    """Customers read the manager's words; one with CrewAI's words only knows nothing of us."""
    crew = dataclasses.replace(
        CREW,
        process="hierarchical",
        tasks=(TaskSpec("reply", "{knowledge}\nCliente: {message}", "Uma frase", role),),
        manager=manager,
    )

    _, (request,) = await ask(ModelAnswer("Às 8h."), crew=crew)

    assert request.role == speaks
