"""Revisions in one line, ``NNNN_slug.py`` each; run by ``chatcrew.database.migrate``."""
