"""Figures of the running program, each beside a baseline measured in the same run."""
