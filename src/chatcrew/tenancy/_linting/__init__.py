"""Advice about what is no fault."""
