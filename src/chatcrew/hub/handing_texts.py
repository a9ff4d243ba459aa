"""What the bot says when it calls people for a reason of its own, and when it may not call them."""

from collections.abc import Mapping

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "handoff_sorry": {
        "pt-BR": "Sinto muito por isso. Vou chamar agora uma pessoa da equipe, que continua com "
        "você por aqui.",
        "en": "I am sorry about that. I am calling a person of our team now, who will go on with "
        "you here.",
        "es": "Lo siento mucho. Voy a llamar ahora a una persona del equipo, que continúa "
        "por aquí.",
    },
    "handoff_loop": {
        "pt-BR": "Para não ficarmos dando voltas, vou passar a conversa para uma pessoa da equipe, "
        "que continua com você por aqui.",
        "en": "So that we do not go round in circles, I am passing this to a person of our team, "
        "who will go on with you here.",
        "es": "Para no dar más vueltas, voy a pasar la conversación a una persona del equipo, que "
        "continúa por aquí.",
    },
    "handoff_topic": {
        "pt-BR": "Desse assunto quem cuida é uma pessoa da nossa equipe. Vou passar a conversa "
        "para ela, que continua por aqui.",
        "en": "A person of our team takes care of that. I am passing the conversation on, and they "
        "will go on with you here.",
        "es": "De ese tema se ocupa una persona de nuestro equipo. Le paso la conversación y "
        "continúa por aquí.",
    },
    "stay_asked": {
        "pt-BR": "Por este canal quem atende sou eu, o assistente virtual. Diga como posso ajudar.",
        "en": "On this channel it is me, the virtual assistant, who answers. "
        "Tell me how I can help.",
        "es": "Por este canal atiendo yo, el asistente virtual. Dígame cómo puedo ayudar.",
    },
    "stay_no_answer": {
        "pt-BR": "Essa eu não sei responder com segurança. Pode perguntar de outro jeito?",
        "en": "I cannot answer that one with certainty. Could you ask in another way?",
        "es": "Eso no lo sé responder con seguridad. ¿Puede preguntarlo de otra forma?",
    },
    "stay_model_down": {
        "pt-BR": "Não consegui preparar a resposta agora. Pode mandar de novo daqui a pouco?",
        "en": "I could not prepare the answer just now. Could you send it again in a while?",
        "es": "No logré preparar la respuesta ahora. ¿Puede enviarlo otra vez en un rato?",
    },
    "stay_attachment": {
        "pt-BR": "Recebi, mas não consigo abrir esse arquivo por aqui. "
        "Pode escrever em texto o que precisa?",
        "en": "I received it, but I cannot open that file here. Could you write what you need?",
        "es": "Lo recibí, pero no puedo abrir ese archivo por aquí. ¿Puede escribir lo que "
        "necesita?",
    },
    "stay_choice": {
        "pt-BR": "Se preferir uma pessoa, escreva *atendente*.",
        "en": "If you would rather have a person, write *human*.",
        "es": "Si prefiere una persona, escriba *humano*.",
    },
}
"""Keys that begin with ``stay``: the business has switched the trigger off, so nobody is called."""
