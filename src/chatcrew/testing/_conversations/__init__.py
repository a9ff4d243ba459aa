"""How conversation tests are staged, played and judged."""
