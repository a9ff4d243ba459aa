"""Whether the customer agrees to being remembered: asked once, read from a clear answer."""

import hashlib
from dataclasses import replace
from datetime import datetime

from chatcrew import intents
from chatcrew.hub import remembering, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import Consent, Topic

ASKED, GIVEN, REFUSED = "asked", "given", "refused"

_YES = frozenset(
    intents.fold(one)
    for one in (
        "sim",
        "aceito",
        "concordo",
        "autorizo",
        "pode",
        "pode sim",
        "pode lembrar",
        "sim aceito",
        "sim concordo",
        "sim pode",
        "claro",
        "yes",
        "i agree",
        "agree",
        "ok",
        "tudo bem",
        "sí",
        "acepto",
        "sí acepto",
        "de acuerdo",
    )
)
_NO = frozenset(
    intents.fold(one)
    for one in (
        "não",
        "não aceito",
        "não concordo",
        "não autorizo",
        "não pode",
        "não quero",
        "prefiro não",
        "prefiro que não",
        "não, obrigado",
        "não, obrigada",
        "não lembre",
        "no",
        "no thanks",
        "i do not agree",
        "i don't agree",
        "no acepto",
        "no gracias",
    )
)


def asked_now(ctx: TurnContext, reply: Reply) -> Reply:
    """Return the reply with the question for consent, where it has to be asked and may be.

    Once in an episode, never beside another question (its answer would be taken for this one's),
    never where people take over, and not to who has answered already.
    """
    tenant = ctx.our_tenant()
    policy = tenant.memory
    topic = ctx.topic or ctx.claim.state.topic
    if not policy.enabled or policy.consent != "required" or topic.consent:
        return reply
    if ctx.consent is not None or remembering.agreed(ctx, None):
        return reply
    if ctx.claim.state.snapshot.contact.id is None:
        return reply
    said = reply.text.rstrip()
    if reply.engine == "timer" or reply.template is not None:
        return reply  # who has not written is asked nothing
    if reply.handoff is not None or reply.buttons or not said or said.endswith("?"):
        return reply
    words = texts.text(tenant, "memory_consent", language=ctx.language)
    ctx.topic = replace(topic, consent=f"{ASKED}:{version(words)}")
    return replace(reply, text=f"{said}\n\n{words}")


def read(ctx: TurnContext) -> Reply | None:
    """Return what a plain yes or no to the question is answered with; None: it is no answer."""
    topic = ctx.claim.state.topic
    state, _, shown = topic.consent.partition(":")
    if state != ASKED:
        return None
    said = intents.fold(ctx.text)
    if said not in _YES | _NO:
        return None
    given = said in _YES
    ctx.topic = replace(topic, consent=f"{GIVEN if given else REFUSED}:{shown}")
    key = "memory_agreed" if given else "memory_refused"
    return Reply(
        texts.text(ctx.our_tenant(), key, language=ctx.language),
        engine="intent",
        reason=f"memory_consent:{GIVEN if given else REFUSED}",
        trusted=True,
    )


def answered(ctx: TurnContext, topic: Topic, *, now: datetime) -> Consent | None:
    """Return the consent to record: said in this talk or seen in the contact, and not yet kept."""
    state, _, shown = topic.consent.partition(":")
    known = ctx.consent
    if state not in (GIVEN, REFUSED):
        return remembering.attribute_consent(ctx, known, now=now)
    given = state == GIVEN
    if known is not None and known.given == given:
        return None
    return Consent(given, now, shown, str(ctx.claim.key.conversation))


def version(words: str) -> str:
    """Return the name of a wording: whoever agreed to it agreed to no other."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]
