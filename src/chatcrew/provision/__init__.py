"""Provisioning: set a bot up in a Chatwoot, keep the mapping in step, say what is wrong and why."""
