"""What was done so far, and whether anything may be done at all."""

from chatcrew.provision.steps import State, Step, Tell


class Doing:
    """Tells each step and counts what changed.

    Args:
        tell: told of each step.
        dry: only tell what would be done.
    """

    def __init__(self, tell: Tell, *, dry: bool = False) -> None:
        self._tell = tell
        self.dry = dry
        self.changed = 0

    @property
    def acted(self) -> State:
        """How a step that changes something is told."""
        return "planned" if self.dry else "done"

    def say(self, code: str, state: State | None = None, /, **values: object) -> None:
        """Tell a step; without a state it is one that changes something.

        Args:
            code: which sentence.
            state: how far it is.
            values: what the sentence is filled with; never a secret.
        """
        self._told(Step(code, state or self.acted, values))

    def show(self, code: str, diff: tuple[str, ...], /, **values: object) -> None:
        """Tell a step that changes a file, with its diff."""
        self._told(Step(code, self.acted, values, diff))

    def _told(self, step: Step) -> None:
        self.changed += step.changes
        self._tell(step)
