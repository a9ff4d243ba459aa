"""Crews: found, laid over each other, checked, resolved."""
