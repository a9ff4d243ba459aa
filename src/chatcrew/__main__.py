"""``python -m chatcrew`` is the ``chatcrew`` command."""

from chatcrew.cli import main

if __name__ == "__main__":
    main()
