"""The stages of a turn, one per file; each takes the context and changes it or raises a signal."""
