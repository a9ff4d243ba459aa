"""Chatwoot's two doors: its webhooks coming in (``webhook``) and its REST API (``client``)."""
