"""The ways of choosing a person, each a small pure function."""

from chatcrew.desk._methods.load import least_loaded
from chatcrew.desk._methods.performance import by_performance
from chatcrew.desk._methods.previous import served_before
from chatcrew.desk._methods.round_robin import longest_without
from chatcrew.desk._methods.share import by_share
from chatcrew.desk._methods.specialty import fitting

__all__ = [
    "by_performance",
    "by_share",
    "fitting",
    "least_loaded",
    "longest_without",
    "served_before",
]
