"""Why a passage was found, for whoever looks after the knowledge: the words it shares."""

from chatcrew.intents import words
from chatcrew.knowledge._stems import stems
from chatcrew.messages import Passage


def shared_words(question: str, passage: Passage) -> tuple[str, ...]:
    """Return the words of a question that a passage holds, in whatever form, in their order.

    None: it was found by what its words come from or mean.
    """
    held = frozenset(stems(f"{passage.title} {passage.text}"))
    found = dict.fromkeys(word for word in words(question) if not held.isdisjoint(stems(word)))
    return tuple(found)
