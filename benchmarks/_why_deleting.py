"""Takes out of a file what stands at a line, as an editor would: the entry with all under it."""

from pathlib import Path


def delete(folder: Path, place: str) -> None:
    """Delete what stands at ``file:line`` below ``folder``.

    In YAML the line and all that is indented deeper; in a document the lines up to the next blank
    one or heading, the first line's own heading among them.
    """
    name, _, line = place.rpartition(":")
    path, first = folder / name, int(line) - 1
    rows = path.read_text("utf-8").splitlines(keepends=True)
    end = _entry(rows, first) if path.suffix == ".yaml" else _paragraph(rows, first)
    path.write_text("".join(rows[:first] + rows[end:]), "utf-8")


def _entry(rows: list[str], first: int) -> int:
    depth = _indent(rows[first])
    end = first + 1
    while end < len(rows) and (not rows[end].strip() or _indent(rows[end]) > depth):
        end += 1
    return end


def _paragraph(rows: list[str], first: int) -> int:
    end = first + 1
    while end < len(rows) and not rows[end].strip():
        end += 1
    while end < len(rows) and rows[end].strip() and not rows[end].startswith("#"):
        end += 1
    return end


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))
