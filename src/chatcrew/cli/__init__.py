"""The ``chatcrew`` command; every command imports what it needs only when it runs."""

import gc


def main() -> None:
    """Run the command line."""
    # Almost all that a start makes stays: to walk it again and again was a fifth of its time. A
    # server sets its own pace once it is up (``chatcrew.app.entry``).
    gc.set_threshold(50_000, 20, 100)
    from chatcrew.cli._commands import app

    app()


__all__ = ["main"]
