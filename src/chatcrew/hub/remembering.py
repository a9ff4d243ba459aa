"""What a turn may remember of a person, what it gets to read, and what it leaves to be kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chatcrew import intents
from chatcrew.hub.context import TurnContext
from chatcrew.ids import ConversationId
from chatcrew.messages import (
    Claim,
    Consent,
    Fact,
    FactKind,
    NewFact,
    Person,
)
from chatcrew.tenancy.model import Tenant

MOST = 5
"""Remembered lines that an answer gets (S3-52, S3-98)."""

UNTOLD_FOR = timedelta(days=30)
"""For so long what a customer refused to tell is not asked for in other conversations."""

UNTOLD = "untold:"
"""What the subject of such a fact begins with; the slot's name follows."""

_ALWAYS = frozenset({"name"})
"""Subjects that concern every message."""

_ROOT = 5
_FRESH = timedelta(days=30)
_BY_ATTRIBUTE = "attribute"
_YES = frozenset({"true", "sim", "yes", "1", "aceito", "concordo"})
_IDLE = intents.word_set(
    "a o as os um uma de da do das dos em no na que com por para pra e ou se eu me meu minha voce"
    " voces isso esse essa este esta the of to and or is it i my you your cliente prefere quer"
)


def person(claim: Claim, tenant: Tenant) -> Person | None:
    """Return whose memory the turn may read; None where that is nobody's business."""
    contact = claim.state.snapshot.contact.id
    if contact is None or not tenant.memory.enabled:
        return None
    return Person(tenant.key, claim.key.conversation.account, contact)


def agreed(ctx: TurnContext, consent: Consent | None) -> bool:
    """Return whether facts of the customer may be kept and shown."""
    policy = ctx.our_tenant().memory
    if not policy.enabled:
        return False
    if policy.consent != "required" or _attribute_says(ctx):
        return True
    # What an attribute gave is taken back with it
    return consent is not None and consent.given and consent.version != _BY_ATTRIBUTE


def attribute_consent(ctx: TurnContext, known: Consent | None, *, now: datetime) -> Consent | None:
    """Return what the contact's own attribute in Chatwoot says, where that is news.

    Consent that the attribute gave is withdrawn when the attribute no longer says so; what the
    customer answered in a conversation stays.
    """
    given = _attribute_says(ctx)
    if known is None and not given:
        return None
    if known is not None and (known.version != _BY_ATTRIBUTE or known.given == given):
        return None
    return Consent(given, now, _BY_ATTRIBUTE, str(ctx.claim.key.conversation))


def relevant(facts: Iterable[Fact], question: str, *, now: datetime) -> tuple[Fact, ...]:
    """Return what of ``facts`` concerns ``question``, at most five, the nearest first.

    By how many of a fact's words the question has, then by how fresh it is; where few share a word
    with it the newest fill up: they say who it is that writes. What the customer will not tell is
    told elsewhere.
    """
    asked = _roots(question)
    ranked = sorted(
        (fact for fact in facts if fact.kind is not FactKind.SLOT),
        key=lambda fact: _score(fact, asked, now),
        reverse=True,
    )
    return tuple(ranked[:MOST])


def untold(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the slots that the customer has refused in the last weeks."""
    return frozenset(
        (fact.about or "").removeprefix(UNTOLD)
        for fact in facts
        if fact.kind is FactKind.SLOT and (fact.about or "").startswith(UNTOLD)
    )


def refusals(
    names: Sequence[str], *, conversation: ConversationId, message_id: int, now: datetime
) -> tuple[NewFact, ...]:
    """Return as facts what the customer will not tell."""
    return tuple(
        NewFact(
            FactKind.SLOT,
            f"Prefere não informar: {name.replace('_', ' ')}.",
            f"{UNTOLD}{name}",
            conversation,
            message_id,
            expires_at=now + UNTOLD_FOR,
        )
        for name in names
    )


def _attribute_says(ctx: TurnContext) -> bool:
    name = ctx.our_tenant().memory.attribute
    said = ctx.claim.state.snapshot.contact.attributes.get(name) if name is not None else None
    if said is None or isinstance(said, bool):
        return said is True
    text = str(said).strip().lower()
    return text in _YES or _is_day(text)


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _score(fact: Fact, asked: frozenset[str], now: datetime) -> tuple[float, datetime, int]:
    own = _roots(fact.text) | _roots((fact.about or "").replace("_", " "))
    shared = len(own & asked) / (len(own) ** 0.5) if own else 0.0
    fresh = 0.2 if now - fact.created_at < _FRESH else 0.0
    known = 0.5 if fact.about in _ALWAYS else 0.0
    return (shared + fresh + known, fact.created_at, fact.id)


def _roots(text: str) -> frozenset[str]:
    return frozenset(word[:_ROOT] for word in intents.words(text) if word not in _IDLE)
