"""The ``chatcrew`` command; every command imports what it needs only when it runs."""

from chatcrew.cli._commands import app


def main() -> None:
    """Run the command line."""
    app()


__all__ = ["main"]
