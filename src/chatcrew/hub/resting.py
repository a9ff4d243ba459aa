"""What an answer of a turn may rest on, piece by piece, so that it can be given again (N7)."""

import hashlib
from collections.abc import Iterator

from chatcrew.hub.context import TurnContext
from chatcrew.messages import Passage, Piece, Wanted
from chatcrew.tenancy.known import house_version, knowledge_version
from chatcrew.tenancy.model import Tenant


def wanted(ctx: TurnContext) -> Wanted:
    """Return the turn's question with everything that its answer may rest on now.

    Two variants of a business share nothing, for their personas make two houses.

    Args:
        ctx: the turn, after retrieve.
    """
    tenant, crew = ctx.our_tenant(), ctx.our_crew()
    rules = hashlib.sha256("\n".join(ctx.rules).encode("utf-8", "replace")).hexdigest()[:16]
    best = ctx.passages[0] if ctx.passages else None
    return Wanted(
        tenant=tenant.key,
        text=ctx.text,
        scope=(crew.name, crew.channel, crew.function, ctx.language, ctx.intent or ""),
        house=f"{house_version(crew, tenant)}{rules}",
        knowledge=knowledge_version(tenant),
        pieces=(*of_tenant(tenant), *map(of_passage, ctx.passages)),
        sure=best is not None and best.certain,
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
