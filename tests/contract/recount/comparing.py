"""Holds a page against what was recomputed: value by value, and as people read it."""

from collections.abc import Mapping, Sequence

from tests.contract.recount.facts import Counted, Value
from tests.contract.recount.rendered import Bar, Cell, Rendered, Row, Sentences
from tests.contract.recount.shown import same, shown


def faults(
    page: Rendered, wanted: Counted, *, sentences: Sentences, lang: str, zone: str
) -> list[str]:
    """Return in words where a page differs; figures that nobody recomputed are among them."""
    place = {"lang": lang, "zone": zone}
    found = [
        f"figures that stand out: {set(page.told) ^ set(wanted.told)}"
        for _ in [0]
        if set(page.told) != set(wanted.told)
    ]
    for key, (value, kind) in wanted.told.items():
        if key in page.told and not _is(page.told[key], value, kind, place):
            found.append(f"{key}: {page.told[key]} is not {value!r}")
    rows = {name: one for name, one in page.sheets.items() if one}
    sheets = {name: one for name, one in wanted.sheets.items() if one[1]}
    if set(rows) != set(sheets):
        found.append(f"tables: {set(rows) ^ set(sheets)}")
    for name in set(rows) & set(sheets):
        kinds, values = sheets[name]
        found += [f"{name}: {one}" for one in _rows(rows[name], values, kinds.split(), place)]
        found += [f"{name}: {one}" for one in _bars(rows[name])]
    said = [
        (key, put)
        for beside, text in page.loose
        for key, put in sentences.found(text, beside=beside)
        if put
    ]
    meant = [
        (key, {name: _told(value, kind, place) for name, (value, kind) in put.items()})
        for key, put in wanted.said
    ]
    found += [f"said, and not recomputed: {one}" for one in said if one not in meant]
    found += [f"recomputed, and not said: {one}" for one in meant if one not in said]
    return found


def _told(value: Value, kind: str, place: Mapping[str, str]) -> str:
    text = shown(value, kind, **place)
    return str(value) if text is None else text


def _is(cell: Cell, value: Value, kind: str, place: Mapping[str, str]) -> bool:
    text = shown(value, kind, **place)
    read = text is None or (cell.text.startswith(text) if kind == "last" else cell.text == text)
    return same(cell.raw, value) and read


def _rows(
    found: Sequence[Row], wanted: Sequence[tuple[Value, ...]], kinds: list[str], place: Mapping
) -> list[str]:
    left, missing = [one.cells for one in found], []
    for row in wanted:
        values, each = zip(*row, strict=True) if kinds == ["each"] else (row, kinds)
        assert len(values) == len(each), (row, kinds)
        fits = (
            cells
            for cells in left
            if len(cells) == len(values)
            and all(_is(*one, place) for one in zip(cells, values, each, strict=True))
        )
        hit = next(fits, None)
        if hit is None:
            missing.append(row)
        else:
            left = [one for one in left if one is not hit]
    return [f"no row {one}" for one in missing] + [f"a row of nobody's {one}" for one in left]


def _bars(rows: Sequence[Row]) -> list[str]:
    """Return faults of what is drawn: one column's figures, of the largest of them or of 1."""
    with_bars = [one for one in rows if one.bars]
    drawn = [one.bars for one in with_bars]
    lengths = {len(one.cells) for one in with_bars}
    if any(len(one.cells) in lengths and len(one.bars) != 1 for one in rows):
        return ["a bar is missing"]
    for column in zip(*(one.cells for one in with_bars), strict=True):
        try:
            figures = [float(one.raw or 0) for one in column]
        except ValueError:
            continue
        wanted = [Bar(max([*figures, 1e-9]), one) for one in figures]
        shares = [Bar(1.0, min(one, 1.0)) for one in figures]
        if [bars[0] for bars in drawn] in (wanted, shares):
            return []
    return [f"bars of no column: {drawn}"] if drawn else []
