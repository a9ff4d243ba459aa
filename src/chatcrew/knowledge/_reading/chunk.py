"""A piece of a document that is found and shown by itself."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Chunk:
    """One passage of a document, in the document's order.

    Attributes:
        text: what it says, as it may be shown.
        title: of the document.
        source_mark: where it begins: ``L12`` is line 12, ``p3`` is page 3.
        headings: those it stands under, the outermost first; in the middle of a list also the
            sentence that leads it in.
        expires: last day on which it holds, or None.
        question: what it answers word for word, or None.
        also: other wordings of the question.
        keywords: words that lead here without standing in it.
    """

    text: str
    title: str
    source_mark: str
    headings: tuple[str, ...] = ()
    expires: date | None = None
    question: str | None = None
    also: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    def source(self, path: str) -> str:
        """Return where it stands as passages say it: ``path:12``, ``path#page=3``."""
        kind, number = self.source_mark[:1], self.source_mark[1:]
        return f"{path}#page={number}" if kind == "p" else f"{path}:{number}"

    def holds_on(self, day: date) -> bool:
        """Return whether it has not expired on ``day``, in the tenant's own time zone."""
        return self.expires is None or day <= self.expires
