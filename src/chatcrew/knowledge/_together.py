"""Configured answers and passages of documents as one list for the crew."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatcrew.knowledge._rank import Asked
from chatcrew.messages import Passage


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search found.

    Attributes:
        source: what is cited.
        title: of its document, or its question.
        headings: those it stands under.
        text: what it says.
        score: by its words.
    """

    source: str
    title: str
    headings: tuple[str, ...]
    text: str
    score: float

    def scored(self, score: float) -> "Found":
        """Return the same passage as another question finds it."""
        return Found(self.source, self.title, self.headings, self.text, score)


def together(
    answers: Sequence[Passage],
    found: Sequence[Found],
    asked: Asked,
    *,
    limit: int,
    sort: bool = True,
) -> list[Passage]:
    """Return what was found, best first; an answer that is certain stays first and certain.

    Args:
        answers: configured questions, as their own score has them.
        found: passages of documents and configured questions.
        asked: the question that they were scored against.
        limit: most passages.
        sort: by score and then by source; else ``found`` is in order.
    """
    rows = sorted(found, key=lambda one: (-one.score, one.source)) if sort else list(found)
    best: dict[tuple[str, str], Passage] = {}
    if answers and answers[0].certain:
        best[answers[0].source, answers[0].text] = answers[0]
    for at, one in enumerate(rows):  # a page or a line may hold several
        # Two rankings have no common score but the place they agree on
        share = asked.share(one.score) if sort else round(1 - at / len(rows), 4)
        passage = Passage(one.source, shown(one), one.text, share)
        best.setdefault((one.source, one.text), passage)
    return list(best.values())[:limit]


def shown(found: Found) -> str:
    """Return a passage's title with the headings that say what it is about."""
    above = [one for one in found.headings if one and one != found.title]
    return " › ".join(part for part in (found.title, *above) if part)
