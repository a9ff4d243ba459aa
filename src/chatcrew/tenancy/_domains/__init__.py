"""Domains and tenants: merged, checked, resolved."""
