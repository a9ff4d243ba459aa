"""In which language a turn speaks: the customer's own, among those of the business."""

from chatcrew.hub.context import TurnContext
from chatcrew.intents import detect_language, language_held
from chatcrew.messages import AuthorKind


def language_of(ctx: TurnContext, words: str) -> str:
    """Return the language to answer ``words`` in; none: that of what the customer wrote last."""
    tenant, so_far = ctx.our_tenant(), None
    for line in reversed(ctx.history):
        if line.author.kind is AuthorKind.CUSTOMER:
            so_far = detect_language(line.text, default="") or None
            if so_far is not None:
                break
    return language_held(words, so_far=so_far, default=tenant.language, among=tenant.languages)
