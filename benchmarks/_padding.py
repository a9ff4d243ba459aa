"""Passages nobody asks for, so that a search has as much to walk through as in a large business."""

import random
from collections.abc import Iterator

from chatcrew.knowledge._analysis import table

EACH = 20
"""Passages of one generated document, a page of text."""
_SYLLABLES = "ba be bi bo ca co da de di do fa fe fo ga la le li lo ma me mi mo na ne no pa pe po"
_SYLLABLES += " ra re ri ro sa se si so ta te ti to va ve vi vo bra cre dri fla gri pla pre tra"
_INVENTED = 12_000
_WORDS = (28, 60)


def documents(passages: int, *, seed: int) -> Iterator[tuple[str, str]]:
    """Yield name and Markdown of generated documents that hold so many passages together.

    Half of the words are those that customers use, drawn as unevenly as words are in any language;
    the rest are invented, so that the vocabulary grows as that of real texts does.
    """
    chance = random.Random(seed)
    known = sorted({" ".join(one) for _, members in table() for one in members})
    chance.shuffle(known)
    syllables = _SYLLABLES.split()
    rare = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(_INVENTED)]
    pools = [(words, [1 / (at + 8) for at in range(len(words))]) for words in (known, rare)]

    def drawn(count: int) -> list[str]:
        half = count // 2
        said = [
            *chance.choices(pools[0][0], weights=pools[0][1], k=half),
            *chance.choices(pools[1][0], weights=pools[1][1], k=count - half),
        ]
        chance.shuffle(said)
        return said

    for number in range(0, passages, EACH):
        sections = [
            f"## {' '.join(drawn(4)).capitalize()}\n\n"
            f"{' '.join(drawn(chance.randint(*_WORDS))).capitalize()}.\n"
            for _ in range(min(EACH, passages - number))
        ]
        yield f"pagina-{number // EACH:05d}.md", "\n".join(sections)
