"""What every customer of every business says: hello, thanks, goodbye, "a person, please"."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product

from chatcrew.intents._language import ENGLISH, SPANISH
from chatcrew.intents._phrases import (
    ALONE,
    AS_THEY_SAY,
    BOT,
    GOODBYES,
    GREETINGS,
    PEOPLE_EN,
    PEOPLE_ES,
    PEOPLE_PT,
    SURE_EN,
    SURE_ES,
    SURE_PT,
    TALK_EN,
    TALK_ES,
    TALK_PT,
    THANKS,
    WISH_EN,
    WISH_ES,
    WISH_PT,
)
from chatcrew.tenancy.model import Intent

_REPLIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "greeting": {
        "pt-BR": (
            "Olá, {contact_name}! Aqui é {agent_name}, assistente virtual. Como posso ajudar?",
            "Oi, {contact_name}! Sou {agent_name}, assistente virtual. Em que posso ajudar?",
        ),
        ENGLISH: (
            "Hello, {contact_name}! This is {agent_name}, the virtual assistant. "
            "How can I help you?",
            "Hi, {contact_name}! I am {agent_name}, the virtual assistant. What can I do for you?",
        ),
        SPANISH: (
            "¡Hola, {contact_name}! Soy {agent_name}, asistente virtual. ¿En qué puedo ayudar?",
            "¡Hola, {contact_name}! Aquí {agent_name}, asistente virtual. ¿Cómo puedo ayudar?",
        ),
    },
    "wants_bot": {
        "pt-BR": ("Combinado, {contact_name}! Diga como posso ajudar.",),
        ENGLISH: ("All right, {contact_name}! Tell me how I can help.",),
        SPANISH: ("¡De acuerdo, {contact_name}! Dígame cómo puedo ayudar.",),
    },
    "thanks": {
        "pt-BR": (
            "Por nada, {contact_name}! Se precisar de mais alguma coisa, é só escrever.",
            "Imagina, {contact_name}! Estou por aqui se surgir outra dúvida.",
        ),
        ENGLISH: (
            "You are welcome, {contact_name}! Just write if you need anything else.",
            "My pleasure, {contact_name}! I am here if you have another question.",
        ),
        SPANISH: (
            "¡De nada, {contact_name}! Si necesita algo más, solo escriba.",
            "¡Un placer, {contact_name}! Estoy por aquí si surge otra pregunta.",
        ),
    },
    "goodbye": {
        "pt-BR": ("Até mais, {contact_name}! Quando precisar, é só escrever.",),
        ENGLISH: ("Goodbye, {contact_name}! Write whenever you need us.",),
        SPANISH: ("¡Hasta luego, {contact_name}! Escriba cuando necesite.",),
    },
}


@lru_cache(maxsize=8)
def builtin(language: str) -> tuple[Intent, ...]:
    """Return the intents of every tenant, replies in ``language`` (or else pt-BR).

    Phrases of all languages count whatever the conversation's language is. The earlier wins:
    ``wants_person`` (inside a message, or a bare "atendente"), ``wants_bot``, ``goodbye``,
    ``thanks``, ``greeting``.
    """
    tongue = language.lower().partition("-")[0]
    spoken = tongue if tongue in (ENGLISH, SPANISH) else "pt-BR"
    place = ("builtin", 0)
    person = Intent("wants_person", tuple(_person_phrases()), "handoff", place=place)
    alone = Intent("wants_person", ALONE, "handoff", whole=True, place=place)
    small_talk = (
        ("wants_bot", BOT),
        ("goodbye", GOODBYES),
        ("thanks", THANKS),
        ("greeting", GREETINGS),
    )
    return (
        person,
        alone,
        *(
            Intent(name, phrases, "reply", _REPLIES[name][spoken], whole=True, place=place)
            for name, phrases in small_talk
        ),
    )


def _person_phrases() -> Iterator[str]:
    for lead, people in (
        (TALK_PT, PEOPLE_PT),
        (WISH_PT, SURE_PT),
        (TALK_EN, PEOPLE_EN),
        (WISH_EN, SURE_EN),
        (TALK_ES, PEOPLE_ES),
        (WISH_ES, SURE_ES),
    ):
        yield from (f"{one} {whom}" for one, whom in product(lead, people))
    yield from AS_THEY_SAY
