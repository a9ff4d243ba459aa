"""Which pieces an answer rests on: a pure question of three texts, so that no other edit counts."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from chatcrew.answers._canon import canon
from chatcrew.intents import word_set, words
from chatcrew.messages import Piece

_NUMBER = re.compile(r"\d[\d.,:/-]*\d|\d")
_STEM = 5
"""Letters by which two forms of a word are the same; too few only cost a call of the model."""
_SHORTEST = 3
_TAKEN = 2
_SHARE = 0.2
"""So many words, and so much of all that the answer tells, make it rest on what gave them; or
half of what the piece says."""

_EMPTY = word_set(
    """
    que com para por uma uns umas dos das nos nas aos pelo pela pelos pelas mas mais muito nao sim
    voce voces ele ela eles elas seu sua seus suas meu minha este esta esse essa isso aqui ali tem
    temos sao ser foi era ate sobre quando como qual quais onde tambem pode podem posso quanto
    the and for you your are our with this that from have has was were will can not but all any
    ola bom boa tarde noite hello claro ajudar equipe fica ficam ficamos faz fazem
    """
)
# What a question asks for without saying its name
_ASKS = {
    "?onde": word_set("endereco local rua avenida onde bairro"),
    "?lugar": word_set("endereco local rua avenida onde bairro"),
    "?preco": word_set("preco valor custa reais"),
    "?horario": word_set("horario abre fecha funciona atende hours"),
    "?quando": word_set("horario abre fecha dia"),
    "?telefone": word_set("telefone fone phone"),
    "?whatsapp": word_set("whatsapp telefone"),
    "?site": word_set("site link www"),
    "?email": word_set("email mail"),
    "?cnpj": word_set("cnpj"),
    "?formapagar": word_set("pagamento cartao pix dinheiro parcela"),
    "?prazo": word_set("prazo dias uteis entrega"),
    "?demora": word_set("prazo demora tempo"),
    "?dura": word_set("duracao dura tempo"),
    "?quem": word_set("profissional doutor doutora equipe"),
}
_HOURS = word_set("horario abre aberto fecha fechado funciona atende hours open opening")


@dataclass(frozen=True, slots=True)
class Rest:
    """One piece that an answer rests on, without its text.

    Attributes:
        kind: as of the piece.
        name: as the admin calls it.
        digest: of what it said.
        place: where it stood.
    """

    kind: str
    name: str
    digest: str
    place: str = ""

    @property
    def mark(self) -> tuple[str, str]:
        """Return what has to stay the same; where a piece stands, or its line, may change."""
        return self.kind, self.digest


def basis(question: str, answer: str, pieces: Iterable[Piece]) -> tuple[Rest, ...]:
    """Return those of the pieces that concern this question with this answer, each once.

    Whether a piece does is decided by it, the question and the answer alone. So a piece that is
    edited, added or deleted changes the basis of its own answers and of no others.

    Args:
        question: the customer's words.
        answer: what he was told.
        pieces: everything that stands before a model now.
    """
    asked, told = _tokens(question), _tokens(answer)
    hinted = _hinted(question)
    found: dict[tuple[str, str], Rest] = {}
    for one in pieces:
        if _concerns(one, asked, told, hinted):
            rest = rest_of(one)
            found.setdefault(rest.mark, rest)
    return tuple(found.values())


def rest_of(piece: Piece) -> Rest:
    """Return a piece without its text."""
    digest = hashlib.sha256(piece.text.encode("utf-8", "replace")).hexdigest()[:20]
    return Rest(piece.kind, piece.name, digest, piece.place)


def same(one: Iterable[Rest], other: Iterable[Rest]) -> bool:
    """Return whether two bases are equal; what tools returned is bound by time alone."""
    return _marks(one) == _marks(other)


def _marks(basis: Iterable[Rest]) -> set[tuple[str, str]]:
    return {one.mark for one in basis if one.kind != "tool"}


def _concerns(
    piece: Piece, asked: frozenset[str], told: frozenset[str], hinted: frozenset[str]
) -> bool:
    held = _tokens(piece.text)
    given = held & (told - asked)
    much = len(given) >= _SHARE * len(told - asked) or 2 * len(given) >= len(held - asked)
    if (len(given) >= _TAKEN and much) or any(one[0].isdigit() for one in held & told):
        return True
    both = held & asked
    if both and 2 * len(both) >= len(asked):
        return True
    if piece.kind == "hours":
        return not hinted.isdisjoint(_stems(_HOURS))
    # "Endereço" is asked for by "onde fica", which does not say so
    named = _tokens(piece.name) if piece.kind in ("fact", "professional") else frozenset[str]()
    return bool(named) and (not named.isdisjoint(asked | told) or named <= asked | told | hinted)


def _hinted(question: str) -> frozenset[str]:
    """Return the names of what a question asks for without saying them, and its own words."""
    named = (word for ask in canon(question).asks for word in _ASKS.get(ask, ()))
    return _tokens(question) | _stems(named)


@lru_cache(maxsize=8192)
def _tokens(text: str) -> frozenset[str]:
    figures = {_plain(one) for one in _NUMBER.findall(text)}
    plain = _NUMBER.sub(" ", text)
    said = (word for word in words(plain) if len(word) >= _SHORTEST and word not in _EMPTY)
    return frozenset(figures) | _stems(said)


def _stems(said: Iterable[str]) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in said)


def _plain(figure: str) -> str:
    """Return a figure however it is written: ``1.297,00`` is ``1297``, ``08:00`` is ``8``."""
    bare = re.sub(r"[.,:]00$", "", figure)
    return re.sub(r"[.,:/-]", "", bare).lstrip("0") or "0"
