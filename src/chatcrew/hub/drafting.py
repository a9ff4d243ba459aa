"""Draft instead of answer: the reply goes to the team as a note, nothing to the customer."""

from collections.abc import Sequence
from dataclasses import replace

from chatcrew.hub import handing, parts
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.draft_port import Draft
from chatcrew.hub.measure import record
from chatcrew.hub.shaping import literal, shape
from chatcrew.messages import (
    ActKind,
    AuthorKind,
    ConversationState,
    InputKind,
    Outcome,
    Owner,
    OwnerKind,
    PlannedPart,
    Silence,
    Suggestion,
    TurnRecord,
    closed_because,
)

REASON = "draft"
"""Why a turn said nothing to the customer that has drafted."""

NOTHING = (
    "✍️ **Sem rascunho**: nesta conversa ainda não há mensagem do cliente para responder. "
    "(Nothing to draft an answer to.)"
)
ITSELF = (
    "✍️ O próprio bot responde agora nesta conversa; para ele só escrever rascunhos, assuma a "
    "conversa. (The bot answers here itself.)"
)
_DRAFT = (
    "✍️ **Rascunho do bot** (nada foi enviado ao cliente; copie, ajuste e envie):\n\n"
    "{text}\n\n---\n{about}"
)
_NONE = "✍️ **Sem rascunho**: {why}. {about}"
_ENGLISH = "(Draft: nothing was sent.)"
_SOURCES = 3
_LONGEST = 200
_CUSTOMER = (InputKind.MESSAGE, InputKind.CHOICE)
_PEOPLE = (AuthorKind.PERSON, AuthorKind.PHONE)
_ANNOUNCES = ("template", "intent")
"""Whose words with a handoff only say that somebody goes on."""


def wanted(ctx: TurnContext, *, asked: bool) -> Draft | None:
    """Return why this turn only drafts, or None where it may answer.

    In a draft inbox nothing of the bot's is ever public. There a sweep of a conversation that
    people see already is no new question: they are reminded of it as everywhere.

    Args:
        ctx: the turn, which no stage but admit has seen.
        asked: an operator ordered a draft.
    """
    state, burst = ctx.claim.state, ctx.claim.burst
    route = ctx.configuration.route(
        state.id.account, state.snapshot.inbox_id, channel_class=state.snapshot.channel
    )
    customer = any(item.kind in _CUSTOMER for item in burst)
    if asked and not customer:
        return Draft.ASKED
    if route is not None and route.mode == "draft":
        hidden = state.snapshot.status in ("pending", None)
        return Draft.MODE if customer or hidden else None
    if not asked or ctx.bot is None:
        return None
    closed = closed_because(state, agent_bot_id=ctx.bot.agent_bot_id)
    return Draft.ASKED if closed is not None else None


def shut_for(ctx: TurnContext, state: ConversationState) -> str | None:
    """Return why this turn may say nothing in this state: no word to the customer, or no draft."""
    if ctx.bot is None:
        raise RuntimeError("the bot is known after admit")
    if ctx.draft is None:
        return closed_because(state, agent_bot_id=ctx.bot.agent_bot_id)
    return shut(state, ctx.draft, agent_bot_id=ctx.bot.agent_bot_id)


def shut(state: ConversationState, draft: Draft, *, agent_bot_id: int) -> str | None:
    """Return why not even a draft is written, or None: people's conversations are no reason.

    Who asks for one gets it. In draft mode no note comes after a person has answered, and
    ``/bot parar`` stops drafts too.
    """
    if draft is Draft.ASKED:
        return None
    snapshot = state.snapshot
    rules = (
        (state.silence is Silence.COMMAND, "silenced_by_command"),
        (snapshot.status not in ("pending", "open", None), f"status_{snapshot.status}"),
        (snapshot.contact.blocked, "contact_blocked"),
        (_another_bots(state.snapshot.owner, agent_bot_id), "owner_is_other_bot"),
        (state.last_public_author in _PEOPLE, "draft_answered"),
    )
    return next((reason for holds, reason in rules if holds), None)


def _another_bots(owner: Owner | None, agent_bot_id: int) -> bool:
    if owner is None or owner.kind is OwnerKind.PERSON:
        return False
    return owner.kind is OwnerKind.OTHER_AI or owner.id != agent_bot_id


def suggested(ctx: TurnContext, reply: Reply) -> Suggestion | None:
    """Return the reply as a suggestion; None where there are no words worth sending.

    That somebody will go on is nothing that the one who goes on would say.
    """
    if not reply.text or (reply.handoff is not None and reply.engine in _ANNOUNCES):
        return None
    bubbles = shape(reply.text, reply.buttons, ctx.our_crew())
    return Suggestion(
        turn_id=ctx.claim.key.turn_id,
        conversation=ctx.claim.key.conversation,
        tenant=ctx.our_tenant().key,
        text="\n\n".join(bubble.text for bubble in bubbles),
        asked=ctx.draft is Draft.ASKED,
        after=ctx.claim.state.last_message_id,
        config=ctx.configuration.version,
    )


def recorded(ctx: TurnContext) -> TurnRecord:
    """Return the record of a turn that drafted: its note tells people of this wait (ADR 0010)."""
    facts, state = record(ctx, outcome=Outcome.DROPPED, reason=REASON), ctx.claim.state
    told = {"announced": state.last_customer_id, "episode": state.episode}
    return replace(facts, details={**facts.details, **told})


def plan(
    ctx: TurnContext,
    reply: Reply,
    suggestion: Suggestion | None,
    *,
    trace: dict[str, object],
    duties: Sequence[PlannedPart] = (),
) -> list[PlannedPart]:
    """Return the notes of a draft, and in draft mode the opening: pending ones nobody sees."""
    common: dict[str, object] = {"trace": trace, "after": ctx.claim.state.last_message_id}
    said = [ctx.note, _note(reply, suggestion)]
    planned = [parts.note(words, **common) for words in said if words]
    planned += parts.dutiful(duties, **common)
    if ctx.draft is Draft.MODE and ctx.claim.state.snapshot.status != "open":
        planned.append(replace(parts.OPEN_TO_PEOPLE, gated=False))
    return planned


def _note(reply: Reply, suggestion: Suggestion | None) -> str:
    about = []
    if reply.passages:
        found = dict.fromkeys(one.source for one in reply.passages)
        about.append("Fontes: " + ", ".join(f"`{source}`" for source in [*found][:_SOURCES]) + ".")
    if acts := [words for act in reply.acts if (words := _act(act))]:
        about.append(f"O bot também faria: {'; '.join(acts)}.")
    if suggestion is None:
        why = handing.why(reply.handoff.reason) if reply.handoff else "o bot não diria nada"
        return _NONE.format(why=why, about=" ".join([*about, "(No draft.)"]))
    if reply.handoff is not None:
        about.append(f"O bot chamaria uma pessoa: {handing.why(reply.handoff.reason)}.")
    return _DRAFT.format(text=suggestion.text, about=" ".join([*about, _ENGLISH]))


def _act(act: PlannedPart) -> str:
    """Return what an act would do that a person may do in its place."""
    payload = act.payload
    if act.kind is ActKind.LABELS:
        return "etiquetas " + ", ".join(f"`{one}`" for one in payload.get("add", ()))
    if act.kind is ActKind.PRIORITY:
        return f"prioridade `{payload.get('priority')}`"
    if act.kind is ActKind.NOTE:
        return f"nota “{literal(str(payload.get('content', '')), limit=_LONGEST)}”"
    if act.kind is ActKind.STATUS:
        return f"status `{payload.get('status')}`"
    return {ActKind.TIMER: "um retorno mais tarde", ActKind.CONTACT: "dados do contato"}.get(
        act.kind, ""
    )
