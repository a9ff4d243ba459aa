"""From a reply to what is sent: bubbles that fit the channel, note, status."""

from collections.abc import Sequence

from chatcrew.hub import acting, debts, handing
from chatcrew.hub.context import Reply, TurnContext
from chatcrew.hub.shaping import Bubble, shape
from chatcrew.messages import ActKind, AuthorKind, Claim, PlannedPart

OPEN_TO_PEOPLE = PlannedPart(ActKind.STATUS, {"status": "open"})


def plan(
    ctx: TurnContext,
    reply: Reply,
    *,
    trace: dict[str, object],
    duties: Sequence[PlannedPart] = (),
) -> list[PlannedPart]:
    """Return the parts of a reply in sending order: bubbles, then for a handoff note and status.

    What an operator's command is answered with comes before all of it.

    The text comes before the status (S3-106): once the conversation is open the bot may not speak.
    """
    # "after": a read-back that shows no newer message than this proves that nothing was sent.
    common: dict[str, object] = {"trace": trace, "after": ctx.claim.state.last_message_id}
    parts = [note(ctx.note, **common)] if ctx.note else []
    whole = [Bubble(reply.text)] if reply.template is not None else None
    bubbles = whole or shape(reply.text, reply.buttons, ctx.our_crew())
    for number, bubble in enumerate(bubbles, 1):
        said = {**trace, "bubble": [number, len(bubbles)]} if len(bubbles) > 1 else trace
        form = {} if reply.template is None else {"template_params": reply.template}
        parts.append(_message(bubble, **{**common, "trace": said, **form}))
    # Before the status: once people have the conversation, it is theirs to label
    acts = acting.merged([*ctx.acts, *reply.acts], handoff=reply.handoff is not None)
    given = [act for act in acts if act.kind is ActKind.ASSIGNMENT]
    parts += dutiful([*duties, *(act for act in acts if act not in given)], **common)
    if reply.handoff is not None:
        parts.append(note(handing.summary(ctx, reply), **common))
        reason, placement = reply.handoff.reason, ctx.placement
        parts.append(debts.handed(OPEN_TO_PEOPLE, reason=reason, placement=placement))
    # Whom it is given to comes last: opening clears the bot as owner and may assign by itself
    parts += given
    return parts


def opened(claim: Claim) -> PlannedPart:
    """Return the act that leaves a conversation to people, who owe an answer to who waits there."""
    if claim.state.last_public_author is not AuthorKind.CUSTOMER:
        return OPEN_TO_PEOPLE
    return debts.unanswered(OPEN_TO_PEOPLE, since=claim.last_word_at)


def dutiful(acts: Sequence[PlannedPart], **common: object) -> list[PlannedPart]:
    """Return acts as parts: a note carries what every note does."""
    return [note(**{**common, **act.payload}) if act.kind is ActKind.NOTE else act for act in acts]


def note(content: str, **common: object) -> PlannedPart:
    """Return a private note, which is sent whoever owns the conversation by then."""
    return PlannedPart(ActKind.NOTE, {"content": content, **common}, gated=False)


def pauses(parts: Sequence[PlannedPart]) -> float:
    """Return the seconds for which sending the parts waits on purpose."""
    return sum(float(part.payload.get("pause", 0.0)) for part in parts)


def _message(bubble: Bubble, **common: object) -> PlannedPart:
    """Return one bubble as a part; its options become what Chatwoot makes buttons or rows of."""
    payload: dict[str, object] = {"content": bubble.text, **common}
    if bubble.options:
        items = [{"title": title, "value": title} for title in bubble.options]
        payload["content_type"] = "input_select"
        payload["content_attributes"] = {"items": items}
    if bubble.pause:
        payload["pause"] = bubble.pause
    return PlannedPart(ActKind.MESSAGE, payload)
