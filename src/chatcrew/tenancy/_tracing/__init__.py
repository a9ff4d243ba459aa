"""Where each value came from."""
