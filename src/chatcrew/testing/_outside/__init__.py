"""Servers that tools reach outside, on loopback: a shop, n8n, any HTTP API."""
