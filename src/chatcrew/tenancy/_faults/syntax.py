"""What is most often behind a line that is no YAML, said to somebody who never learnt YAML."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

SYNTAX_MESSAGES: Mapping[str, tuple[str, str]] = {
    "not_yaml": ("not valid YAML: {problem}", "não é YAML válido: {problem}"),
    "tab_indent": ("a tab indents this line", "esta linha está recuada com tabulação"),
    "odd_space": (
        "this line begins with a space that is none of the keyboard's",
        "esta linha começa com um espaço que não é o do teclado",
    ),
    "open_quote": ("a quote is opened and never closed", "uma aspa foi aberta e não fechada"),
    "odd_escape": (
        "a backslash between double quotes does not mean itself",
        "uma barra invertida entre aspas duplas não vale por si mesma",
    ),
    "open_bracket": (
        "{word!r} is opened and never closed",
        "{word!r} foi aberto e não fechado",
    ),
    "odd_start": ("a text cannot begin with {word!r}", "um texto não pode começar com {word!r}"),
    "after_quote": (
        "there is text after the closing quote",
        "há texto depois da aspa que fecha",
    ),
    "after_bracket": (
        "a value that begins with {word!r} is no plain text",
        "um valor que começa com {word!r} não é um texto simples",
    ),
    "colon_in_text": ("the text holds a colon", "o texto contém dois-pontos"),
    "no_space_after_colon": (
        "a space is missing after the colon",
        "falta um espaço depois dos dois-pontos",
    ),
    "no_colon": (
        "a colon is missing after the first word",
        "faltam dois-pontos depois da primeira palavra",
    ),
    "no_key": ("this line has no colon", "esta linha não tem dois-pontos"),
    "deeper_indent": (
        "this line is indented more than the one above, which has its value already",
        "esta linha está mais recuada que a de cima, que já tem seu valor",
    ),
    "mixed": (
        "list items (- ) and keys are mixed at one level",
        "itens de lista (- ) e chaves estão misturados no mesmo nível",
    ),
    "odd_indent": (
        "the indent of this line is that of none above",
        "o recuo desta linha não é o de nenhuma de cima",
    ),
}
"""English and Brazilian Portuguese, by code."""

_ODD_SPACE = re.compile(r"\s*?([^\S \t])")
_ITEM = r"^\s*(?:- +)*"
_VALUE = re.compile(_ITEM + r"(?:[^\s:#\"'\[{][^:#]*:\s+)?(?P<value>[\"'{\[*&!%@`|>])")
_EARLIER = re.compile(_ITEM + r"[^\s\"'#:][^:]*:\s+\S")
_KEY = re.compile(_ITEM + r"[^\s\"'#:][^:]*:(\s|$)")
_ENTRY = re.compile(r"^\s*(?:- +)*(?:[a-z][\w-]*:(?:\s|$)|- )")
_GLUED = re.compile(_ITEM + r"(?P<key>[\w-]+):(?=[^\s/])")
_BEFORE_BRACKET = re.compile(_ITEM + r"(?P<key>[\w-]+) +[{\[]")
_ALONE = re.compile(_ITEM + r"(?P<key>[\w-]+)\s*$")
_WORDS = re.compile(_ITEM + r"(?P<first>[^\s:]+)\s[^:]*$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a file's form; ``line`` and ``column`` count from 1, None: nobody knows.

    ``word`` is one sign of YAML and never more of the file: what stands there may be a secret.
    """

    code: str
    hint: str
    line: int | None
    column: int | None
    word: str = ""
    problem: str = ""


def finding(error: yaml.YAMLError, text: str) -> Finding:
    """Return what is behind an error of libyaml; its own words are the last resort."""
    problem = str(getattr(error, "problem", None) or "it cannot be read")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Finding("not_yaml", "check_indent", None, None, problem=problem)
    rows = text.splitlines()
    look = _Look(rows, mark.line, mark.column)
    opened = getattr(error, "context_mark", None)
    context = str(getattr(error, "context", None) or "")
    return (
        look.space()
        or (look.escape(problem) if "quoted scalar" in context else None)
        or look.swallowed(text)
        or (look.opened(context, problem, opened.line, opened.column) if opened else None)
        or look.start()
        or look.colon(problem)
        or look.indent(problem)
        or Finding("not_yaml", "check_indent", mark.line + 1, mark.column + 1, problem=problem)
    )


class _Look:
    """The place of a problem, and the lines around it."""

    def __init__(self, rows: Sequence[str], line: int, column: int) -> None:
        self._rows = rows
        self._line = line
        self._column = column
        self._row = rows[line] if line < len(rows) else ""
        above = (n for n in range(min(line, len(rows)) - 1, -1, -1) if _says_something(rows[n]))
        self._before = next(above, None)

    def space(self) -> Finding | None:
        """Find what indents a line and is no space: a tab, or what a web page had instead."""
        if "\t" in _indent(self._row):
            column = self._row.index("\t") + 1
            return Finding("tab_indent", "use_spaces", self._line + 1, column)
        for line in (self._line, self._before):
            row = self._rows[line] if line is not None and line < len(self._rows) else ""
            found = _ODD_SPACE.match(_indent(row))
            if line is not None and found:
                return Finding("odd_space", "type_space", line + 1, found.start(1) + 1)
        return None

    def swallowed(self, text: str) -> Finding | None:
        """Find a quote above that took whole lines of the file into its text until the next one."""
        try:
            for token in yaml.scan(text, Loader=yaml.CSafeLoader):
                if not isinstance(token, yaml.ScalarToken) or token.style not in ("'", '"'):
                    continue
                start, end = token.start_mark, token.end_mark
                taken = [*self._rows[start.line + 1 : end.line], self._rows[end.line][: end.column]]
                level = _level(self._rows[start.line])
                if end.line > start.line and any(
                    _ENTRY.match(row) and len(_indent(row)) <= level for row in taken
                ):
                    return Finding("open_quote", "close_quote", start.line + 1, start.column + 1)
        except yaml.YAMLError:
            return None
        return None

    def escape(self, problem: str) -> Finding | None:
        """Find a backslash that was meant as one, or a character that there is not."""
        if "escape" not in problem and "hexdecimal" not in problem:
            return None
        column = self._row.rfind("\\", 0, self._column + 1) + 1
        return Finding("odd_escape", "single_quotes", self._line + 1, column or None)

    def opened(self, context: str, problem: str, line: int, column: int) -> Finding | None:
        """Find a quote or a bracket that nobody closed."""
        if "quoted scalar" in context and "end of stream" in problem:
            return Finding("open_quote", "close_quote", line + 1, column + 1)
        if "flow" in context and line < len(self._rows):
            word = self._rows[line][column : column + 1]
            return Finding("open_bracket", "close_bracket", line + 1, column + 1, word=word)
        if "simple key" in context and "':'" in problem and line < len(self._rows):
            return _no_colon(self._rows[line], line)
        return None

    def start(self) -> Finding | None:
        """Find a value that begins with a sign which means something else in YAML."""
        found = _VALUE.match(self._row)
        if found is None or found.start("value") > self._column:
            return None
        word = found["value"]
        if word in "\"'" and found.end("value") == self._column:
            return self._left_open(word)
        code = "after_quote" if word in "\"'" else "odd_start"
        if word in "{[":
            code = "after_bracket"
        hint = "other_quotes" if code == "after_quote" else "quote_whole"
        return Finding(code, hint, self._line + 1, found.start("value") + 1, word=word)

    def _left_open(self, quote: str) -> Finding | None:
        """Find the line above whose quote is closed by what was meant to open another."""
        for line in range(self._line - 1, -1, -1):
            if self._rows[line].count(quote) % 2:
                column = self._rows[line].rindex(quote) + 1
                return Finding("open_quote", "close_quote", line + 1, column)
        return None

    def colon(self, problem: str) -> Finding | None:
        """Find a colon too many, or one that is missing above."""
        if "mapping values" not in problem:
            return None
        bare = _BEFORE_BRACKET.match(self._row)
        if bare:
            return Finding("no_colon", "write_colon", self._line + 1, bare.end("key") + 1)
        if _EARLIER.match(self._row[: self._column]):
            return Finding("colon_in_text", "quote_whole", self._line + 1, self._column + 1)
        return None if self._before is None else self._above(self._before)

    def _above(self, line: int) -> Finding | None:
        """Find what keeps the line above from being a key of its own."""
        above = self._rows[line]
        glued = _GLUED.match(above)
        if glued:
            return Finding("no_space_after_colon", "write_space", line + 1, glued.end() + 1)
        if _KEY.match(above):
            column = len(_indent(self._row)) + 1
            return Finding("deeper_indent", "align", self._line + 1, column)
        return _no_colon(above, line)

    def indent(self, problem: str) -> Finding | None:
        """Find a line that stands under none of those above, or is no item beside items."""
        if "did not find expected" not in problem or not self._row.strip():
            return None
        above = {len(_indent(row)) for row in self._rows[: self._line] if _says_something(row)}
        own = len(_indent(self._row))
        item = self._row.lstrip().startswith("- ")
        if not above or (own in above and item != ("'-' indicator" not in problem)):
            return None
        code = "mixed" if own in above else "odd_indent"
        return Finding(code, "align", self._line + 1, own + 1)


def _no_colon(row: str, line: int) -> Finding | None:
    alone, words = _ALONE.match(row), _WORDS.match(row)
    if alone is not None:
        return Finding("no_colon", "write_colon", line + 1, alone.end("key") + 1)
    if words is not None:
        return Finding("no_key", "key_or_text", line + 1, words.start("first") + 1)
    return None


def _level(row: str) -> int:
    """Return the column of a line's key, or of its dash where it has none: its text is deeper."""
    dashes = re.match(_ITEM, row)
    return dashes.end() if dashes and _KEY.match(row) else len(_indent(row))


def _indent(row: str) -> str:
    return row[: len(row) - len(row.lstrip())]


def _says_something(row: str) -> bool:
    return bool(row.strip()) and not row.lstrip().startswith("#")
