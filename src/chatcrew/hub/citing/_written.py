"""What stood before whoever wrote a reply, text by text, with where people wrote it."""

from collections.abc import Iterator, Sequence

from chatcrew.hub.citing._support import Written
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import Passage, spoken
from chatcrew.tenancy.lines import rule_key
from chatcrew.tenancy.model import Tenant

LONGEST_NAME = 80
"""Characters of a name in the record: a question of the business's own."""


def written(ctx: TurnContext, reply: Reply) -> list[Written]:
    """Return everything that a reply of this turn may have taken words from, each place once."""
    tenant = ctx.our_tenant()
    plans = {one.name: f"{one.place[0]}:{one.place[1]}" for one in tenant.plans}
    found = [
        *(_passage(one) for one in (*ctx.passages, *reply.passages)),
        *_facts(tenant, plans),
        *_rules(ctx.rules),
        *_people(tenant),
        *([Written("hours", "hours", tenant.hours, key="hours")] if tenant.hours else []),
        *(Written("", "", text) for text in _elsewhere(ctx, reply) if text),
    ]
    return list(_by_place(found))


def _passage(one: Passage) -> Written:
    return Written(
        "knowledge", one.title[:LONGEST_NAME], f"{one.title}\n{one.text}", place=one.source
    )


def _facts(tenant: Tenant, plans: dict[str, str]) -> Iterator[Written]:
    for name, value in tenant.facts.items():
        plan = next((one for one in plans if name.endswith(f" {one}")), None)
        text = f"{name}: {value}"
        if plan is not None:
            yield Written("knowledge", plan, text, place=plans[plan])
        else:
            yield Written("fact", name[:LONGEST_NAME], text, key=f"facts.{name}")


def _rules(rules: Sequence[str]) -> Iterator[Written]:
    for rule in rules:
        yield Written("rule", rule[:LONGEST_NAME], rule, key=rule_key(rule))


def _people(tenant: Tenant) -> Iterator[Written]:
    for one in tenant.professionals:
        text = f"{one.name}: {one.specialty} {' '.join((*one.symptoms, *one.slots))}"
        yield Written("professional", one.name, text, key=f"professionals.{one.name}")


def _elsewhere(ctx: TurnContext, reply: Reply) -> Iterator[str]:
    """Yield what is nobody's writing, and yet a reply may take its words from it."""
    yield from reply.sources
    yield from ctx.told
    yield from (spoken(line) for line in ctx.history)
    yield from (ctx.summary, ctx.before, *(fact.text for fact in ctx.memory))
    contact = ctx.claim.state.snapshot.contact
    yield " ".join(filter(None, [contact.name, contact.phone, contact.email]))
    yield " ".join(ctx.collected.values())


def _by_place(found: Sequence[Written]) -> Iterator[Written]:
    """Yield what was found, all that stands in one place as one: it is deleted as one."""
    rows: dict[str, Written] = {}
    for one in found:
        where = one.place or one.key or one.text
        before = rows.get(where)
        if before is None:
            rows[where] = one
        elif one.text not in before.text:
            text = f"{before.text}\n{one.text}"
            rows[where] = Written(before.kind, before.name, text, before.place, before.key)
    yield from rows.values()
