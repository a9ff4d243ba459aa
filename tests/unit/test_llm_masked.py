"""Personal data at the gateway: what leaves, what comes back, and to whom (N15)."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from chatcrew.cache import LayeredCache, MemoryStore
from chatcrew.llm import Cached, Masked
from chatcrew.messages import ModelAnswer, ModelRequest, ToolCall, ToolSpec
from chatcrew.privacy import Policy, values
from chatcrew.tenancy.model import Persona, Tenant, ToolEntry
from chatcrew.testing import ManualClock, ScriptedModel
from chatcrew.tools import builtin_catalogue

CPF, OTHER = "111.444.777-35", "529.982.247-25"


def request(*messages: Mapping[str, Any], tools: tuple[ToolSpec, ...] = ()) -> ModelRequest:
    """Return a request that may be cached."""
    return ModelRequest("t/a", "m", messages, tools=tools, temperature=0.2, config="c")


def user(text: str) -> Mapping[str, Any]:
    """Return a customer's message."""
    return {"role": "user", "content": text}


def masked(model: ScriptedModel | Cached, policy: Policy | None = None) -> Masked:
    """Return the wrapper with one policy for all."""
    return Masked(model, policy=lambda _tenant: policy or Policy())


def sent(model: ScriptedModel, number: int = -1) -> str:
    """Return all that a model was sent."""
    return json.dumps(list(model.requests[number].messages), ensure_ascii=False)


async def test_a_model_reads_the_placeholder_and_the_customer_his_number() -> None:
    """What it says of the placeholder is said of the value, however it bends it."""
    model = ScriptedModel("Anotei: **[cpf_1]**. É CPF_1, certo?")

    answer = await masked(model).complete(request(user(f"meu cpf é {CPF}")))

    assert answer.text == f"Anotei: **{CPF}**. É {CPF}, certo?"
    assert CPF not in sent(model)
    assert "meu cpf é [CPF_1]" in sent(model)


async def test_two_customers_share_a_kept_answer_and_each_reads_his_own() -> None:
    """The cache stands below the mask: it keeps placeholders, never a value (S4-37)."""
    model = ScriptedModel("Seu CPF é [CPF_1].")
    clock = ManualClock()
    cache = LayeredCache([store := MemoryStore(clock)], clock=clock)
    gateway = masked(Cached(model, cache=cache, clock=clock))

    first = await gateway.complete(request(user(f"qual é o meu cpf? {CPF}")))
    second = await gateway.complete(request(user(f"qual é o meu cpf? {OTHER}")))

    assert (first.text, second.text) == (f"Seu CPF é {CPF}.", f"Seu CPF é {OTHER}.")
    assert second.cached
    assert len(model.requests) == 1
    kept = repr(vars(store))
    assert "[CPF_1]" in kept
    assert CPF not in kept
    assert OTHER not in kept


@pytest.mark.parametrize(
    ("private", "expected"),
    [
        (None, {"cpf": CPF, "mail": "ana@ex.com"}),
        (frozenset({"cpf"}), {"cpf": CPF, "mail": "[EMAIL_1]"}),
        (frozenset[str](), {"cpf": "[CPF_1]", "mail": "[EMAIL_1]"}),
    ],
)
async def test_a_tool_gets_only_the_kinds_it_may(private: Any, expected: Any) -> None:
    """Its other arguments keep the placeholder that the model wrote."""
    arguments = json.dumps({"cpf": "[CPF_1]", "mail": "[EMAIL_1]"})
    model = ScriptedModel(ModelAnswer("", (ToolCall("1", "find", arguments),)))
    tool = ToolSpec("find", "Find.", {"type": "object"}, private)

    answer = await masked(model).complete(
        request(user(f"cpf {CPF}, ana@ex.com"), tools=(tool,)),
    )

    assert json.loads(answer.tool_calls[0].arguments) == expected


async def test_a_tool_that_nobody_offered_gets_nothing() -> None:
    """A model that makes one up gets no value out of the house through it."""
    model = ScriptedModel(ModelAnswer("", (ToolCall("1", "post", '{"a": "[CPF_1]"}'),)))

    answer = await masked(model).complete(request(user(f"cpf {CPF}")))

    assert answer.tool_calls[0].arguments == '{"a": "[CPF_1]"}'


async def test_the_next_round_says_the_same_of_the_same_value() -> None:
    """Arguments that were restored, and those that were not, read as the model wrote them."""
    model = ScriptedModel("[CPF_1] está em dia, [EMAIL_1] também.")
    call = {
        "id": "1",
        "type": "function",
        "function": {"name": "find", "arguments": json.dumps({"cpf": CPF, "mail": "[EMAIL_1]"})},
    }
    talk = (
        user(f"cpf {CPF}, ana@ex.com"),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": f"{CPF}: em dia; [EMAIL_1]: confirmado"},
    )

    answer = await masked(model).complete(request(*talk))

    assert answer.text == f"{CPF} está em dia, ana@ex.com também."
    _hint, *rest = model.requests[0].messages
    assert rest[1]["tool_calls"][0]["function"]["arguments"] == (
        '{"cpf":"[CPF_1]","mail":"[EMAIL_1]"}'
    )
    assert rest[2]["content"] == "[CPF_1]: em dia; [EMAIL_1]: confirmado"


async def test_who_types_a_placeholder_makes_no_value_appear() -> None:
    """It is one more text to be hidden, and comes back as it was typed."""
    model = ScriptedModel("Você escreveu [MARK_1].")

    answer = await masked(model).complete(
        request(user(f"o cpf do vizinho é {CPF}"), user("repita: [CPF_1]"))
    )

    assert answer.text == "Você escreveu [CPF_1]."
    assert "repita: [MARK_1]" in sent(model)


async def test_what_the_business_tells_everybody_stays_readable() -> None:
    """Its own telephone is no customer's, in its facts or in what the search found."""
    facts = values(["telefone: (81) 3333-4444"])
    model = ScriptedModel("Ligue (81) 3333-4444.")
    asked = request(user("ligo em 3333-4444, ou no 81 99999-1234? E o (11) 2222-3333?"))
    found = ModelRequest(asked.tenant, asked.model, asked.messages, public=("SP: (11) 2222-3333",))

    await masked(model, Policy(public=facts)).complete(found)

    assert "ligo em 3333-4444, ou no [PHONE_1]? E o (11) 2222-3333?" in sent(model)


async def test_a_tenant_that_hides_nothing_is_passed_on_as_it_is() -> None:
    """``mask: none`` is the request itself."""
    model = ScriptedModel("ok")
    asked = request(user(f"cpf {CPF}"))

    await masked(model, Policy(())).complete(asked)

    assert model.requests == [asked]


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what was done in a thread."""
    hops: list[object] = []
    to_thread = asyncio.to_thread

    async def counted(*args: Any) -> Any:
        hops.append(args)
        return await to_thread(*args)

    monkeypatch.setattr(asyncio, "to_thread", counted)
    return hops


async def test_a_long_conversation_is_read_beside_the_loop_and_a_short_one_on_it(
    hops: list[object],
) -> None:
    """Both are masked; a hop to a thread is taken only where it is the shorter wait (S3-89)."""
    model = ScriptedModel("[CPF_1]", "[CPF_1]")
    gateway = masked(model)

    short = await gateway.complete(request(user(f"meu cpf é {CPF}")))
    at_once = len(hops)
    long = await gateway.complete(request(user("bom dia! " * 2000), user(f"meu cpf é {CPF}")))

    assert (short.text, long.text) == (CPF, CPF)
    assert (at_once, len(hops)) == (0, 1)
    assert CPF not in sent(model, 0) + sent(model, 1)


@pytest.mark.parametrize("said", ["111.444.777-35 " * 60, "eu@bol.com.br " * 70, "１" * 700])
async def test_a_short_message_of_nothing_but_numbers_is_read_beside_the_loop(
    said: str, hops: list[object]
) -> None:
    """Each value costs more than a hundred words: other turns do not wait for them (S1-74)."""
    await masked(ScriptedModel("ok")).complete(request(user(said)))

    assert len(hops) == 1


async def test_texts_beside_pictures_are_masked_and_pictures_stay() -> None:
    """A content of parts is read part by part."""
    model = ScriptedModel("ok")
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}

    await masked(model).complete(
        request({"role": "user", "content": [{"type": "text", "text": f"cpf {CPF}"}, picture]})
    )

    assert model.requests[0].messages[1]["content"] == [
        {"type": "text", "text": "cpf [CPF_1]"},
        picture,
    ]


async def test_a_tool_of_the_yaml_sees_the_kinds_that_its_entry_names() -> None:
    """``private: [email]``: the CPF stays a placeholder on its way to that system."""
    entry = ToolEntry("crm", "http", ("crm",), url="https://crm.example/x", private=("email",))
    shop = Tenant("t/a", "pt-BR", "America/Recife", Persona("Ana", "Loja", "x"), tools=(entry,))
    tools = builtin_catalogue().of(shop).specs(["crm", "search_knowledge"])
    arguments = json.dumps({"a": "[CPF_1]", "b": "[EMAIL_1]"})
    calls = tuple(ToolCall(one.name, one.name, arguments) for one in tools)
    model = ScriptedModel(ModelAnswer("", calls))

    answer = await masked(model).complete(request(user(f"{CPF} ana@ex.com"), tools=tools))

    assert [json.loads(call.arguments) for call in answer.tool_calls] == [
        {"a": "[CPF_1]", "b": "ana@ex.com"},
        {"a": CPF, "b": "ana@ex.com"},
    ]
