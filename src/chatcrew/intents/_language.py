"""Portuguese, English or Spanish: a vote of small words, and py3langid where they do not tell."""

import re
import threading
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

PORTUGUESE = "pt-BR"
ENGLISH = "en"
SPANISH = "es"

_PORTUGUESE = """
    a agora ao aos aqui as ate atendem bem boa bom certo com como consulta conta da das de dia
    do dos duvida e ela ele em entao essa esse esta estou eu exame favor faz fazer fica foi
    gostaria hoje isso ja la mais manda mas me meu minha muito na nao nas no noite nos o obg
    obrigada obrigado oi ola onde os ou outra para pela pelo pode por porque posso pra preciso
    quais qual quando quanto que quem quero sao se sem ser seu sim so sobre sou sua tambem
    tarde tem tenho ter toda todo tudo um uma vc vcs voce voces
"""
_ENGLISH = """
    about am an and any are at book but can could did do does for from good have hello help hey
    hi how i if in is it just like long me morning much my need no not of on one or please
    price see so some speak take talk than thank thanks that the then there they this to two us
    was we what when where which who why will with would yes yet you your
"""
_SPANISH = """
    a ahora al algo algun aqui atienden ayer bien buen buena buenas bueno buenos como con cual
    cuales cuando cuanta cuanto cuantos cuenta de del desde dia dias disculpe donde e el ella
    ellos en era es esa ese eso esta estan este esto estoy favor fue gracias gustaria ha hablo
    hace hacer hacia hasta hay hola horario hoy la las le les lo los manana mas me mi mis
    muchas mucho muy necesito ni no nos o otra para perdon pero persona por porque pregunta
    puede puedes puedo que quien quiero quisiera quisieran se si sin sobre solo son soy su sus
    tambien tarde tardes tengo tiene tienen toda todavia todo tu tuyo un una usted ustedes y ya
    yo
"""
_WORDS: Final = {
    PORTUGUESE: frozenset(_PORTUGUESE.split()),
    ENGLISH: frozenset(_ENGLISH.split()),
    SPANISH: frozenset(_SPANISH.split()),
}
_ALL: Final = frozenset().union(*_WORDS.values())
_WORD: Final = re.compile(r"[a-zñ]+")
_SIGNS: Final = {
    SPANISH: re.compile(r"[ñ¿¡]|\w(?:ción|ciones)\b"),
    PORTUGUESE: re.compile(r"[ãõçâêô]|\bé\b|\wção\b|[aeiou](?:ss|lh|nh)[aeiou]"),
}
"""Letters and endings that one of two sisters has and the other has not."""
_ENOUGH_WORDS: Final = 4
_SURE: Final = 0.8


def detect_language(
    text: str, *, default: str, among: Collection[str] = (PORTUGUESE, ENGLISH, SPANISH)
) -> str:
    """Return the language of ``text``, ``default`` where it is not clear or none of ``among``.

    Words of several languages (``a``, ``me``, ``no``, ``para``) weigh nothing against one that is
    of one alone. Where the vote is a draw and there are words enough, py3langid is asked, if
    ``load_languages`` has made it ready.
    """
    votes = _votes(text)
    first, second, _ = sorted(votes, key=lambda name: votes[name], reverse=True)
    if votes[first] > votes[second]:
        found: str | None = first
    else:
        found = _model.told(text) if len(_plain(text)) >= _ENOUGH_WORDS else None
    return found if found is not None and found in among else default


def language_held(text: str, *, so_far: str | None, default: str, among: Collection[str]) -> str:
    """Return the language to answer ``text`` in.

    A few words keep the one the customer has written in so far: "ok", "Maria da Silva" and a
    tapped title tell none, and "no" tells two.

    Args:
        text: what was said now.
        so_far: the language of what the same person said before, or None.
        default: the business's own.
        among: the languages the business speaks.
    """
    if so_far is not None and so_far in among and count_words(text) < _ENOUGH_WORDS:
        return so_far
    held = so_far if so_far is not None and so_far in among else default
    return detect_language(text, default=held, among=among)


def count_words(text: str) -> int:
    """Return how many words, not figures, stand in ``text``."""
    return len(_plain(text))


def load_languages() -> None:
    """Make py3langid ready, which takes about a second: in a thread, before anyone waits."""
    _model.load()


def _votes(text: str) -> dict[str, int]:
    votes = dict.fromkeys(_WORDS, 0)
    for word in _plain(text):
        where = [name for name, known in _WORDS.items() if word in known]
        if len(where) == 1:
            votes[where[0]] += 1
    plain = text.casefold()
    for name, sign in _SIGNS.items():
        votes[name] += sign.search(plain) is not None
    return votes


@lru_cache(maxsize=512)
def _plain(text: str) -> tuple[str, ...]:
    """Return the words without accents; letters repeated for effect count once ("oiii")."""
    flat = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "")).casefold()
    bare = "".join(char for char in flat if not unicodedata.combining(char))
    found = _WORD.findall(re.sub(r"([a-z])\1{2,}", r"\1", bare))
    # "see" is a word, "oii" is none: only what nobody knows is taken back further
    return tuple(word if word in _ALL else re.sub(r"([a-z])\1+$", r"\1", word) for word in found)


class _Model:
    """py3langid, limited to our languages, once it is loaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._identifier: Any = None

    def load(self) -> None:
        with self._lock:
            if self._identifier is None:
                # numpy and a model: the web processes import this package and never ask
                from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

                made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
                made.set_languages(["pt", "en", "es"])
                # what it keeps to go back to all 97 languages: 27 MB of nothing to us
                made._full_model = (made.nb_ptc, made.nb_pc, made.nb_classes)
                self._identifier = made

    def told(self, text: str) -> str | None:
        if self._identifier is None:
            return None
        name, chance = self._identifier.classify(text)
        known = {"pt": PORTUGUESE, "en": ENGLISH, "es": SPANISH}
        return known[name] if chance >= _SURE else None


_model = _Model()
