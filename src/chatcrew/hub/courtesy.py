"""Nobody is greeted twice in one talk, however often a model says hello (S2-02)."""

import re
from dataclasses import replace

from chatcrew.hub.context import Reply, TurnContext
from chatcrew.messages import AuthorKind

_LETTERS = frozenset({"email"})
"""Channels on which each answer begins with a greeting, as letters do."""

_WRITTEN = frozenset({"cache", "faq", "intent", "template"})
"""Engines whose words a person wrote or that were checked when they were kept."""

_GAP = r"[\s\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]*"
_HELLO = re.compile(
    rf"^{_GAP}(?i:ol[áa]|oi+|opa|bom dia|boa tarde|boa noite|hello|hi|hey"
    r"|good (?:morning|afternoon|evening))"
    r"(?:,?\s+(?i:de novo|novamente|again)|,?(?:\s+(?:d[aeo]s?\s+)?[A-ZÀ-Þ][\wÀ-ÿ]*){1,4})?"
    rf"\s*(?:[!.,…:]+|\n){_GAP}"
    rf"(?:(?i:tudo bem|tudo certo|como vai|how are you)(?i: com você)?\?+{_GAP})?"
)


def once(ctx: TurnContext, reply: Reply) -> Reply:
    """Return a model's reply without its greeting, where the bot has spoken in this episode.

    What is nothing but a greeting stays: a customer who says hello again is greeted back.
    """
    if reply.engine in _WRITTEN or ctx.our_crew().channel in _LETTERS:
        return reply
    if not any(line.author.kind is AuthorKind.BOT for line in ctx.history):
        return reply
    rest = _HELLO.sub("", reply.text, count=1)
    if rest == reply.text or not rest.strip():
        return reply
    return replace(reply, text=rest[0].upper() + rest[1:])
