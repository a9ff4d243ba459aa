"""What customers mention of themselves goes into their contact, once, over nothing that differs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from chatcrew import intents
from chatcrew.clock import Clock
from chatcrew.hub import parts, remembering
from chatcrew.hub.context import TurnContext
from chatcrew.hub.shaping import literal
from chatcrew.messages import ActKind, AuthorKind, Contact, Line, PlannedPart
from chatcrew.tenancy.model import Collect

DOCUMENT = "cpf"
"""Custom attribute of the contact that a document goes to: Chatwoot has no field for it."""

OF_CONVERSATION = "cliente_"
"""What attributes of the conversation begin with, where a bot may not touch contacts."""

_VISITOR = re.compile(r"[a-z]+-[a-z]+-\d+")
"""What Chatwoot's widget calls a visitor without a name: ``damp-river-123``."""

_FIELDS: Mapping[str, str] = {"name": "name", "email": "email", "phone": "phone_number"}
_SAID = {"name": "nome", "email": "e-mail", "phone": "telefone", "document": "CPF"}


def collect(ctx: TurnContext, *, clock: Clock) -> None:
    """Plan what the burst tells of the customer; ``ctx.topic`` keeps that it was planned.

    Missing fields are filled. What differs from what is there stays, and people read a note: the
    customer may have written somebody else's address. A bot's token may not change contacts
    (contract §4.3): without a user's it becomes attributes of the conversation.
    """
    tenant, state = ctx.our_tenant(), ctx.claim.state
    contact = state.snapshot.contact
    if contact.id is None or ctx.bot is None or not _may(ctx):
        return
    topic = ctx.topic or state.topic
    found = {
        kind: value
        for kind, value in _told(ctx, tenant.collect, clock)
        # What the channel vouches for nobody else may say
        if topic.collected.get(kind) != value and kind != state.snapshot.proven
    }
    fresh = {kind: value for kind, value in found.items() if _known(contact, kind) is None}
    other = {
        kind: value
        for kind, value in found.items()
        if kind not in fresh and not _same(kind, _known(contact, kind) or "", value)
    }
    if not fresh and not other:
        return
    ctx.topic = replace(topic, collected={**topic.collected, **fresh, **other})
    acts = list(ctx.acts)
    if fresh:
        acts.append(_act(ctx, contact.id, fresh))
    if other:
        words = "; ".join(f"{_SAID[kind]}: {literal(value)}" for kind, value in other.items())
        acts.append(
            parts.note(f"📇 O cliente informou outro dado do que está no contato: {words}.")
        )
    ctx.acts = tuple(acts)


def _may(ctx: TurnContext) -> bool:
    """Return whether data may be collected: where consent is required, only with it (S2-27)."""
    policy = ctx.our_tenant().memory
    if policy.consent != "required":
        return True
    topic = ctx.topic or ctx.claim.state.topic
    return topic.consent.startswith("given") or remembering.agreed(ctx, ctx.consent)


def _told(ctx: TurnContext, wanted: Collect, clock: Clock) -> Iterator[tuple[str, str]]:
    """Yield what the customer's own lines of the burst tell, by kind, the last of each kind."""
    burst = [item.line for item in ctx.claim.burst if item.line is not None]
    lines = [line for line in burst if line.author.kind is AuthorKind.CUSTOMER and line.text]
    asked = _name_was_asked(ctx.history)
    now = clock.now()
    for line in lines:
        name = intents.told_name(line.text, asked=asked) if wanted.name else None
        if name is not None:
            yield "name", name
        for one in intents.entities(line.text, now=now):
            kind = {"email": "email", "phone": "phone", "cpf": "document"}.get(one.kind)
            if kind is None or not one.valid or not getattr(wanted, kind):
                continue
            # 0800 and the like are dialled at home only, and are nobody's own
            if kind != "phone" or one.value.startswith("+"):
                yield kind, one.value


def _name_was_asked(history: Iterable[Line]) -> bool:
    last = list(history)[-1:]
    return bool(last) and last[0].author.kind is AuthorKind.BOT and intents.asks_name(last[0].text)


def _known(contact: Contact, kind: str) -> str | None:
    """Return what the contact has; a name that is its number or address is no name."""
    if kind == "document":
        said = contact.attributes.get(DOCUMENT)
        return str(said) if said else None
    if kind == "name":
        name = (contact.name or "").strip()
        made_up = "@" in name or _VISITOR.fullmatch(name) is not None
        return None if made_up or not intents.first_name(name) else name
    return contact.email if kind == "email" else contact.phone


def _same(kind: str, known: str, told: str) -> bool:
    """Return whether what is there says the same: Ana is Ana Souza, whoever wrote it."""
    if kind == "name":
        return intents.fold(told).split()[:1] == intents.fold(known).split()[:1]
    if kind == "email":
        return known.strip().lower() == told.lower()
    mine, theirs = _digits(known), _digits(told)
    # Brazilian numbers come with or without the ninth digit
    return mine == theirs or (kind == "phone" and mine[-8:] == theirs[-8:])


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _act(ctx: TurnContext, contact: int, fresh: Mapping[str, str]) -> PlannedPart:
    if ctx.bot is None or ctx.bot.user_token is None:
        said = {f"{OF_CONVERSATION}{kind}": value for kind, value in fresh.items()}
        return PlannedPart(ActKind.ATTRIBUTES, {"set": said})
    fields: dict[str, object] = {
        _FIELDS[kind]: value for kind, value in fresh.items() if kind in _FIELDS
    }
    if "document" in fresh:
        fields["custom_attributes"] = {DOCUMENT: fresh["document"]}
    return PlannedPart(ActKind.CONTACT, {"contact_id": contact, "set": fields})
