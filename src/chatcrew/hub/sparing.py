"""How much a model would have had to read and write for a turn, had one been asked (N6)."""

from chatcrew import intents
from chatcrew.hub import prompt
from chatcrew.hub.context import TurnContext

OUTPUT = 4
"""What a token of an answer costs, in tokens of a request: providers ask four to eight times."""

_SMALL_TALK = 60
"""Characters of an answer to a greeting or thanks."""


def weight(ctx: TurnContext) -> int:
    """Return the characters of this turn alone that a model reads, and four times those it writes.

    What is in every prompt of a crew is not among them. Turns of one business are compared by it.
    """
    return prompt.varying(ctx) + OUTPUT * len(ctx.reply.text if ctx.reply else "")


def more(ctx: TurnContext, said: list[str]) -> int:
    """Return the same of the turns that all messages but the last would have been, added up.

    A greeting among them would have found nothing in the knowledge; a question is taken to find
    as much as all of them did, and to get an answer as long.
    """
    tenant = ctx.our_tenant()
    known = intents.known(tenant, ctx.language)
    full = weight(ctx) - len(ctx.message)
    small = prompt.varying(ctx, passages=()) - len(ctx.message) + OUTPUT * _SMALL_TALK
    total = read = 0
    for words in said[:-1]:
        read += len(words)
        hit = intents.match(words, known, names=[tenant.persona.name])
        total += read + (full if hit is None else small)
    return total
