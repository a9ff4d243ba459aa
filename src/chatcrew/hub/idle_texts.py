"""What a silent customer reads."""

from collections.abc import Mapping

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "inactivity_nudge": {
        "pt-BR": "Ainda está por aí? Se precisar de mais alguma coisa, é só responder.",
        "en": "Are you still there? If you need anything else, just answer.",
        "es": "¿Sigue por ahí? Si necesita algo más, solo responda.",
    },
    "inactivity_close": {
        "pt-BR": "Como não tive mais resposta, encerro esta conversa por agora. "
        "Se precisar, é só escrever de novo.",
        "en": "As I have had no more answer, I close this conversation for now. "
        "If you need anything, just write again.",
        "es": "Como no tuve más respuesta, cierro esta conversación por ahora. "
        "Si necesita algo, escriba de nuevo.",
    },
}
