"""How long documents take to become passages, by format: ``python -m benchmarks.reading``.

Makes documents of so many pages (about 450 words each) and reads them; files named on the command
line are read instead.
"""

import argparse
import random
import time
from pathlib import Path

from benchmarks._pdf import pdf
from chatcrew.errors import DocumentError
from chatcrew.knowledge import read

_LINE, _LINES = 11, 41
_SYLLABLES = "pre ço ve lo con ta cli en te tra ba lho ma na gem cui da do re tor no pra zo".split()  # noqa: SIM905 - read as words


def _line(chance: random.Random) -> str:
    words = ("".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(_LINE))
    return " ".join(words)


def _made(pages: int) -> dict[str, bytes]:
    chance = random.Random(7)
    texts = [[_line(chance) for _ in range(_LINES)] for _ in range(pages)]
    markdown = "\n\n".join(
        f"## Tema {number}\n\n"
        + "\n\n".join(" ".join(lines[at : at + 6]) + "." for at in range(0, _LINES, 6))
        for number, lines in enumerate(texts)
    )
    html = "".join(
        f"<h2>Tema {number}</h2>" + "".join(f"<p>{line}.</p>" for line in lines)
        for number, lines in enumerate(texts)
    )
    rows = "produto;preço;detalhe\n" + "\n".join(
        f"{line[:20]};R$ {number};{line}" for lines in texts for number, line in enumerate(lines)
    )
    sheets = [
        [(14.0, 790.0, f"Tema {number}")]
        + [(10.0, 765.0 - 17 * at, f"{line}.") for at, line in enumerate(lines)]
        for number, lines in enumerate(texts)
    ]
    return {
        "a.md": markdown.encode(),
        "a.txt": markdown.replace("## ", "").encode(),
        "a.html": html.encode(),
        "a.csv": rows.encode(),
        "a.pdf": pdf(*sheets),
    }


def main() -> None:
    """Read, and print a row for each document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=1000)
    given = parser.parse_args()
    documents = {str(path): path.read_bytes() for path in given.files} or _made(given.pages)
    print(f"{'document':<24}{'MB':>8}{'passages':>10}{'seconds':>9}{'ms/page':>9}")
    for name, data in documents.items():
        begun = time.perf_counter()
        try:
            chunks = read(name, data)
        except DocumentError as error:
            print(f"{name[-23:]:<24}{len(data) / 1e6:8.2f}  {error.kind}")
            continue
        seconds = time.perf_counter() - begun
        marks = [int(one.source_mark[1:]) for one in chunks if one.source_mark[0] == "p"]
        pages = max(marks, default=given.pages if not given.files else 1)
        print(
            f"{name[-23:]:<24}{len(data) / 1e6:8.2f}{len(chunks):10}{seconds:9.2f}"
            f"{seconds * 1000 / pages:9.2f}"
        )


if __name__ == "__main__":
    main()
