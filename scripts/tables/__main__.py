"""``scripts/reference``: writes the tables anew, or with ``--check`` says whether they are."""

import argparse
import sys

from scripts.tables import PAGE, written


def main() -> int:
    """Return 1 where ``--check`` finds the page behind the program."""
    parser = argparse.ArgumentParser(prog="scripts/reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    given = parser.parse_args()
    before = PAGE.read_text("utf-8")
    after = written(before)
    if before == after:
        print(f"{PAGE.name}: ok")
        return 0
    if given.check:
        print(f"{PAGE.name}: run scripts/reference", file=sys.stderr)
        return 1
    PAGE.write_text(after, "utf-8")
    print(f"{PAGE.name}: written; rows that end in an empty cell want their Portuguese")
    return 0


if __name__ == "__main__":
    sys.exit(main())
