"""Which answers may be given again to another customer who asks the same (S4-33, N7).

Only where neither question nor answer depends on who asks, when, or what was said before.
"""

import re
from collections.abc import Iterable

from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.resting import wanted
from chatcrew.intents import builtin, match, told_name, words
from chatcrew.messages import AuthorKind, Line, Piece, Topic, Wanted
from chatcrew.privacy import values
from chatcrew.tenancy.model import Crew, ToolEntry

LONGEST = 200
"""Characters of a question beyond which nobody asks the same again."""

_FEWEST_WORDS = 2
_SMALL_TALK = frozenset({"greeting", "thanks", "goodbye"})
_SHORTEST_NAME = 2
_SEARCH = "search_knowledge"
_PARTICLES = frozenset({"da", "das", "de", "do", "dos"})


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Folded words of both languages. What holds today may not hold in an hour.
_WHEN = _words(
    """
    agora hoje amanha ontem now today tomorrow yesterday
    aberto aberta abertos abertas fechado fechada fechados fechadas open closed
    atendendo funcionando trabalhando abrindo fechando entregando vem tonight currently
    """
)
# Greetings that hold for a part of the day.
_HELLOS = ("bom dia", "boa tarde", "boa noite", "good morning", "good afternoon", "good evening")
# Words of a question that point at somebody, or at what was said before.
_POINTING = _words(
    """
    ja ainda depois daqui yet still later meu minha meus minhas my mine
    esse essa isso este isto aquele aquela aquilo ele ela eles elas
    nesse nessa neste nesta desse dessa deste desta nisso nisto disso disto
    this that these those it he she they
    """
)


# Figures that count something; any other may be an order, a day or a document of one's own.
_COUNTED = re.compile(
    r"r\$ ?\d{1,5}(?:[.,]\d{2,3})*\b|\b\d{1,4}(?:[.,]\d{1,3})? ?(?:x|vez(?:es)?|parcelas?|pessoas?"
    r"|anos?|mes(?:es)?|ml|mg|g|gr|kg|km|l|litros?|cm|mm|m|metros?|reais|sess(?:ao|ão|oes|ões)"
    r"|unidades?|pecas?|peças?|pacotes?|caixas?|people|years?|months?|times|sessions?)\b"
    r"|\b\d{1,3}(?:[.,]\d)? ?(?:%|por cento\b)",
    re.IGNORECASE,
)
# What a customer tells of himself is no question that the next one asks.
_OF_ONES_OWN = _words(
    """
    comprei paguei recebi pedi fiz fui marquei agendei cancelei mandei enviei liguei solicitei
    troquei devolvi esqueci perdi errei contratei assinei consegui chegou veio sumiu quebrou
    bought paid received ordered booked cancelled sent called lost
    """
)


def question(ctx: TurnContext) -> Wanted | None:
    """Return what a kept answer is found by, or None where none may be used.

    The conversation must hold nothing before it but small talk: "quanto custa?" after a talk about
    lasers is another question. And the customer must say nothing of himself.
    """
    asked = words(ctx.text)
    if not ctx.our_tenant().answers.keep_minutes:
        return None
    if len(ctx.text) > LONGEST or len(asked) < _FEWEST_WORDS or _personal(ctx, asked):
        return None
    if any(item.line is not None and item.line.attachments for item in ctx.claim.burst):
        return None
    # What was told for an intent stands in the prompt, however long ago it was said
    told = ctx.told or ctx.memory or ctx.before or ctx.summary or ctx.collected
    if told or ctx.claim.state.topic != Topic() or not _begins(ctx):
        return None
    if ctx.claim.state.snapshot.contact.name and _greets(ctx.our_crew()):
        return None
    return wanted(ctx)


def _personal(ctx: TurnContext, asked: Iterable[str]) -> bool:
    """Return whether a question is of today, of one customer, or of what was said before."""
    said = set(asked)
    if not (_WHEN | _POINTING | _OF_ONES_OWN).isdisjoint(said) or not _name(ctx).isdisjoint(said):
        return True
    if any(char.isdigit() for char in _COUNTED.sub(" ", ctx.text)) or values([ctx.text]):
        return True
    return told_name(ctx.text) is not None


def tools_used(ctx: TurnContext, reply: Reply) -> tuple[tuple[Piece, ...], float] | None:
    """Return what tools returned for a reply and for how many seconds that may be given again.

    Only what reads counts, and what its entry lets be kept; nothing that reads a customer's own
    data. None: the reply rests on a tool whose answer may not be given again. Without tools there
    is nothing, and no bound.
    """
    asked = reply.details.get("tools")
    called = [str(one) for one in asked] if isinstance(asked, list) else []
    known = {(one.source, one.text) for one in ctx.passages}
    if not {(one.source, one.text) for one in reply.passages} <= known:
        return None  # found by other words than the customer's: nobody could say if it changes
    named = [one for one in called if one != _SEARCH]
    if not named:
        return None if reply.sources and not called else ((), float("inf"))
    runs = reply.details.get("tool_runs")
    if isinstance(runs, list) and not all(one[1] for one in runs):
        return None
    entries = [_entry(ctx, name) for name in named]
    kept = [float(one.cache) for one in entries if one is not None and _readable(one)]
    if len(kept) != len(named):
        return None
    return tuple(Piece("tool", named[0], text) for text in reply.sources), min(kept)


def _entry(ctx: TurnContext, name: str) -> ToolEntry | None:
    tools = ctx.our_tenant().tools
    return next((one for one in tools if name == one.name or name in one.names), None)


def _readable(entry: ToolEntry) -> bool:
    """Return whether a tool's answer is the same for every customer, and may be kept."""
    sent = repr((entry.url, entry.headers, entry.query, entry.body, entry.sql))
    return (
        entry.use in ("http", "sql")
        and entry.cache > 0
        and not entry.acts
        and ("contact" not in sent)
    )


def _begins(ctx: TurnContext) -> bool:
    return all(_says_nothing(ctx, line) for line in ctx.history)


def repeatable(ctx: TurnContext, reply: Reply) -> bool:
    """Return whether a crew's reply may be given to the next who asks the same."""
    if reply.handoff is not None or reply.buttons or reply.acts or not reply.text.strip():
        return False
    if reply.details.get("cut"):
        return False
    tenant = ctx.our_tenant()
    public = (*tenant.facts.values(), tenant.hours, *(item.text for item in ctx.passages))
    if not values([reply.text]) <= values(public):
        return False  # somebody's telephone, document or address that the business never published
    told = words(reply.text)
    said, talk = set(told), f" {' '.join(told)} "
    return (
        _WHEN.isdisjoint(said)
        and _name(ctx).isdisjoint(said)
        and not any(f" {hello} " in talk for hello in _HELLOS)
    )


def _name(ctx: TurnContext) -> set[str]:
    """Return the words of the customer's name."""
    contact = words(ctx.claim.state.snapshot.contact.name or "")
    return {word for word in contact if len(word) >= _SHORTEST_NAME} - _PARTICLES


def _greets(crew: Crew) -> bool:
    """Return whether a model of ``crew`` reads the customer's name.

    It may answer Beatriz as Bia, which no comparison with her name would find.
    """
    texts = [text for one in crew.everybody() for text in (one.role, one.goal, one.backstory)]
    texts += [text for one in crew.tasks for text in (one.description, one.expected_output)]
    return any("{contact_name}" in text for text in texts)


def _says_nothing(ctx: TurnContext, line: Line) -> bool:
    """Return whether an earlier line changes no answer: our own, or a customer's plain greeting.

    "Estou grávida" is short, too, and changes everything.
    """
    kind = line.author.kind
    if kind in (AuthorKind.PERSON, AuthorKind.PHONE):
        return False
    if kind is not AuthorKind.CUSTOMER:
        return True
    tenant = ctx.our_tenant()
    plain = [one for one in builtin(ctx.language) if one.name in _SMALL_TALK]
    hit = match(line.text, plain, offered=(), names=[tenant.persona.name])
    return hit is not None and not line.attachments
