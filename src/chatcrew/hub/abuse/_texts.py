"""What customers and the team read about floods, repeats and the wish for no messages."""

from collections.abc import Mapping
from datetime import timedelta

from chatcrew.messages import Conduct
from chatcrew.tenancy.model import Abuse

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "abuse_flood": {
        "pt-BR": "Recebi muitas mensagens seguidas e não vou conseguir responder uma a uma. "
        "Leio todas e respondo em poucas mensagens, com um intervalo entre elas.",
        "en": "I have received many messages in a row and cannot answer each one. "
        "I read them all and answer in a few messages, with some time between them.",
        "es": "He recibido muchos mensajes seguidos y no puedo responder uno por uno. "
        "Los leo todos y respondo en pocos mensajes, con un intervalo entre ellos.",
    },
    "abuse_repeats": {
        "pt-BR": "Recebi a mesma mensagem várias vezes. "
        "Se a minha resposta não ajudou, escreva de outro jeito ou peça uma pessoa.",
        "en": "I have received the same message several times. "
        "If my answer did not help, say it another way or ask for a person.",
        "es": "He recibido el mismo mensaje varias veces. "
        "Si mi respuesta no ayudó, escríbalo de otra forma o pida una persona.",
    },
    "abuse_long": {
        "pt-BR": "Sua mensagem é muito longa: li o começo e o fim dela. "
        "Se faltar algo na resposta, mande em partes menores.",
        "en": "Your message is very long: I read its beginning and its end. "
        "If the answer misses something, send it in smaller parts.",
        "es": "Su mensaje es muy largo: leí el comienzo y el final. "
        "Si falta algo en la respuesta, envíelo en partes más pequeñas.",
    },
    "answers_slowed": {
        "pt-BR": "Pode continuar escrevendo: vou ler tudo e responder o que vier agora de uma vez "
        "só, daqui a pouco.",
        "en": "Please go on writing: I will read it all and answer what comes now together, in a "
        "moment.",
        "es": "Puede seguir escribiendo: leeré todo y responderé lo que llegue ahora de una sola "
        "vez, en un momento.",
    },
    "abuse_handoff": {
        "pt-BR": "Recebi muitas mensagens seguidas e não consigo responder bem assim. "
        "Vou chamar uma pessoa da equipe, que continua por aqui; nada do que você mandou se perde.",
        "en": "I have received many messages in a row and cannot answer well like this. "
        "I am calling a person of our team to go on here; nothing that you sent is lost.",
        "es": "He recibido muchos mensajes seguidos y así no puedo responder bien. "
        "Llamo a una persona del equipo, que seguirá por aquí; nada de lo enviado se pierde.",
    },
    "opt_out": {
        "pt-BR": "Combinado: não vou mais escrever por conta própria. "
        "Se precisar de algo, é só mandar uma mensagem.",
        "en": "All right: I will no longer write on my own. "
        "If you need anything, just send a message.",
        "es": "De acuerdo: ya no escribiré por mi cuenta. Si necesita algo, envíe un mensaje.",
    },
    "opt_in": {
        "pt-BR": "Certo, volto a avisar por aqui quando for o caso.",
        "en": "All right, I will write here again when there is reason to.",
        "es": "De acuerdo, volveré a avisar por aquí cuando haga falta.",
    },
}

_THEN = {
    "slow": (
        "O bot avisou o cliente e responde no máximo a cada {every}.",
        "The bot told the customer and answers every {every} at most.",
    ),
    "handoff": (
        "O bot avisou o cliente e passou a conversa para a equipe.",
        "The bot told the customer and handed over.",
    ),
    "answer": (
        "O bot avisou o cliente e continua respondendo.",
        "The bot told the customer and goes on.",
    ),
}
_WHAT = {
    "flood": (
        "🌊 **Mensagens demais**: {minute} no último minuto, {day} em 24 horas.",
        "Flood: {minute} in a minute, {day} in 24 hours.",
    ),
    "repeats": (
        "🔁 **A mesma mensagem, várias vezes.**",
        "The same message again and again.",
    ),
    "long": (
        "📏 **Mensagem longa demais**: o bot leu o começo e o fim, e disse isso ao cliente.",
        "Too long: the bot read its beginning and end, and said so.",
    ),
}
OPTED_OUT = (
    "🔕 **O cliente pediu para não receber mensagens.** O bot não manda mais lembretes, retornos "
    "nem modelos; continua respondendo quando ele escreve. (Opted out: no more messages unasked.)"
)
OPTED_IN = (
    "🔔 **O cliente voltou a querer mensagens.** Retornos e lembretes valem de novo. "
    "(Opted in again.)"
)


def noted(notice: str, conduct: Conduct, policy: Abuse) -> str:
    """Return the note for the team on one notice that the customer is given."""
    then = policy.then if notice != "long" else None
    said = []
    for place in (0, 1):
        words = _WHAT[notice][place].format(minute=conduct.minute, day=conduct.day)
        after = "" if then is None else " " + _THEN[then][place].format(every=_span(policy.every))
        said.append(words + after)
    return f"{said[0]} Nada se perde. ({said[1]} Nothing is lost.)"


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
