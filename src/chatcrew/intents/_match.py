"""Which intent a message is, before any model is asked (S3-41, S1-56)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from chatcrew.intents._fold import word_set, words
from chatcrew.intents._negation import takes_back
from chatcrew.intents._options import chosen
from chatcrew.intents._ready import LIGHT, ONE_WISH, Index, Ready, Way, index_of, ready_for
from chatcrew.intents._typos import Slips
from chatcrew.tenancy.model import Intent

_MOST_MENDED = 40
"""Slips are mended in messages of up to so many words; in a long one nothing hangs on a word."""

_SENTENCE = re.compile(r"[.!?;\n…]+")
_CLAUSE = re.compile(r"[,:()–—]+|\b(?:mas|but)\b", re.IGNORECASE)

# They may stand around a greeting or thanks without making it more than that.
_AROUND = LIGHT | word_set(
    """
    voce voces e entao pessoal gente moca moco amigo amiga querido querida meu minha senhora
    senhor doutora doutor dona seu tudo todos todas equipe pela pelo ajuda atencao informacao
    informacoes resposta retorno perfeito show demais pelas pelos muitissimo otimo maravilha
    carinho novamente viu ta esta ok okay beleza certo entendi tambem team everyone there and so
    very much for your help all ah oh hum haha kk k rs
    """
)
# With one of these beside its phrase, a message asks for more than a canned reply can say.
ASKING = word_set(
    """
    quanto quanta quantos quantas qual quais onde quando como que saber posso pode podem voce voces
    preco valor how what where when which why who can could does you price
    """
)


@dataclass(frozen=True, slots=True)
class Hit:
    """An intent that a message is.

    Attributes:
        intent: which one.
        phrase: which of its phrases, as written in the files.
        how: ``whole`` message, ``inside`` a message, or a chosen ``option``.
    """

    intent: Intent
    phrase: str
    how: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: tuple[str, ...]
    clauses: tuple[int, ...]
    question: bool


def match(
    text: str,
    intents: Sequence[Intent],
    *,
    offered: Sequence[str] = (),
    names: Collection[str] = (),
) -> Hit | None:
    """Return which of ``intents`` a message is, or None: then the crew reads it.

    Hand-overs win over everything else, urgent ones first, so that an emergency or the wish for a
    person is never lost beside a booking; apart from that, earlier intents win over later ones. An
    intent that must be the ``whole`` message, or that replies with canned words, is not one that
    also asks something else. A wish that is taken back ("não quero falar com atendente") is none,
    and neither is what the intent says it is ``unlike``.

    Args:
        text: the customer's words.
        intents: the tenant's own first.
        offered: option titles of our last message, which may come back as title or number.
        names: what the bot is called; "oi, Clara" is no more than "oi".
    """
    option = chosen(text, offered)
    sentences = _sentences(option or text)
    if not sentences:
        return None
    ready = ready_for(intents)
    length = sum(len(sentence.words) for sentence in sentences)
    mended = (
        [_mended(sentence, ready.slips) for sentence in sentences]
        if length <= _MOST_MENDED
        else sentences
    )
    called = frozenset(word for name in names for word in words(name))
    said = tuple(word for sentence in mended for word in sentence.words if word not in called)
    for way in ready.ways:
        intent = way.intent
        phrase = _whole(said, way, ready) if intent.whole else _inside(mended, intent, way.index)
        if phrase is not None and not _denied(mended, intent):
            how = "option" if option else "whole" if intent.whole else "inside"
            return Hit(intent, phrase, how)
    return None


def unlike(text: str, intent: Intent) -> bool:
    """Return whether a message says what the intent's author says is something else."""
    return _denied(_sentences(text), intent)


def _denied(sentences: Sequence[_Sentence], intent: Intent) -> bool:
    if not intent.unlike:
        return False
    # As a route, so that a question beside it changes nothing
    meant = replace(intent, phrases=intent.unlike, action="route")
    return _inside(sentences, meant, index_of(intent.unlike)) is not None


def _sentences(text: str) -> list[_Sentence]:
    found: list[_Sentence] = []
    start = 0
    for end in [*_SENTENCE.finditer(text), None]:
        part = text[start : end.start()] if end else text[start:]
        said: list[str] = []
        clauses: list[int] = []
        for number, clause in enumerate(_CLAUSE.split(part)):
            new = words(clause)
            said.extend(new)
            clauses.extend([number] * len(new))
        if said:
            asked = end is not None and "?" in end.group()
            found.append(_Sentence(tuple(said), tuple(clauses), asked))
        start = end.end() if end else len(text)
    return found


def _mended(sentence: _Sentence, slips: Slips) -> _Sentence:
    said = tuple(
        word if word in _AROUND else slips.nearest(word) or word for word in sentence.words
    )
    return _Sentence(said, sentence.clauses, sentence.question)


def _whole(said: tuple[str, ...], way: Way, ready: Ready) -> str | None:
    """Return a phrase if the message is made of such phrases and of words that add nothing.

    Other whole-message intents may take part: "obrigada, bom dia" is thanks, because thanks stands
    before the greeting.
    """
    own, others, intent = way.own, ready.others, way.intent
    longest = max(way.longest, ready.longest)
    # "Você é humano?" asks about us: what gives the conversation away needs the bare word.
    around = _AROUND if intent.action == "reply" else LIGHT
    # For each position: None = not reachable, "" = reachable, else the own phrase met on the way.
    met: list[str | None] = [""] + [None] * len(said)
    for at, word in enumerate(said):
        reached = met[at]
        if reached is None:
            continue
        if word in around:
            met[at + 1] = met[at + 1] or reached
        for size in range(1, min(longest, len(said) - at) + 1):
            part = said[at : at + size]
            if part in own:
                met[at + size] = met[at + size] or reached or own[part]
            elif part in others:
                met[at + size] = met[at + size] or reached
    return met[-1] or None


def _inside(sentences: Sequence[_Sentence], intent: Intent, index: Index) -> str | None:
    for sentence in sentences:
        places = [place for place, word in enumerate(sentence.words) if word not in LIGHT]
        solid = tuple(ONE_WISH.get(word, word) for word in _at(sentence.words, places))
        for start in range(len(solid)):
            for size in range(min(index.longest, len(solid) - start), 0, -1):
                phrase = index.phrases.get(solid[start : start + size])
                if phrase is None:
                    continue
                first, last = places[start], places[start + size - 1]
                clause = sentence.clauses[first]
                begin = sentence.clauses.index(clause)
                if takes_back(
                    sentence.words[begin:first],
                    sentence.words[first : last + 1],
                    sentence.words[last + 1 :],
                    question=sentence.question,
                ):
                    continue
                beside = sentence.words[:first] + sentence.words[last + 1 :]
                if intent.action == "reply" and _asks(sentences, sentence, beside, phrase):
                    continue
                return phrase
    return None


def _asks(
    sentences: Sequence[_Sentence], here: _Sentence, beside: Sequence[str], phrase: str
) -> bool:
    """Return whether the message asks something beside the phrase; a phrase may be a question."""
    if here.question and not phrase.rstrip().endswith("?"):
        return True
    others = [sentence for sentence in sentences if sentence is not here]
    return any(sentence.question for sentence in others) or not ASKING.isdisjoint(
        [*beside, *(word for sentence in others for word in sentence.words)]
    )


def _at(said: Sequence[str], places: Sequence[int]) -> list[str]:
    return [said[place] for place in places]
