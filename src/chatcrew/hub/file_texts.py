"""What the bot says about files it could not read: what happened, and what the customer can do."""

from collections.abc import Mapping

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "attachment_audio": {
        "pt-BR": "Recebi seu áudio, mas ainda não consigo ouvir áudios. "
        "Vou chamar uma pessoa da equipe para escutar e responder.",
        "en": "I received your voice message, but I cannot listen to audio yet. "
        "I am calling a person of our team to listen and answer.",
    },
    "attachment_image": {
        "pt-BR": "Recebi sua imagem, mas ainda não consigo vê-la. "
        "Vou chamar uma pessoa da equipe para olhar e responder.",
        "en": "I received your picture, but I cannot see pictures yet. "
        "I am calling a person of our team to look at it and answer.",
    },
    "attachment_file": {
        "pt-BR": "Recebi seu arquivo, mas ainda não consigo abri-lo. "
        "Vou chamar uma pessoa da equipe para olhar e responder.",
        "en": "I received your file, but I cannot open files yet. "
        "I am calling a person of our team to look at it and answer.",
    },
    "attachment_down": {
        "pt-BR": "Recebi {what}, mas não consegui abrir agora. "
        "Vou chamar uma pessoa da equipe para olhar e responder.",
        "en": "I received {what}, but could not open it just now. "
        "I am calling a person of our team to look at it and answer.",
    },
    "attachment_again": {
        "pt-BR": "Recebi {what}, mas não consegui abrir. "
        "Pode enviar de novo ou escrever aqui o que precisa?",
        "en": "I received {what}, but could not open it. "
        "Could you send it again, or write here what you need?",
    },
    "attachment_unclear": {
        "pt-BR": "Recebi {what}, mas não consegui entender o que diz. "
        "Pode enviar de novo, com mais clareza, ou escrever aqui o que precisa?",
        "en": "I received {what}, but could not make out what it says. "
        "Could you send a clearer one, or write here what you need?",
    },
    "attachment_too_big": {
        "pt-BR": "Recebi {what}, mas passa do limite que consigo abrir ({limit}). "
        "Pode enviar uma versão menor ou escrever aqui o que precisa?",
        "en": "I received {what}, but it is beyond what I can open ({limit}). "
        "Could you send a smaller one, or write here what you need?",
    },
    "attachment_type": {
        "pt-BR": "Recebi {what}, mas não abro esse tipo de arquivo. "
        "Pode enviar como foto, PDF ou áudio, ou escrever aqui o que precisa?",
        "en": "I received {what}, but do not open that kind of file. "
        "Could you send a photo, a PDF or a voice message, or write here what you need?",
    },
    "attachment_video": {
        "pt-BR": "Recebi {what}, mas não consigo assistir a vídeos. "
        "Pode enviar uma foto ou um áudio, ou escrever aqui o que ele mostra?",
        "en": "I received {what}, but cannot watch videos. "
        "Could you send a photo or a voice message, or write here what it shows?",
    },
    "attachment_partly": {
        "pt-BR": "Só não consegui abrir {what}. Se for importante, "
        "pode enviar de novo ou escrever aqui o que diz?",
        "en": "I could not open {what}, though. If it matters, "
        "could you send it again or write here what it says?",
    },
}
