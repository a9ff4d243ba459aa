"""The pytest plugin (entry point ``chatcrew``): every fixture of the kit, and nothing heavy."""

from chatcrew.testing._postgres import database, database_url, postgres

__all__ = ["database", "database_url", "postgres"]
