"""What of a text is searched: stems, accents folded first, and the roots derivations share."""

import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources

import Stemmer

from chatcrew.intents import word_set, words

ROOT = "~"
"""What the key of a root begins with; a stem never does."""

_TITLE = 2.0
"""What a word weighs that stands in a title or in a heading above it; in the text, 1."""
_HEADING = 1.0

_STOP = word_set(
    """
    a ao aos as com como da das de dela dele delas deles do dos e ela elas ele eles em essa essas
    esse esses esta estas este estes eu foi fui ha isso isto ja la lhe mais mas me mesmo meu meus
    minha minhas muito na nas nem no nos nossa nosso nossas nossos num numa o os ou para pela
    pelas pelo pelos por porque pois qual quais quando que quem se seja ser seu seus so sobre
    somos sou sua suas sao tambem tao te tem temos tenho ter teu teve tu tua um uma umas uns voce
    voces ai aqui ali assim entao agora eh ne onde quanto quanta quantos quantas estou estao
    estamos era seria sera vai vao vou vamos ir pode podem posso podemos poderia quero queria
    gostaria preciso precisa fazer faz fazem faco faria dar da deu tal algum alguma alguns algumas
    coisa caso nao sim oi ola opa favor tarde obrigado obrigada tudo bem saber sabe gente cada ate
    entre sem apos the an and are at can could does for from have how i if in is it my of on or
    our please that there this to what when where which will with would you your we hello hi
    """
)
_SOFT = word_set(
    """
    dia dias hoje amanha vez vezes hora horas aceita aceitam aceitar atende atendem atender pega
    pegam passa passar manda mandar trabalha trabalham funciona funcionam fica ficam ficar sai
    saem sair vem vir sobre tempo ano mes novo nova bom boa noite manha conseguir consegue consigo
    outro outra todo toda todos todas acontece precisar poder querer ter tenho tiver usar uso usam
    chega lugar pessoa pessoas casa duvida informacao informacoes ajuda quanto custa ganho mesma
    ainda antes depois junto
    """
)
"""Words that say little by themselves; they weigh less in a question."""
SOFT = 0.45

_PLURALS: tuple[tuple[str, str], ...] = (
    *(("coes", "cao"), ("soes", "sao"), ("oes", "ao"), ("aes", "ao"), ("ais", "al")),
    *(("eis", "el"), ("ois", "ol"), ("ns", "m"), ("res", "r"), ("zes", "z")),
)
_ENDINGS = sorted(
    word_set(
        """
        amento imento mento amentos imentos adora edora idora ador edor idor acao icao ucao icoes
        sao cao agem avel ivel aria eria eiro eira ista idade ante ente ento oso osa ivo iva ario
        ado ido ada ida ando endo indo asse esse isse aram eram iram ava avam ia iam ou ei eu iu am
        em ar er ir as es is os a e i o al eal ial il ico ica inho inha zinho zinha ao ona
        """
    ),
    key=lambda ending: (-len(ending), ending),
)
"""Longest first: what is left after them is what words of one family share."""
_LEAST_ROOT = 4
# A Stemmer object keeps a cache without a lock (PyStemmer's README): one per thread.
_local = threading.local()


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a folded word; forms of one irregular word have one."""
    return _snowball(singular(lemmas().get(word, word)))


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """Return what a folded word shares with those derived from it: ``entreg`` of ``entregador``."""
    plain = singular(lemmas().get(word, word))
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= _LEAST_ROOT:
            plain = plain[: -len(ending)]
            break
    if len(plain) > _LEAST_ROOT and plain[-1] in "aeiouv":  # devolv(er), devol(ução)
        plain = plain[:-1]
    return ROOT + plain


def singular(word: str) -> str:
    """Return a folded word without its plural, as far as its ending tells."""
    for ending, one in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + one
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "si" else word


def weight(word: str) -> float:
    """Return what a folded word of a question weighs beside its rarity: 0, ``SOFT`` or 1."""
    if word in _STOP or (len(word) == 1 and not word.isdigit()):
        return 0.0
    return SOFT if word in _SOFT else 1.0


def keys(text: str) -> Iterator[str]:
    """Yield stem and root of each word that is searched, in order, as often as it stands."""
    for word in words(text):
        if weight(word):
            yield stem(word)
            yield root(word)


def counted(title: str, headings: Iterable[str], text: str) -> dict[str, float]:
    """Return how much of each key a passage holds, a title's words more."""
    found: dict[str, float] = {}
    for part, weighs in ((title, _TITLE), (" ".join(headings), _HEADING), (text, 1.0)):
        for one in keys(part):
            found[one] = found.get(one, 0.0) + weighs
    return found


def _snowball(word: str) -> str:
    stemmer = getattr(_local, "portuguese", None)
    if stemmer is None:
        stemmer = _local.portuguese = Stemmer.Stemmer("portuguese")
    found: str = stemmer.stemWord(word)
    return found


@lru_cache(maxsize=1)
def lemmas() -> dict[str, str]:
    """Return the first form of each irregular word, by its other forms (folded)."""
    found: dict[str, str] = {}
    for mark, members in table():
        if mark == "=":
            for member in members:
                found.setdefault(member[0], members[0][0])
    return found


@lru_cache(maxsize=1)
def table() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Return the lines of ``synonyms.txt``: mark and members, each as its folded words."""
    text = (resources.files("chatcrew.knowledge") / "synonyms.txt").read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            mark, listed = (line[0], line[1:]) if line[0] in "~=" else ("", line)
            members = (words(member) for member in listed.split(","))
            rows.append((mark, tuple(member for member in members if member)))
    return tuple(rows)
