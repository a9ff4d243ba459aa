"""Reads every figure off a page as it is rendered: marked ones, and those inside of sentences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("input", "img", "br", "hr", "meta", "link"))
LEFT_OUT = frozenset(("form", "script", "style", "noscript", "svg", "pre", "code"))
"""What holds no figures: what is chosen or pressed, and what is typed into a terminal."""
_PUT_IN = re.compile(r"\{\w+\}")
_NAME = re.compile(r"\\\{(\w+)\\\}")


@dataclass
class Cell:
    """A marked figure: the value it bears, and what people read."""

    raw: str
    text: str = ""


@dataclass
class Bar:
    """What is drawn behind a cell: how far of how much."""

    most: float
    value: float


@dataclass
class Row:
    """A row of a table: its cells, and what is drawn in it."""

    cells: list[Cell] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


class Rendered(HTMLParser):
    """A page.

    Attributes:
        told: figures that stand out.
        sheets: rows of each table.
        loose: other text with a digit in it, and beside which figure it stands.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.told: dict[str, Cell] = {}
        self.sheets: dict[str, list[Row]] = {}
        self.loose: list[tuple[str, str]] = []
        self._open: list[tuple[str, str, object]] = []
        self._main = False
        self._beside = ""
        self.feed(html)
        # Headings are rows without figures
        self.sheets = {
            name: [one for one in rows if one.cells] for name, rows in self.sheets.items()
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what is marked."""
        found = {key: value or "" for key, value in attrs}
        self._main = self._main or tag == "main"
        if "stat" in found.get("class", "").split():
            self._beside = ""
        if tag == "progress" and (rows := self._rows()):
            rows[-1].bars.append(Bar(float(found["max"]), float(found["value"])))
        what: tuple[str, object] = ("", None)
        if "data-value" in found:
            what = ("cell", self._marked(found))
        elif "data-sheet" in found:
            what = ("sheet", self.sheets.setdefault(found["data-sheet"], []))
        elif (tag in ("tr", "li") or "data-row" in found) and (rows := self._rows()) is not None:
            rows.append(Row())
        elif tag in LEFT_OUT:
            what = ("left", None)
        if tag not in VOID:
            self._open.append((tag, *what))

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if tag == "main":
            self._main = False
        while self._open:
            name, what, cell = self._open.pop()
            if what == "cell":
                assert isinstance(cell, Cell)
                cell.text = " ".join(cell.text.split())
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Keep text with what it belongs to."""
        kinds = {what: one for _, what, one in self._open}
        if not self._main or "left" in kinds or not data.strip():
            return
        if "cell" in kinds:
            cell = kinds["cell"]
            assert isinstance(cell, Cell)
            cell.text += data
        elif any(one.isdigit() for one in data):
            self.loose.append((self._beside, " ".join(data.split())))

    def _marked(self, found: Mapping[str, str]) -> Cell:
        cell = Cell(found["data-value"])
        name = found.get("data-figure") or found.get("data-told")
        if name:
            assert name not in self.told, name
            self.told[name] = cell
            self._beside = name
        else:
            rows = self._rows()
            assert rows, f"a value outside of a table: {cell.raw}"
            rows[-1].cells.append(cell)
        return cell

    def _rows(self) -> list[Row] | None:
        found = [one for _, what, one in self._open if what == "sheet"]
        return found[-1] if found else None  # type: ignore[return-value]


class Sentences:
    """All that the house says in one language, to find again what was put into it.

    Args:
        words: by key.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._known = [
            (key, len(_PUT_IN.sub("", text)), re.compile(_pattern(text)))
            for key, text in words.items()
        ]

    def found(self, text: str, *, beside: str = "") -> list[tuple[str, dict[str, str]]]:
        """Return what was put into a text, by the key of the sentence.

        Raises:
            AssertionError: nobody says so, or two sentences may have been meant.
        """
        whole = self._one(text, beside=beside)
        if whole is not None and not any(" · " in one for one in whole[1].values()):
            return [whole]
        parts = [self._one(one, beside=beside) for one in text.split(" · ")]
        assert all(parts), f"a figure that nobody recomputes: {text!r} beside {beside!r}"
        return [one for one in parts if one is not None]

    def _one(self, text: str, *, beside: str) -> tuple[str, dict[str, str]] | None:
        fits = [(key, most, m) for key, most, one in self._known if (m := one.fullmatch(text))]
        if not fits:
            return None
        # Of several sentences that fit, the one that says most by itself
        best = max(most for _, most, _ in fits)
        alike = [(key, m.groupdict()) for key, most, m in fits if most == best]
        about = [
            one
            for one in alike
            if one[0].startswith("fig.") and beside.startswith(one[0].split(".")[1])
        ]
        found = about or alike
        assert len(found) == 1 or not found[0][1], (text, found)
        return found[0]


def _pattern(text: str) -> str:
    """Return what a sentence looks like; one that is nothing but what is put in fits nothing."""
    if not re.search(r"\w", _PUT_IN.sub("", text)):
        return r"(?!)"
    return _NAME.sub(r"(?P<\1>.+?)", re.escape(" ".join(text.split())))
