"""What ``chatcrew cache answers`` says, in both languages."""

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "pt-BR": {
        "none": "Nenhuma resposta guardada de {tenant}.",
        "columns": "nº     usos  até    pergunta",
        "vain": "(perguntado em vão)",
        "near_on": "Perguntas em outras palavras: sim, a partir de {least:.2f} "
        "({right} pares certos, {wrong} errados; {apart} pares de assuntos diferentes).",
        "near_off": "Perguntas em outras palavras: não; só as mesmas palavras contam "
        "({questions} perguntas do negócio provam pouco, ou algum par estava errado).",
        "unknown": "{tenant} não tem a resposta {number}.",
        "question": "Pergunta",
        "answer": "Resposta",
        "made": "Feita em {made} pela vez {turn}, vale até {until}; dada {hits}×",
        "spares": "Cada uso poupa {prompt} + {completion} tokens, {cost}",
        "cost": "US$ {cost:.6f}",
        "unpriced": "preço do modelo desconhecido",
        "scope": "Só para: {scope}",
        "rests": "Apoia-se em",
        "nothing": "nada que esteja escrito",
        "same": "igual",
        "changed": "MUDOU",
        "gone": "NÃO ESTÁ MAIS",
        "new": "NOVO",
        "bound": "vale pelo tempo da ferramenta",
        "house": "persona, regras, papéis e tarefas",
        "knowledge": "todo o conhecimento",
        "holds": "Seria dada agora.",
        "stale": "Não seria dada: o modelo é perguntado de novo.",
        "ask": "Esquecer {what}? [s/N]",
        "all": "todas as respostas de {tenant}",
        "one": "a resposta {number} de {tenant}",
        "kept": "Nada foi esquecido",
        "forgotten": "Respostas esquecidas: {count}",
        "fact": "fato",
        "hours": "horário",
        "professional": "profissional",
        "entry": "conhecimento",
        "tool": "ferramenta",
    },
    "en": {
        "none": "No kept answer of {tenant}.",
        "columns": "no.    uses  until  question",
        "vain": "(asked in vain)",
        "near_on": "Questions in other words: yes, from {least:.2f} on "
        "({right} right pairs, {wrong} wrong; {apart} pairs of different subjects).",
        "near_off": "Questions in other words: no; only the same words count "
        "({questions} questions of the business prove little, or some pair was wrong).",
        "unknown": "{tenant} has no answer {number}.",
        "question": "Question",
        "answer": "Answer",
        "made": "Made at {made} by turn {turn}, holds until {until}; given {hits}×",
        "spares": "Each use spares {prompt} + {completion} tokens, {cost}",
        "cost": "US$ {cost:.6f}",
        "unpriced": "the model's price is not known",
        "scope": "Only for: {scope}",
        "rests": "Rests on",
        "nothing": "nothing that is written",
        "same": "same",
        "changed": "CHANGED",
        "gone": "GONE",
        "new": "NEW",
        "bound": "holds for the tool's seconds",
        "house": "persona, rules, roles and tasks",
        "knowledge": "all of the knowledge",
        "holds": "It would be given now.",
        "stale": "It would not be given: the model is asked again.",
        "ask": "Forget {what}? [y/N]",
        "all": "all answers of {tenant}",
        "one": "answer {number} of {tenant}",
        "kept": "Nothing was forgotten",
        "forgotten": "Answers forgotten: {count}",
        "fact": "fact",
        "hours": "hours",
        "professional": "professional",
        "entry": "knowledge",
        "tool": "tool",
    },
}


def words_of(lang: str) -> Mapping[str, str]:
    """Return the words of a language, Portuguese where it has none."""
    return _WORDS.get(lang, _WORDS["pt-BR"])
