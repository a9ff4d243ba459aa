"""What a question asks, whatever words it is dressed in: two that are equal here ask the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from chatcrew.intents import words

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_MARK = "zq"
"""What a figure begins with as a word: no word of either language does."""
_DROPPED = "-"
_SPELT = {
    **{"dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8},
    **{"nove": 9, "dez": 10, "onze": 11, "doze": 12, "quinze": 15, "vinte": 20, "trinta": 30},
    **{"treze": 13, "catorze": 14, "quatorze": 14, "dezesseis": 16, "dezessete": 17},
    **{"dezoito": 18, "dezenove": 19, "quarenta": 40, "cinquenta": 50, "sessenta": 60},
    **{"setenta": 70, "oitenta": 80, "noventa": 90},
    **{"cem": 100, "mil": 1000, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10},
}
_ONES = frozenset({"um", "uma"})
_COUNTING = frozenset({"dia", "as", "so", "apenas", "somente", "mais"})
"""Words after which "um" is no article."""
_DONE = {"marco": "marcar", "troco": "trocar"}
_ASKING = frozenset({"como", "onde", "quando", "eu"})
_WISHES = frozenset({"preciso", "precisamos"})
_DAYS = frozenset(
    {
        *("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo", "feira"),
        *("janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto"),
        *("setembro", "outubro", "novembro", "dezembro"),
    }
)
# Who is addressed, only where nothing else can be meant: "levar um amigo" and "roupa de senhora"
# are about them. An accent tells "lá" from "lã".
_ADDRESSED = re.compile(
    r"(?:(?:^|[,;!.?])\s*|(?<!\w)(?:oi|ol[áa]|opa|bo[ma] (?:dia|tarde|noite)|obrigad[oa]|valeu)\s+)"
    r"(?:pessoal|gente|mo[çc][oa]|amig[oa]|senhor(?:a|es)?|beleza|como vai(?: voc[êe]s?)?)"
    r"\s*(?=[,;!.?]|$)"
    r"|(?<!\w)l[áà](?!\w)",
    re.IGNORECASE,
)
_PLURALS: tuple[tuple[str, str], ...] = (
    *(("coes", "cao"), ("soes", "sao"), ("oes", "ao"), ("aes", "ao"), ("ais", "al")),
    *(("eis", "el"), ("ns", "m"), ("res", "r"), ("zes", "z")),
)
_LEAST = 4
# What may be, must be or is wished: of two in one sentence it matters what each is said of
_MODAL = frozenset({"?posso", "?pode", "?podem", "?precisa", "?quer", "?tem", "?aceita"})
_INFINITIVE = ("ar", "er", "ir")


@dataclass(frozen=True, slots=True)
class Canon:
    """A question without its dress.

    Attributes:
        asks: what is wanted to know, wherever it stood: a price, a place, whether something may be.
        says: everything else, in its order: what it is about, figures, negations.
        words: the folded words as they were written, to tell how near two dresses are.
    """

    asks: frozenset[str]
    says: tuple[str, ...]
    words: frozenset[str]

    @property
    def key(self) -> str:
        """Return it as one text: equal for questions that ask the same."""
        return f"{' '.join(sorted(self.asks))}|{' '.join(self.says)}"


@lru_cache(maxsize=8192)
def canon(text: str) -> Canon:
    """Return what ``text`` asks."""
    said = _said(text)
    found = [one for one in _meanings(said) if one != _DROPPED]
    # "Posso não ir?" is not "não posso ir?": beside a negation every word keeps its place
    fixed = any(one.startswith("~") for one in found)
    held = _MODAL if len(_MODAL.intersection(found)) > 1 else frozenset[str]()
    asks = {one for one in found if one.startswith("?") and one not in held and not fixed}
    says = tuple(one for one in found if one not in asks)
    return Canon(frozenset(asks), says, frozenset(said))


def wishes(text: str) -> bool:
    """Return whether it says what somebody needs, and asks nothing.

    "Preciso de receita." wants one, "preciso de receita?" wants to know whether it is asked for.
    """
    return "?" not in text and not _WISHES.isdisjoint(words(text))


def differs(one: Canon, other: Canon) -> str | None:
    """Return by what two questions differ, or None: they ask the same.

    ``number``, ``negation``, ``order``, ``asked`` or ``words``, the first that is true.
    """
    if one.key == other.key:
        return None
    for kind, start in (("number", _MARK), ("negation", "~")):
        if _those(one, start) != _those(other, start):
            return kind
    if sorted(one.says) == sorted(other.says):
        return "asked" if one.says == other.says else "order"
    return "words"


def nearness(one: Canon, other: Canon) -> float:
    """Return how much of the words of two questions is the same, 0..1."""
    both = one.words | other.words
    return len(one.words & other.words) / len(both) if both else 1.0


def _those(one: Canon, start: str) -> list[str]:
    return [word for word in one.says if word.startswith(start)]


def _said(text: str) -> tuple[str, ...]:
    """Return the folded words, each figure as one word in one spelling."""
    bare = _ADDRESSED.sub(" ", text)
    marked = _FIGURE.sub(lambda found: f" {_MARK}{_figure(found.group())} ", bare)
    found: list[str] = []
    for word in words(marked):
        _add(found, f"{_MARK}{_SPELT[word]}" if word in _SPELT else word)
    if wishes(text):
        return tuple(found)
    return tuple("precisa" if word in _WISHES else word for word in found)


def _add(found: list[str], word: str) -> None:
    """Add a word to those before it, which tell what it means."""
    last, before = (*found[-1:], "")[0], (*found[-2:-1], "")[0]
    if last == "e" and before.startswith(_MARK):
        tens, unit = before[len(_MARK) :], "1" if word in _ONES else word[len(_MARK) :]
        counts = word in _ONES or (word.startswith(_MARK) and unit.isdigit())
        if counts and tens.isdigit() and int(unit) < 10 <= int(tens) < 100 and int(tens) % 10 == 0:
            found[-2:] = [f"{_MARK}{int(tens) + int(unit)}"]
            return
    # "Em março" is a month and "tem troco?" is money, but "como troco" is what one does
    word = _DONE.get(word, word) if last in _ASKING else word
    if word in _ONES and (last in _COUNTING or (last == "de" and before == "mais")):
        word = f"{_MARK}1"
    # "De segunda a sexta" holds the days between, "segunda e sexta" does not
    day = word in _DAYS or word.startswith(_MARK)
    if day and last in ("a", "as") and (before in _DAYS or before.startswith(_MARK)):
        found[-1] = "ate"
    found.append(word)


def _figure(written: str) -> str:
    """Return a figure however it is written: ``1.200,00`` is ``1200``, ``10:30`` stays two."""
    bare = re.sub(r"[.,]00$", "", written)
    bare = re.sub(r"[.](?=\d{3}(?:\D|$))", "", bare)
    return re.sub(r"[.,:]", "i", bare).lstrip("0") or "0"


def _meanings(said: Sequence[str]) -> list[str]:
    """Return what is said, word for word or phrase for phrase.

    Twice: politeness is found as it is written, and phrases once it is out of their way.
    """
    return _replaced(_replaced(said, bare=False), bare=True)


def _replaced(said: Sequence[str], *, bare: bool) -> list[str]:
    table = _TABLE
    plain = [word if word in table.names else _singular(word) for word in said]
    found: list[str] = []
    at = 0
    while at < len(said):
        for size in range(min(table.longest, len(said) - at), 0, -1):
            run = tuple(said[at : at + size])
            meaning = table.meanings.get(run) or table.meanings.get(tuple(plain[at : at + size]))
            # One word alone may be part of a phrase that politeness still stands in
            if meaning is not None and (bare or size > 1 or meaning == _DROPPED):
                found += [] if meaning == _DROPPED else [meaning]
                at += size
                break
        else:
            if not (bare and _into(said, at)):
                found.append(plain[at] if bare else said[at])
            at += 1
    return found


def _into(said: Sequence[str], at: int) -> bool:
    """Return whether "para" is only grammar: "para marcar", but not "para São Paulo"."""
    return said[at] == "para" and at + 1 < len(said) and said[at + 1].endswith(_INFINITIVE)


def _singular(word: str) -> str:
    """Return a folded word without its plural, as far as its ending tells."""
    if word.startswith(_MARK):
        return word
    for ending, one in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + one
    return (
        word[:-1] if len(word) >= _LEAST and word.endswith("s") and word[-2] not in "si" else word
    )


@dataclass(frozen=True, slots=True)
class _Table:
    meanings: Mapping[tuple[str, ...], str]
    names: frozenset[str]
    longest: int


def _read() -> _Table:
    text = (resources.files("chatcrew.answers") / "same.txt").read_text(encoding="utf-8")
    rows = [line.partition(" ") for line in text.splitlines() if line and line[0] != "#"]
    listed = [(name, words(one)) for name, _, members in rows for one in members.split(",")]
    light = {said[0] for name, said in listed if name == _DROPPED and len(said) == 1}
    spoken = {word for _, said in listed if len(said) == 1 for word in said}
    marks = {name[1:]: name for name, _ in listed if name[0] == "?" and name[1:] not in spoken}
    found: dict[tuple[str, ...], str] = {}
    for name, said in listed:
        plain = tuple(_singular(word) for word in said)
        short = tuple(word for word in plain if word not in light)
        # One phrase may hold another: "quais formapagar" of "quais as formas de pagamento"
        marked = tuple(marks.get(word, word) for word in short)
        for one in (said, plain, short, marked):
            if len(one) > 1 or one in (said, plain):
                found.setdefault(one, name)
    for name in {name for name, _ in listed if name != _DROPPED}:
        found.setdefault((name,), name)
    names = frozenset(name for name, _ in listed)
    return _Table(found, names, max(map(len, found)))


# At import: no customer's turn waits for a file
_TABLE = _read()
