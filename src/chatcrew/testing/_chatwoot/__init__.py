"""A Chatwoot on loopback: its rules, its API, its webhooks, its people."""
