"""The folder in which a run of chaos gives its orders, and reads what became of them."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SITE = """\
import os
if os.environ.get("CHAOS_FOLDER"):
    from benchmarks._saboteur import install
    install()
"""


@dataclass
class Sabotage:
    """The folder in which orders are given and told of.

    Attributes:
        folder: where.
        rows: what became of orders, as the saboteurs told it.
    """

    folder: Path
    _number: int = 0
    _read: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    _passed: set[str] = field(default_factory=set)

    def prepare(self) -> None:
        """Make what the saboteurs look for, and what installs them."""
        for name in ("orders", "taken", "victims", "site"):
            (self.folder / name).mkdir()
        (self.folder / "site" / "sitecustomize.py").write_text(_SITE, "utf-8")

    def order(
        self,
        role: str,
        point: str,
        *,
        nth: int,
        number: str,
        victim: str = "",
        seconds: float = 0.0,
    ) -> str:
        """Let something stop or end when the first process of a role passes a point.

        Args:
            role: whose process passes.
            point: which.
            nth: at which passage.
            number: the signal.
            victim: who gets it, as ``name`` calls them; left out, the process that passes.
            seconds: by which the wall clock of the process jumps, where that is the victim.
        """
        self._number += 1
        name = f"{role}-{self._number}"
        body = {"point": point, "nth": nth, "signal": number, "victim": victim, "seconds": seconds}
        self._write(self.folder / "orders" / name, json.dumps(body))
        return name

    def name(self, victim: str, pid: int | None) -> None:
        """Say which process a victim is just now."""
        self._write(self.folder / "victims" / victim, str(pid or 0))

    def withdraw(self, name: str) -> bool:
        """Take an order back; False where it was fired meanwhile."""
        try:
            (self.folder / "orders" / name).unlink()
        except FileNotFoundError:
            return False
        return True

    def fired(self, name: str) -> dict[str, Any] | None:
        """Return who fired an order, if anybody has; ``what`` is ``spared`` where nobody was hit.

        Only ``fired`` is a blow that fell.
        """
        self._look()
        return next((row for row in self.rows if row["order"] == name), None)

    def points(self) -> set[str]:
        """Return every point that any process has passed."""
        self._look()
        return set(self._passed)

    def _write(self, path: Path, text: str) -> None:
        path.with_suffix(".new").write_text(text, "utf-8")
        path.with_suffix(".new").rename(path)

    def _look(self) -> None:
        told = self.folder / "told"
        if not told.exists():
            return
        with told.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if line.endswith(b"\n"):
                    self._read += len(line)
                    row = json.loads(line)
                    if row["what"] == "passed":
                        self._passed.add(row["point"])
                    elif row["what"] in ("fired", "spared"):
                        self.rows.append(row)
