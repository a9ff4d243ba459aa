"""How a clause is meant: does it promise, deny, say when it is closed, or give words back?"""

import re

_CLAUSE = re.compile(r"[,;:](?!\d)|[.!?]\s|—|–|\n|\s(?:mas|but)\s")
_PROMISES = re.compile(
    r"\b(?:garanti\w+|prazos?|validade|vale\b|entreg\w+|desconto\w*|juros|dura\b|duram|leva\b|levam|"
    r"fica\s+pronto|reembols\w+|devol\w+|troca\w*|cheg\w+|confirmad\w+|agendad\w+|marcad\w+|"
    r"reservad\w+|custa\w*|temos|oferecemos|inclui\w*|d[aá]\s+direito|atende|aceitamos|"
    r"warranty|deliver\w*|arrives?|booked|confirmed|includes?|lasts?)\b",
    re.IGNORECASE,
)
_IS = re.compile(r"\b(?:são|é|is|are)\b", re.IGNORECASE)
_OURS = re.compile(
    r"\b(?:noss[oa]s?|d[ao]\s+(?:cl[íi]nica|loja|empresa|suporte|financeiro|time)|pag\w+|transfira|"
    r"chame|mande|envie|escreva|ligue|acesse|visite|fale|ficamos|estamos|atendemos|pix|chave|cnpj|"
    r"(?:o|a|nosso)\s+(?:telefone|whatsapp|e-?mail|endere[çc]o)\s+(?:é|d[aeo])|our|pay|call\s+us)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:n[ãa]o|fechad\w+|fechamos|exceto|menos|nem|sem\s+atendimento|closed|not|don't|except)\b",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r"\b(?:voc[êe]s?|vc|(?:o\s+)?senhor|(?:a\s+)?senhora|you)\s+(?:me\s+)?(?:disse|mencionou|falou|"
    r"comentou|citou|informou|escreveu|viu|perguntou|pagou|paga|gastou|passou|enviou|pediu|said|"
    r"mentioned|asked|wrote|paid|pay)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:n[ãa]o|nem|don't|do\s+not|no)\s+(?:(?:se|o|a|me)\s+)?(?:é|custa\w*|temos|tem|há|existe|"
    r"consigo|posso|podemos|oferecemos|fazemos|trabalhamos|parcelamos|damos|encontr\w+|aceitamos|"
    r"atendemos|achei|vi|conhe[cç]\w+|confirm\w+|have|offer|accept|know|find)\b",
    re.IGNORECASE,
)

_REACH = 200
"""Characters of a clause that are looked at on either side."""


def _around(words: str, text: str) -> tuple[str, str] | None:
    """Return the clause in which ``words`` stand, before them and whole; None: they do not."""
    place = text.find(words)
    if place < 0:
        return None
    first = max(0, place - _REACH)
    text, place = text[first : place + len(words) + _REACH], place - first
    start = max((found.end() for found in _CLAUSE.finditer(text, 0, place)), default=0)
    end = _CLAUSE.search(text, place + len(words))
    return text[start:place], text[start : end.start() if end else len(text)]


def promises(words: str, text: str, *, pieces: bool = False) -> bool:
    """Return whether the clause says what the business does or offers; a question does not.

    Args:
        words: a claim.
        text: the sentence.
        pieces: it counts things, of which "é" promises nothing: "para 2 vagas é o melhor".
    """
    if text.rstrip(" *_").endswith("?"):
        return False
    clause = _around(words, text)
    whole = clause[1] if clause else text
    return bool(_PROMISES.search(whole) or (not pieces and _IS.search(whole)))


def ours(words: str, text: str) -> bool:
    """Return whether the clause gives an address or a number as the business's own."""
    clause = _around(words, text)
    return _OURS.search(clause[1] if clause else text) is not None


def closed(words: str, text: str) -> bool:
    """Return whether the clause says that something is not so, such as when nobody is there.

    "Domingos e feriados a clínica fica fechada" backs no Sunday.
    """
    clause = _around(words, text)
    return _CLOSED.search(clause[1] if clause else text) is not None


def denies(text: str) -> bool:
    """Return whether words say, anywhere, that something is not so."""
    return _CLOSED.search(text) is not None


def quoted(words: str, text: str) -> bool:
    """Return whether a clause gives the customer's words back as his, or says they are not so."""
    clause = _around(words, text)
    if clause is None:
        return False
    return bool(_ATTRIBUTED.search(clause[1]) or _DENIED.search(clause[0]))
