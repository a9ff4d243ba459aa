"""One fault in a file the admin edits, which can say itself in two languages."""

import difflib
from collections.abc import Collection, Iterable

from chatcrew.errors import ConfigError
from chatcrew.tenancy._faults.catalog import sentence
from chatcrew.tenancy._faults.hints import USUAL
from chatcrew.tenancy._faults.masking import masked

YamlPath = tuple[str | int, ...]
"""Where something stands inside a document: keys and list positions from the root."""


class Fault(ConfigError):
    """A ``ConfigError`` made from the catalogue; ``str()`` is English, ``render`` any language.

    Args:
        code: key of the sentence in the catalogue, also its stable name for tests and metrics.
        file: path as the admin knows it.
        line: 1-based line, or None where the whole file is at fault.
        column: 1-based column, or None.
        path: dotted path inside the document.
        hint: key of the hint in the catalogue, or None.
        values: what the sentences are filled with; never a secret's value: what looks like one,
            here or in ``path``, is hidden.
    """

    def __init__(
        self,
        code: str,
        *,
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        path: str = "",
        hint: str | None = None,
        **values: object,
    ) -> None:
        hint = hint or USUAL.get(code)
        path = masked(path)
        values = {
            name: masked(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        super().__init__(
            sentence(code, language="en", values=values),
            file=file,
            line=line,
            column=column,
            path=path,
            hint=sentence(hint, language="en", values=values) if hint else None,
        )
        self.code = code
        self.values = values
        self._hint_code = hint

    @property
    def hint_code(self) -> str | None:
        """Key of the hint in the catalogue."""
        return self._hint_code

    def render(self, language: str) -> str:
        """Return place, path, message and hint as one line in ``language``: ``en`` or ``pt-BR``."""
        hint = self._hint_code
        translated = ConfigError(
            sentence(self.code, language=language, values=self.values),
            file=self.file,
            line=self.line,
            column=self.column,
            path=self.path,
            hint=sentence(hint, language=language, values=self.values) if hint else None,
        )
        return str(translated)

    def __reduce__(self) -> tuple[object, ...]:
        hint = self._hint_code
        return (
            _rebuild,
            (self.code, self.file, (self.line, self.column), self.path, hint, self.values),
        )


def _rebuild(
    code: str,
    file: str,
    mark: tuple[int | None, int | None],
    path: str,
    hint: str | None,
    values: dict[str, object],
) -> Fault:
    """Make the same fault again on the other side of a pipe."""
    line, column = mark
    return Fault(code, file=file, line=line, column=column, path=path, hint=hint, **values)


def dotted(path: YamlPath) -> str:
    """Return a path as people read it: ``accounts.acme.inboxes.31.channel``, ``faq[2].answer``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def choices(word: str, known: Collection[str]) -> tuple[str | None, dict[str, str]]:
    """Return a hint's key and values for ``word``: the nearest known one, else the whole list."""
    # among short words nearly everything is near: zap is no misspelt api
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6 if len(word) > 4 else 0.7)
    if near:
        return "did_you_mean", {"suggestion": near[0]}
    if known and len(known) <= 20:
        return "one_of", {"choices": ", ".join(sorted(known))}
    return None, {}


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return each fault once, by file and line."""
    once: dict[tuple[object, ...], Fault] = {}
    for fault in faults:
        once.setdefault((fault.file, fault.line, fault.path, fault.message), fault)
    return sorted(
        once.values(),
        key=lambda fault: (fault.file, fault.line or 0, fault.column or 0, fault.path),
    )
