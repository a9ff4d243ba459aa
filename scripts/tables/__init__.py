"""Tables of docs/configuration.md, written from the program: names, defaults, options, labels."""

from scripts.tables._page import PAGE, written

__all__ = ["PAGE", "written"]
