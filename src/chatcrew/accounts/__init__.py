"""Who may enter the console and the API: people, roles, sessions, tokens."""

from chatcrew.accounts._principal import Principal, Role

__all__ = ["Principal", "Role"]
