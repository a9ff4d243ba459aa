"""Street addresses and postal codes of Brazil, as people give them for a delivery."""

import re
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Final

from chatcrew.privacy import _labels
from chatcrew.privacy._flat import Flat
from chatcrew.privacy._places import Words, matches, vocabulary
from chatcrew.privacy._runs import chains
from chatcrew.privacy._span import Span

# The second list means other things too, so that only a comma or "nº" before the number counts.
_STREET: Final = (
    r"rua|r\.|avenida|av\.?|alameda|al\.|travessa|trav\.?|praca|pca\.?|rodovia|rod\.|estrada|estr\."
    r"|largo|beco|ladeira|servidao|viela"
)
_LOOSE: Final = (
    r"r|passagem|psg\.?|conjunto|conj\.?|residencial|condominio|cond\.?|vila|sitio|fazenda"
    r"|loteamento|via|tv\.|parque|jardim|bulevar|boulevard|largo"
)
# No name of a street holds these, a sentence does.
_NO_NAME: Final = (
    r"(?:tem|tenho|com|para|pra|por|que|em|fica|fico|foi|vai|vou|custa|quero|esta|estou|la|onde|ate|as"
    r"|os|a|o|partir|depois|entre|perto|mais|menos|mas|se|so|quando|hoje|amanha|numero|num|no|na|nos"
    r"|n|sem|aqui|atras|frente|proximo|esquina|minha|meu|sua|seu|obrigado|obrigada|meu|cep|cpf)"
)
_WORD: Final = rf"(?:[a-z](?=,)|(?!{_NO_NAME}\b)(?:[a-z][a-z'.]*|\d{{1,2}}))"
_NAME: Final = rf"{_WORD}(?:[ -]{_WORD}){{0,6}}?"
_NO: Final = r"(?:n[ºo°.]{0,2}\.?|numero|num\.?|nro\.?|#)"
_UNIT: Final = (
    r"(?!\s?(?:%|reais|real|dias?|anos?|meses|mes|horas?|hs?\b|min|vezes|x\b|km|m\b|metros|pessoas"
    r"|pecas|unidades|opcoes|polegadas|,\d|[:.]\d|\d))"
)
_HOUSE: Final = (
    rf"(?:\d{{1,5}}(?:[ -]?[a-z](?![a-z]))?{_UNIT}|s ?/ ?n[ºo°]?|sem numero"
    r"|(?:casa|lote|lt\.?|km)\s*\d{1,5})(?![a-z\d])"
)
_SURE: Final = re.compile(
    rf"(?<![a-z\d])(?:{_STREET})\s+(?P<name>{_NAME})\s*(?:,\s*)?(?:{_NO}\s*)?(?P<house>{_HOUSE})"
)
_UNSURE: Final = re.compile(
    rf"(?<![a-z\d])(?:{_LOOSE})\s+(?P<name>{_NAME})"
    rf"\s*(?:,\s*(?:{_NO}\s*)?|\s{_NO}\s*)(?P<house>{_HOUSE})"
)
_LIVES: Final = re.compile(
    r"\b(?:moro|mora|moramos|resido|reside|endereco|entregar?|entregue|envi(?:ar|em|e)|mand(?:ar|em|e)"
    r"|residencia)\b\W{1,3}(?:\w{1,10}\W{1,3}){0,4}?"
    rf"(?P<street>(?:{_STREET}|travessa|tv\.?|vila|conjunto|condominio|residencial)\s+"
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,5}}))"
)
_BRASILIA: Final = re.compile(
    r"(?<![a-z\d])(?P<name>(?:sq[ns]w?|sh[icv]s?[a-z]?|qn[a-z]?|qs[a-z]?|q[ielrc]|c[ln][nsrw]{1,2}|eq[ns]{1,2}"
    r"|quadra|qd\.?)\s*\d{1,4}(?:/\d{1,4})?)"
    r"(?P<house>(?:[,\s\-]+(?:bloco|bl\.?|conj(?:unto)?\.?|lote|lt\.?|casa|aptos?\.?|apartamento|ap\.?|loja|sala)"
    r"\s*[a-z\d]{1,5}\b){1,4})"
)
_INSIDE: Final = (
    r"(?:apto?\.?|apartamento|ap\.?|bloco|bl\.?|casa|cs\.?|sala|sl\.?|andar|torre|fundos|lote|lt\.?"
    r"|quadra|qd\.?|conj(?:unto)?\.?|loja|box|sobrado|edificio|ed\.?|cobertura)"
)
_ROAD: Final = re.compile(
    r"(?<![a-z\d])(?P<name>(?:(?:rodovia|rod\.?|estrada)\s+)?(?:br|[a-z]{2})[ -]?\d{3})"
    r"(?P<house>[,\s]+(?:no\s)?km\s*\d{1,4}(?:[.,]\d)?)(?!\d)"
)
_COMPLEMENT: Final = re.compile(
    rf"[,;\s\-/]{{1,4}}(?:{_INSIDE}(?![a-z])(?:\s*(?:[a-z]?\d{{1,5}}[a-z]?|[a-z])(?![a-z\d]))?"
    r"|\d{1,2}[ºo°a]? andar)"
)
_CEP: Final = re.compile(
    r"(?<![\w,/@+\-])(?<!\d\.)(\d{2}\.?\d{3} ?- ?\d{3}|\d{8})(?![\w@]|[.,/\-]\d)"
)
_CEP_TAIL: Final = re.compile(r"[,;.\s\-]{0,4}(?:cep\W{0,3})?\d{2}\.?\d{3}-?\d{3}(?!\d)")
# As written: a part of only capitalised words, to its comma or end.
_PART: Final = re.compile(
    r"(?:\s*[,;/]\s*|\s+[-\N{EN DASH}]\s*|\s*\n\s*(?=[Bb]airro))"
    r"(?:[Bb]airro:?\s+)?[A-ZÀ-Ý][\w'’.]*(?:\s(?:d[aeo]s?\s)?[A-ZÀ-Ý][\w'’.]*){0,4}"
    r"(?=\s*(?:[,;/.\n]|$|\s[-\N{EN DASH}]))"
)
_MOST_PARTS: Final = 5
_STREETS: Final = vocabulary(
    "rua r avenida av alameda al travessa trav praca pca rodovia rod estrada estr largo beco"
    " ladeira servidao viela"
)
"""All words with which ``_SURE`` can begin; the next ones are those of the others."""
_LOOSELY: Final = vocabulary(
    "r passagem psg conjunto conj residencial condominio cond vila sitio fazenda loteamento via tv"
    " parque jardim bulevar boulevard largo"
)
_LIVING: Final = vocabulary(
    "moro mora moramos resido reside endereco entrega entregar entregue enviar enviem envie mandar"
    " mandem mande residencia"
)
_SECTORS: Final = frozenset(
    [
        *(f"sq{side}{end}" for side in "ns" for end in ("", "w")),
        *(f"sh{one}{s}{end}" for one in "icv" for s in ("", "s") for end in ("", *ascii_lowercase)),
        *(f"q{one}{end}" for one in "ns" for end in ("", *ascii_lowercase)),
        *(f"q{one}" for one in "ielrc"),
        *(
            f"{first}{one}{end}"
            for first in ("cl", "cn")
            for one in "nsrw"
            for end in ("", *"nsrw")
        ),
        *(f"eq{one}{end}" for one in "ns" for end in ("", *"ns")),
        "quadra",
        "qd",
    ]
)
_BEGUN_BY: Final = ((_SURE, _STREETS), (_UNSURE, _LOOSELY), (_BRASILIA, _SECTORS))


def addresses(flat: Flat, words: Words) -> Iterator[Span]:
    """Yield streets with their numbers, and what follows of complement, quarter, city and code.

    A street without a number counts only where somebody says that he lives there.
    """
    text = flat.text
    found = [_ROAD.finditer(text)] if "km" in text else []
    found += [matches(pattern, text, words.starts(first)) for pattern, first in _BEGUN_BY]
    for one in found:
        for match in one:
            if re.search(r"[a-z]{3}|\d|^[a-z]$", match["name"]):
                value = f"{_plain(match['name'])}|{_plain(match['house'])}"
                end = _tail(flat, match.end())
                yield Span(("address",), value, match.start(), end)
    for match in matches(_LIVES, flat.text, words.starts(_LIVING)):
        end = _tail(flat, match.end())
        yield Span(("address",), _plain(match["name"]), match.start("street"), end)


def ceps(text: str) -> Iterator[Span]:
    """Yield postal codes: ``50000-000``, or 8 digits that are called one."""
    begins = (start for chain in chains(text) for start, _ in chain)
    for match in matches(_CEP, text, begins):
        label = _labels.before(text, match.start())
        if label == "cep" or ("-" in match.group() and label != "order"):
            value = re.sub(r"\D", "", match.group())
            yield Span(("address",), f"cep {value}", *match.span())


def _tail(flat: Flat, end: int) -> int:
    """Return where an address that reaches to ``end`` goes on to."""
    for _ in range(_MOST_PARTS):
        match = _COMPLEMENT.match(flat.text, end) or _CEP_TAIL.match(flat.text, end)
        if match is None:
            break
        end = match.end()
    # capitals show only in the text as written; both are of one length where this is tried
    if len(flat.text) == len(flat.written):
        for _ in range(_MOST_PARTS):
            match = _PART.match(flat.written, end) or _COMPLEMENT.match(flat.text, end)
            if match is None:
                break
            end = match.end()
        match = _CEP_TAIL.match(flat.text, end)
        end = end if match is None else match.end()
    return end


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z\d]+", text))
