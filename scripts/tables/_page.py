"""The page with its tables as the program says them; what people wrote into other cells stays."""

from collections.abc import Iterator
from pathlib import Path

from scripts.tables._rows import Row, commands, metrics, settings

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
TABLES = {"settings": settings, "commands": commands, "metrics": metrics}


def written(page: str) -> str:
    """Return the page with each table written anew.

    The first cells of a row are the program's. Its meaning and the Portuguese are people's and are
    kept; a new row begins with the program's own sentence, and one that is gone goes.
    """
    for name, rows in TABLES.items():
        mark = f"<!-- table: {name} -->\n"
        before, found, rest = page.partition(mark)
        if not found:
            raise SystemExit(f"{PAGE.name}: {mark.strip()} is missing")
        lines = rest.lstrip("\n").splitlines()
        length = next((n for n, one in enumerate(lines) if not one.startswith("|")), len(lines))
        table = "\n".join([*lines[:2], *_told(list(rows()), lines[2:length])])
        page = f"{before}{mark}\n{table}\n" + "\n".join(lines[length:]) + "\n"
    return page


def _told(rows: list[Row], page: list[str]) -> Iterator[str]:
    words = {}
    for line in page:
        cells = [cell.strip() for cell in line.strip("|").split(" |")]
        words[cells[0]] = cells[-2:]
    for row in rows:
        kept = words.get(row.cells[0], [row.help, ""])
        yield "| " + " | ".join([*row.cells, *kept]) + " |"
