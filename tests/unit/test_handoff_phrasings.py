"""How customers ask for a person, in three languages, and what only looks like it (S3-102)."""

import pytest

from chatcrew import intents
from chatcrew.tenancy._values.handoff import Asked
from chatcrew.tenancy.model import HandoffPolicy, People, Persona, Tenant

TENANT = Tenant("shop/acme", "pt-BR", "America/Recife", Persona("Ana", "Acme", "leve"))

ASKED = """
quero falar com um atendente
Quero falar com uma pessoa de verdade
me passa pra alguém
chama um humano por favor
pode me transferir para um atendente?
gostaria de ser atendido por uma pessoa
prefiro um atendente humano
cadê o atendente?
ATENDENTE!!!
humano pfv
n quero falar com robô
me transfere
me passa para o responsável
vc é robô? quero humano
tem como falar com uma pessoa?
atendimento humano por favor
me liga com um atendente
I want to talk to a human
can I speak with a real person?
get me a representative
connect me to someone
let me speak to your manager
is there a human I can talk to?
no more bots please
quiero hablar con una persona
necesito un humano
páseme con un asesor
me puede comunicar con alguien?
no quiero hablar con un robot
quiero atención humana
"""
OTHERS = """
não quero falar com atendente
qual o horário do atendente?
quanto custa a consulta com a atendente?
já falei com o atendente
o atendente foi ótimo
preciso falar com atendente para cancelar?
how many people work there?
I don't need an agent
a pessoa que me indicou vocês é a Maria
é consulta para uma pessoa
no necesito hablar con un agente
"""


def read(text: str, tenant: Tenant = TENANT) -> str | None:
    """Return the name of the intent that a message is, or None."""
    hit = intents.match(text, intents.known(tenant, "pt-BR"))
    return hit.intent.name if hit else None


@pytest.mark.parametrize("text", ASKED.strip().splitlines())
def test_a_person_is_asked_for(text: str) -> None:
    """However it is worded, slips and abbreviations too."""
    assert read(text) == "wants_person"


@pytest.mark.parametrize("text", OTHERS.strip().splitlines())
def test_nobody_is_called_for_what_only_looks_like_it(text: str) -> None:
    """Denied, done, or about something else."""
    assert read(text) != "wants_person"


def test_a_business_adds_wordings_of_its_own() -> None:
    """Beside the built-in ones."""
    policy = HandoffPolicy(asked=Asked(phrases=("me passa pra doutora Ana",)))
    own = Tenant(
        "shop/acme", "pt-BR", "America/Recife", TENANT.persona, people=People(handoff=policy)
    )

    assert read("oi, me passa pra dra Ana?") is None
    assert read("oi, me passa pra dra Ana?", own) == "wants_person"
    assert read("quero um humano", own) == "wants_person"


@pytest.mark.parametrize("text", ["Assistente virtual", "Virtual assistant", "Asistente virtual"])
def test_who_stays_with_the_bot_is_understood(text: str) -> None:
    """The other button of the choice (complaint 24)."""
    assert read(text) == "wants_bot"
