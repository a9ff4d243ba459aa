"""What an answer of a turn may rest on, piece by piece, so that it can be given again (N7)."""

import hashlib
from collections.abc import Iterator, Sequence

from chatcrew.hub.context import TurnContext
from chatcrew.messages import Passage, Piece, Wanted
from chatcrew.tenancy.known import house_version, knowledge_version
from chatcrew.tenancy.model import Crew, Tenant


def wanted(ctx: TurnContext) -> Wanted:
    """Return the turn's question with everything that its answer may rest on now.

    Args:
        ctx: the turn, after retrieve.
    """
    return wanted_of(
        ctx.our_tenant(),
        ctx.our_crew(),
        text=ctx.text,
        language=ctx.language,
        intent=ctx.intent or "",
        rules=ctx.rules,
        passages=ctx.passages,
    )


def wanted_of(
    tenant: Tenant,
    crew: Crew,
    *,
    text: str,
    language: str,
    intent: str,
    rules: Sequence[str],
    passages: Sequence[Passage],
) -> Wanted:
    """Return a question with everything that its answer may rest on.

    Two variants of a business share nothing, for their personas make two houses.

    Args:
        tenant: who is asked.
        crew: who answers.
        text: the customer's words.
        language: in which he is answered.
        intent: what the question is, or "".
        rules: those that hold today and concern the talk.
        passages: what was found for the question, the best first.
    """
    digest = hashlib.sha256("\n".join(rules).encode("utf-8", "replace")).hexdigest()[:16]
    return Wanted(
        tenant=tenant.key,
        text=text,
        scope=(crew.name, crew.channel, crew.function, language, intent),
        house=f"{house_version(crew, tenant)}{digest}",
        knowledge=knowledge_version(tenant),
        pieces=(*of_tenant(tenant), *map(of_passage, passages)),
        sure=bool(passages) and passages[0].certain,
        alone=not tenant.answers.other_words,
    )


def of_tenant(tenant: Tenant) -> Iterator[Piece]:
    """Yield what every crew of the business reads, whatever is asked."""
    for name, value in tenant.facts.items():
        yield Piece("fact", name, f"{name}: {value}", f"facts.{name}")
    if tenant.hours:
        yield Piece("hours", "hours", tenant.hours, "hours")
    for one in tenant.professionals:
        text = f"{one.name}: {one.specialty} {' '.join((*one.symptoms, *one.slots))}"
        yield Piece("professional", one.name, text, f"professionals.{one.name}")


def of_passage(passage: Passage) -> Piece:
    """Return a piece of knowledge as what an answer may rest on."""
    return Piece("knowledge", passage.title, f"{passage.title}\n{passage.text}", passage.source)
