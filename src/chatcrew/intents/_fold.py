"""Folding of customer text for matching only; a model always reads the original words (S1-18)."""

import re
import unicodedata

_EDGE = re.compile(r"[^\w]+|_+")
_MANY = re.compile(r"([^\W\d])\1{2,}")
_TAIL = re.compile(r"([^\W\d])\1+\b")
_DOUBLED = frozenset("rs")

# What people type on a phone; both sides of a comparison go through it.
_SHORT = {
    "vc": ("voce",),
    "vcs": ("voces",),
    "q": ("que",),
    "oq": ("o", "que"),
    "pq": ("por", "que"),
    "qto": ("quanto",),
    "qnto": ("quanto",),
    "qnt": ("quanto",),
    "qdo": ("quando",),
    "qro": ("quero",),
    "qria": ("queria",),
    "hj": ("hoje",),
    "tb": ("tambem",),
    "tbm": ("tambem",),
    "tmb": ("tambem",),
    "pra": ("para",),
    "pro": ("para", "o"),
    "p": ("para",),
    "c": ("com",),
    "pras": ("para", "as"),
    "pros": ("para", "os"),
    "pfv": ("por", "favor"),
    "pf": ("por", "favor"),
    "pfvr": ("por", "favor"),
    "pls": ("please",),
    "plz": ("please",),
    "obg": ("obrigado",),
    "obgd": ("obrigado",),
    "obgda": ("obrigada",),
    "brigado": ("obrigado",),
    "brigada": ("obrigada",),
    "vlw": ("valeu",),
    "blz": ("beleza",),
    "bdia": ("bom", "dia"),
    "td": ("tudo",),
    "tdo": ("tudo",),
    "bm": ("bem",),
    "msg": ("mensagem",),
    "tel": ("telefone",),
    "dr": ("doutor",),
    "dra": ("doutora",),
    "ta": ("esta",),
    "to": ("estou",),
    "n": ("nao",),
    "naum": ("nao",),
    "agr": ("agora",),
    "atend": ("atendente",),
    "dont": ("do", "not"),
    "u": ("you",),
    "thx": ("thanks",),
    "ty": ("thank", "you"),
}


def fold(text: str) -> str:
    """Return ``text`` in one spelling: lower case, no accents, no punctuation, no emoji.

    Letters repeated for effect count once: ``Oiii!!`` becomes ``oi``; ``rr`` and ``ss`` stay,
    because Portuguese spells with them.
    """
    return " ".join(_folded(text))


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of ``text`` with everyday abbreviations written out."""
    plain = _folded(text)
    english = not _ENGLISH_NEIGHBOURS.isdisjoint(plain)
    found: list[str] = []
    for word in plain:
        if word == "to" and english:
            found.append(word)
        else:
            found.extend(_SHORT.get(word, (word,)))
    return tuple(found)


def _folded(text: str) -> tuple[str, ...]:
    bare = text.replace("'", "").replace("’", "")
    if bare.isascii():
        bare = bare.lower()
    else:
        bare = unicodedata.normalize("NFKD", bare).casefold()
        # a few accents: each is taken out of the whole, a turn folds its words twenty times
        for accent in filter(unicodedata.combining, set(bare)):
            bare = bare.replace(accent, "")
    calm = _TAIL.sub(r"\1", _MANY.sub(_calm, bare))
    return tuple(word for word in _EDGE.split(calm) if word)


def _calm(found: re.Match[str]) -> str:
    """Take a run of three letters or more back to what the word is spelled with."""
    letter = found.group(1)
    inside = found.start() > 0 and found.end() < len(found.string)
    within_word = (
        inside and found.string[found.start() - 1].isalpha() and found.string[found.end()].isalpha()
    )
    return letter * 2 if letter in _DOUBLED and within_word else letter


def word_set(listed: str) -> frozenset[str]:
    """Return the folded words of a list written with spaces."""
    return frozenset(_folded(listed))


# "to" is also English; it is only read as "estou" where nothing English stands beside it.
_ENGLISH_NEIGHBOURS = word_set(
    """
    speak talk want like need a an the human person someone agent me you i how go
    """
)
