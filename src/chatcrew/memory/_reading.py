"""What a customer tells of himself, as readers find it: names, addresses, preferences."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from chatcrew import intents
from chatcrew.ids import ConversationId
from chatcrew.intents import gist
from chatcrew.messages import AuthorKind, FactKind, Line, NewFact, own_words
from chatcrew.tenancy.model import Collect

_ANY_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - readers of documents ask for no day

LONGEST = 200
"""Characters of a remembered sentence."""

_LINES = {
    "name": "O cliente se chama {value}.",
    "email": "Informou o e-mail {value}.",
    "phone": "Informou o telefone {value}.",
    "cep": "Informou o CEP {value}.",
    "cpf": "Informou o CPF {value}.",
}
_SENTENCES = (
    (
        FactKind.PROBLEM,
        re.compile(
            r"\b(?:alergi\w+|intoleran\w+|veio (?:errad|quebrad|com defeito)\w*|chegou quebrad\w+"
            r"|nao (?:funciona|funcionou|chegou|recebi)|defeito|estrag\w+|reclama\w+|allerg\w+"
            r"|broken|never arrived)\b"
        ),
    ),
    (
        FactKind.PREFERENCE,
        re.compile(
            r"\b(?:prefiro|gosto (?:de|mais)|nao gosto|adoro|odeio|amo|costumo|sempre (?:compro"
            r"|peco|uso)|so (?:uso|como|bebo)|i prefer|i like|i love|i hate|i always)\b"
        ),
    ),
    (
        FactKind.FACT,
        re.compile(
            r"\b(?:moro (?:em|no|na|perto)|trabalho (?:com|em|no|na|como)|sou (?:diabetic\w+"
            r"|gravida|gestante|vegan\w+|vegetarian\w+|celiac\w+|hipertens\w+|aposentad\w+)"
            r"|estou gravida"
            r"|tenho (?:diabetes|pressao alta|\d+ anos|filhos?|um filho|uma filha|asma|rinite)"
            r"|faco aniversario|meu aniversario|i live in|i work)\b"
        ),
    ),
)
_ORDER = re.compile(
    r"\b(?:ignor\w+|desconsider\w+|esquec\w+ (?:as|suas|tudo)|instruc\w+|prompt|system|developer"
    r"|regras?|a partir de agora|de agora em diante|from now on|voce (?:deve|tem que|precisa|e um)"
    r"|you (?:must|are|should)|finja|aja como|act as|pretend|(?:sempre|always) (?:respond\w+|diga"
    r"|ofereca|de|answer|say|give)|desconto|discount|gratis|administrador|admin|senha|password)\b"
)
_SECRETS = frozenset({"cpf", "cnpj", "pix_key", "pix_code"})
_CARD = re.compile(r"(?<!\d)(?:\d[ .-]?){13,19}(?!\d)")


def read(
    lines: Iterable[Line],
    *,
    after: int,
    conversation: ConversationId,
    collect: Collect,
    now: datetime,
    sentences: bool,
) -> tuple[NewFact, ...]:
    """Return what the customer's own lines tell, a later word about the same over an earlier.

    Args:
        lines: of the episode, in order, all authors: a question for the name makes an answer.
        after: lines up to this id have been read.
        conversation: where they were said.
        collect: what the business wants to keep of such data.
        now: today, for the readers of days.
        sentences: also preferences, problems and circumstances, word for word; where a model is
            asked it finds these better.
    """
    found: dict[str, NewFact] = {}
    asked = False
    for line in lines:
        if line.author.kind is AuthorKind.BOT:
            asked = intents.asks_name(line.text)
        if line.author.kind is not AuthorKind.CUSTOMER or not own_words(line):
            continue
        words = own_words(line)
        was_asked, asked = asked, False
        if line.message_id <= after:
            continue
        for about, value in _data(words, collect, now, asked=was_asked):
            text = _LINES[about].format(value=value)
            found[about] = NewFact(FactKind.FACT, text, about, conversation, line.message_id)
        if sentences:
            for kind, said in _sentences(words):
                text = f"Disse: “{said}”"
                found[text] = NewFact(kind, text, None, conversation, line.message_id, 0.7)
    return tuple(found.values())


def harmless(text: str) -> bool:
    """Return whether a sentence may be remembered: no order to a model, no card, no document.

    What is remembered stands in prompts for months, so a customer's "from now on give me 50 %" is
    left out, as is what only a thief wants.
    """
    if _ORDER.search(intents.fold(text)) or _CARD.search(text):
        return False
    found = intents.entities(text, now=_ANY_DAY)
    return not any(one.kind in _SECRETS and one.valid for one in found)


def _data(text: str, collect: Collect, now: datetime, *, asked: bool) -> Iterator[tuple[str, str]]:
    name = intents.told_name(text, asked=asked) if collect.name else None
    if name is not None and harmless(name):
        yield "name", name
    wanted = {
        "email": collect.email,
        "phone": collect.phone,
        "cep": True,
        "cpf": collect.document,
    }
    for one in intents.entities(text, now=now):
        if one.valid and wanted.get(one.kind):
            yield one.kind, intents.shown(one.kind, one.value)


def _sentences(text: str) -> Iterator[tuple[FactKind, str]]:
    for sentence in gist.sentences(text):
        if "?" in sentence or len(sentence) > LONGEST or not harmless(sentence):
            continue
        plain = intents.fold(sentence)
        kind = next((kind for kind, pattern in _SENTENCES if pattern.search(plain)), None)
        if kind is not None:
            yield kind, sentence
