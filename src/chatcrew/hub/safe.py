"""Which answers may be given again to another customer who asks the same (S4-33, N7).

Only the very same question counts, in the same words after folding; nothing merely similar does.
And only where neither question nor answer depends on who asks, when, or what was said before.
"""

from chatcrew.hub.context import Reply, TurnContext
from chatcrew.intents import builtin, match, words
from chatcrew.messages import AuthorKind, Line, Topic
from chatcrew.privacy import values
from chatcrew.tenancy.model import Crew

LONGEST = 200
"""Characters of a question beyond which nobody asks the same again."""

_FEWEST_WORDS = 2
_SMALL_TALK = frozenset({"greeting", "thanks", "goodbye"})
_SHORTEST_NAME = 2
_PARTICLES = frozenset({"da", "das", "de", "do", "dos"})


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Folded words of both languages. What holds today may not hold in an hour.
_WHEN = _words(
    """
    agora hoje amanha ontem now today tomorrow yesterday
    aberto aberta abertos abertas fechado fechada fechados fechadas open closed
    """
)
# Greetings that hold for a part of the day.
_HELLOS = ("bom dia", "boa tarde", "boa noite", "good morning", "good afternoon", "good evening")
# Words of a question that point at somebody, or at what was said before.
_POINTING = _words(
    """
    ja ainda depois daqui yet still later meu minha meus minhas my mine
    esse essa isso este isto aquele aquela aquilo ele ela eles elas
    this that these those it he she they
    """
)


def question(ctx: TurnContext) -> tuple[str, ...] | None:
    """Return what a kept answer is found by, or None where none may be used.

    The knowledge must be certain of the question by itself, and the conversation must hold nothing
    before it but small talk: "quanto custa?" after a talk about lasers is another question.
    """
    best = ctx.passages[0] if ctx.passages else None
    asked = words(ctx.text)
    if best is None or not best.certain or len(ctx.text) > LONGEST or len(asked) < _FEWEST_WORDS:
        return None
    if any(char.isdigit() for char in ctx.text) or not (_WHEN | _POINTING).isdisjoint(asked):
        return None
    if any(item.line is not None and item.line.attachments for item in ctx.claim.burst):
        return None
    # What was told for an intent stands in the prompt, however long ago it was said
    told = ctx.told or ctx.memory or ctx.before or ctx.summary or ctx.collected
    if told or ctx.claim.state.topic != Topic() or not _begins(ctx):
        return None
    crew = ctx.our_crew()
    if ctx.claim.state.snapshot.contact.name and _greets(crew):
        return None
    return (crew.name, crew.channel, crew.function, ctx.language, " ".join(asked))


def _begins(ctx: TurnContext) -> bool:
    return all(_says_nothing(ctx, line) for line in ctx.history)


def repeatable(ctx: TurnContext, reply: Reply) -> bool:
    """Return whether a crew's reply may be given to the next who asks the same."""
    if reply.handoff is not None or reply.buttons or reply.sources or not reply.text.strip():
        return False
    if reply.details.get("cut"):
        return False
    tenant = ctx.our_tenant()
    public = (*tenant.facts.values(), tenant.hours, *(item.text for item in ctx.passages))
    if not values([reply.text]) <= values(public):
        return False  # somebody's telephone, document or address that the business never published
    told = words(reply.text)
    said, talk = set(told), f" {' '.join(told)} "
    contact = words(ctx.claim.state.snapshot.contact.name or "")
    name = {word for word in contact if len(word) >= _SHORTEST_NAME} - _PARTICLES
    return (
        _WHEN.isdisjoint(said)
        and name.isdisjoint(said)
        and not any(f" {hello} " in talk for hello in _HELLOS)
    )


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
