"""Words by how satisfied or dissatisfied who says them is with the service; our own list.

Folded, Portuguese, English and Spanish together; a ``*`` stands for any ending. Commas part the
entries, and an entry may be a phrase. What names an illness, a pain or a bad product is left out:
it is why people write, not how they feel about who answers.
"""

from collections.abc import Iterator, Mapping

from chatcrew.intents import word_set

_LISTED: Mapping[float, str] = {
    -4.0: """
        filho da puta, filhos da puta, puta que pariu, vai tomar no cu, vao tomar no cu, vsf, vtnc,
        vai se foder, vao se foder, vai a merda, vao a merda, fdp, arrombad*, desgracad*, cuz*o,
        fuck you, fuck off, fucking, asshole*, motherfucker*, hijo de puta, hijos de puta,
        vete a la mierda, hijueputa
    """,
    -3.5: """
        ladrao, ladroes, ladra, roubando, me roubaram, golpist*, estelionat*, vagabund*, bando de,
        merda, bosta, porra, caralho, lixo, imbecil, imbecis, idiot*, burro, burra, burros, otari*,
        retardad*, palhacad*, nojent*, nojo, bullshit, shit, crap, stupid, moron*, scam*, thieves,
        thief, fraud*, garbage, trash, disgust*, pathetic, mierda, basura, estafa*, ladron*,
        imbeciles, estupid*, asco
    """,
    -3.0: """
        pessim*, horrivel, horriveis, terrivel, terriveis, odei*, detest*, vergonh*, absurd*,
        ridicul*, inadmissive*, inaceitave*, insuportave*, incompeten*, lamentave*, descaso,
        desrespeit*, falta de respeito, falta de educacao, falta de consideracao, enganad*,
        enganaram, enganac*, me enganando, revolt*, indignad*, indignac*, nunca mais, pior empresa,
        pior atendimento, pior servico, mal atendid*, uma piada, de saco cheio, saco cheio,
        to puto, to puta, estou puto, estou puta, awful, horrible, terrible, hate, disgrace*,
        unacceptable, outrag*, worst, ridiculous, appalling, furious, useless, fed up, sick of,
        rip off, pesim*, odio, inaceptable, verguenza, indignante, el peor, la peor, harto, harta,
        incompetente*
    """,
    -2.0: """
        ruim, ruins, irritad*, irritant*, irritando, raiva, frustrad*, frustrant*, decepcion*,
        decepcao, insatisfeit*, chatead*, cansei, nao aguento, nao gostei, inutil, inuteis,
        perda de tempo,
        perdendo tempo, perdi meu tempo, enrolac*, enrolando, me enrolam, palhac*, sacanagem,
        mentira*, mentiros*, fraude, golpe, demora demais, ate quando, ninguem responde,
        ninguem resolve, ninguem ajuda, ninguem faz nada, nao resolve*, nao adianta, nao ajuda*,
        nao serve, nao presta, nao entende nada, que saco, afff, aff, affs, reclamac*, reclamar,
        bad, angry, annoy*, frustrat*, disappoint*, waste of time, upset, nobody answers,
        nobody helps, not helping, does not help, doesnt help, does not work, doesnt work,
        lie, lies, liar*, malo, enojad*, molest*, decepcionad*, perdida de tiempo,
        nadie responde, no sirve*, no ayuda*, mentira
    """,
    -1.0: """
        chato, chata, demora*, demorando, lento, lenta, triste, confus*, complicad*, dificil,
        de novo isso, outra vez isso, slow, sad, confus*, again and again, lent*, dificil
    """,
    0.0: """
        bom dia, boa tarde, boa noite, boas, tudo bem, tudo bom, tudo certo, good morning,
        good afternoon, good evening, buenos dias, buen dia, buenas tardes, buenas noches,
        muito bem, bem vindo, bem vinda, de boa, na boa
    """,
    0.5: """
        agradec*, obrigad*, valeu, thanks, thank you, gracias
    """,
    1.5: """
        bom, boa, bons, gostei, gosto, legal, bacana, ajudou, ajudaram, resolveu, resolvido,
        funcionou, rapid*, educad*, gentil, gentis, satisfeit*,
        good, nice, helped, helpful, solved, worked, kind, bien, buen*, ayudo, amable*
    """,
    3.0: """
        otim*, excelente*, maravilh*, perfeit*, amei, adorei, adoro, amo, incrivel, incriveis,
        show de bola, nota 10, nota dez, sensacional, top demais, feliz, felizes, parabens, great,
        excellent, amazing, wonderful, perfect, love, loved, awesome, happy, fantastic, encanta*,
        maravillos*, perfect*, feliz
    """,
}
_STRONG = """
    muito muita super demais extremamente totalmente completamente absolutamente tao mega hiper bem
    realmente very really so extremely totally absolutely completely muy tan demasiado sumamente
"""
_WEAK = """
    pouco meio quase levemente slightly somewhat little bit poco algo
"""
STRONGER: Mapping[str, float] = {
    **dict.fromkeys(word_set(_STRONG), 1.3),
    **dict.fromkeys(word_set(_WEAK), 0.6),
}
"""What a word beside it counts, by the word that makes it stronger or weaker."""

NO = word_set("nao nunca nem jamais sem not never no without cannot tampoco sin")
"""A word within three words after one of these says something like the opposite."""

BUT = word_set("mas porem but however pero")
"""What follows one of these counts more than what stands before it."""

ASIDE = word_set(
    """
    dor dores perna pernas varizes sangramento cabelo pele mancha manchas cheiro sintoma sintomas
    inchaco coceira febre tosse doenca crise noite sono pain leg legs hair skin smell symptom
    symptoms fever dolor pierna piernas pelo piel
    """
)
"""Beside one of these a bad word tells of an ailment, not of the service."""

FACES: Mapping[str, float] = {
    **dict.fromkeys("😡🤬👿🖕", -3.0),
    **dict.fromkeys("😠💩😤🤮", -2.5),
    **dict.fromkeys("👎🙄😒", -2.0),
    **dict.fromkeys("😞😔😩😫", -1.0),
    **dict.fromkeys("😀😃😄😊🙂🙏👍👏❤", 1.5),
    **dict.fromkeys("😍🥰🤩", 2.5),
}

_Phrase = tuple[str, ...]


def _entries() -> Iterator[tuple[_Phrase, float]]:
    for value, listed in _LISTED.items():
        for entry in listed.split(","):
            if entry.strip():
                yield tuple(entry.split()), value


_ALL = tuple(_entries())
PHRASES: Mapping[_Phrase, float] = {entry: value for entry, value in _ALL if "*" not in entry[-1]}
"""By all of their words."""

STEMS: Mapping[_Phrase, float] = {
    (*entry[:-1], entry[-1].removesuffix("*")): value for entry, value in _ALL if "*" in entry[-1]
}
"""By their words, of the last one only its beginning."""

LONGEST = max(len(entry) for entry, _ in _ALL)
SHORTEST_STEM = min(len(entry[-1]) for entry in STEMS)
