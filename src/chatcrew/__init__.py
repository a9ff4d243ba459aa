"""chatcrew: a bot server that plugs into Chatwoot."""

__version__ = "0.1.0"
