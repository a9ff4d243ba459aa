"""Models that say what a test wrote, in this process or behind HTTP."""
