"""Hand: whether the conversation goes to people after all, by the business's own policy."""

from dataclasses import dataclass, replace

from chatcrew.hub import handing, texts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import AuthorKind, Handoff, Rung
from chatcrew.tenancy.model import LowEvidence

_OWN_WORDS = frozenset({"intent", "timer"})
"""Engines whose words may be said again: a canned answer, a question with its own bound."""

_WRITTEN = _OWN_WORDS | {"cache", "faq", "template"}
"""Engines whose words a person wrote, or that were checked when they were kept."""

_STAYS = {
    "asked": "stay_asked",
    "attachment": "stay_attachment",
    "model": "stay_model_down",
    "evidence": "stay_no_answer",
    "grounding": "stay_no_answer",
    "tool": "stay_no_answer",
}
"""What the customer reads where a trigger is switched off, by the trigger's key."""

_CHOICE = {
    "pt-BR": ("Assistente virtual", "Atendimento humano"),
    "en": ("Virtual assistant", "Human agent"),
    "es": ("Asistente virtual", "Agente humano"),
}
"""Titles of the choice; ``intents.builtin`` understands each of them."""


@dataclass(frozen=True, slots=True)
class Hand:
    """The last word on a handoff: called, not called, and what the conversation gets with it."""

    name: str = "hand"

    async def __call__(self, ctx: TurnContext) -> None:
        """Change the reply where the policy says so."""
        reply = ctx.reply
        if reply is None:
            raise RuntimeError("something set the reply")
        if ctx.draft is not None:
            # People read it before anybody else does
            return
        if reply.handoff is None:
            reply = _called_late(ctx, reply) or _choosing(ctx, reply)
        elif (stays := handing.switched_off(ctx.our_tenant(), reply.handoff)) is not None:
            reply = _staying(ctx, reply, stays)
        if reply.handoff is not None:
            reply = replace(reply, acts=(*reply.acts, *handing.given(ctx, reply, reply.handoff)))
        ctx.reply = reply


def _called_late(ctx: TurnContext, reply: Reply) -> Reply | None:
    """Return a handoff in the place of an answer that should not be said, or None."""
    policy = ctx.our_tenant().people.handoff
    if reply.engine in _OWN_WORDS:
        return None
    again = handing.answered_again(reply.text, ctx.history)
    if policy.loop.enabled and 0 < policy.loop.answers <= again:
        words = f"O bot ia dizer o mesmo pela {again}ª vez."
        return _people(ctx, "loop", key="handoff_loop", summary=words)
    if policy.evidence.enabled and _rests_on_nothing(ctx, reply, policy.evidence):
        return _people(ctx, "low_evidence", key="handoff_no_answer")
    return None


def _rests_on_nothing(ctx: TurnContext, reply: Reply, policy: LowEvidence) -> bool:
    """Return whether a model's statement has no intent, knowledge or tool behind it (S1-25).

    Asking back states nothing.
    """
    if not policy.strict or reply.engine in _WRITTEN or reply.text.rstrip().endswith("?"):
        return False
    chance = ctx.guess[1] if len(ctx.guess) > 1 else 0.0
    known = ctx.intent is not None or (
        isinstance(chance, int | float) and chance >= policy.confidence
    )
    found = any(one.certain for one in (*ctx.passages, *reply.passages)) or bool(reply.sources)
    return not (known or found or ctx.told)


def _staying(ctx: TurnContext, reply: Reply, trigger: str) -> Reply:
    """Return what is said in the place of a handoff that the business has switched off."""
    words = texts.text(ctx.tenant, _STAYS[trigger], language=ctx.language)
    if trigger != "asked" and ctx.our_tenant().people.handoff.asked.enabled:
        words = f"{words} {texts.text(ctx.tenant, 'stay_choice', language=ctx.language)}"
    return replace(
        reply, text=words, engine="template", handoff=None, trusted=True, acts=(), buttons=()
    )


def _choosing(ctx: TurnContext, reply: Reply) -> Reply:
    """Offer bot or person with the first greeting, where the business wants that."""
    greets = reply.reason == "intent:greeting" and not reply.buttons
    first = not any(line.author.kind is AuthorKind.BOT for line in ctx.history)
    if not (ctx.our_tenant().people.handoff.choice and greets and first):
        return reply
    return replace(reply, buttons=_CHOICE.get(ctx.language, _CHOICE["pt-BR"]))


def _people(ctx: TurnContext, reason: str, *, key: str, summary: str = "") -> Reply:
    ctx.rungs.append(Rung("check", reason))
    words = texts.text(ctx.tenant, key, language=ctx.language)
    handoff = Handoff(reason, summary)
    return Reply(words, engine="template", reason=reason, handoff=handoff, trusted=True)
